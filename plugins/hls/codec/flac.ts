/** FLAC: its STREAMINFO block and the header of a frame (RFC 9639, 8.2 and 9.1). */
import type { AudioFacts } from "../reader/facts.ts";
import { Damaged } from "../reader/model.ts";
import { readBits } from "./bits.ts";

export interface StreamInfo {
  /** Samples of the largest frame; of all but the last one where the stream is not of variable frames. */
  maxFrameSamples: number;
  sampleRate: number;
  channels: number;
  bitDepth: number;
}

const MARKER = [0x66, 0x4c, 0x61, 0x43];
const STREAMINFO_AT = 8;

/** @param codecPrivate `fLaC` and metadata blocks, of which STREAMINFO is the first. @throws Damaged */
export function readStreamInfo(codecPrivate: Uint8Array): StreamInfo {
  if (MARKER.some((byte, place) => codecPrivate[place] !== byte) || codecPrivate[4]! & 0x7f)
    throw new Damaged("a FLAC track has no STREAMINFO");
  const bits = readBits(codecPrivate.subarray(STREAMINFO_AT));
  bits.skip(16);
  const maxFrameSamples = bits.take(16);
  bits.skip(48);
  return { maxFrameSamples, sampleRate: bits.take(20), channels: bits.take(3) + 1, bitDepth: bits.take(5) + 1 };
}

/** @throws Damaged */
export function flacFacts(codecPrivate: Uint8Array): AudioFacts | null {
  const { sampleRate, channels } = readStreamInfo(codecPrivate);
  if (sampleRate === 0) return null;
  return { type: "audio", codecString: "fLaC", profile: null, sampleRate, channels, frameSamples: null };
}

export interface FlacFrame {
  /** Samples of the stream before it. */
  start: number;
  samples: number;
}

/** @throws Damaged when no frame begins here */
export function readFlacFrame(frame: Uint8Array, { maxFrameSamples }: StreamInfo): FlacFrame {
  const SYNC = 0b11_1111_1111_1110;
  const bits = readBits(frame.subarray(0, 16));
  if (bits.take(14) !== SYNC) throw new Damaged("a FLAC frame does not begin with its mark");
  bits.skip(1);
  const variable = bits.flag();
  const size = bits.take(4);
  bits.skip(12);
  const number = readNumber(bits.take);
  const samples = samplesOf(size, bits.take);
  return { start: variable ? number : number * maxFrameSamples, samples };
}

type Take = (count: number) => number;

/** Written like a character of UTF-8, of up to seven bytes. */
function readNumber(take: Take): number {
  const first = take(8);
  const ones = Math.clz32(~(first << 24));
  if (ones === 1 || ones > 7) throw new Damaged("a FLAC frame has no valid number");
  let number = ones === 0 ? first : first & (0x7f >> ones);
  for (let more = ones - 1; more > 0; more--) number = number * 64 + (take(8) & 0x3f);
  return number;
}

function samplesOf(code: number, take: Take): number {
  if (code === 0) throw new Damaged("a FLAC frame does not say its size");
  if (code === 1) return 192;
  if (code <= 5) return 576 << (code - 2);
  if (code <= 7) return take(code === 6 ? 8 : 16) + 1;
  return 256 << (code - 8);
}
