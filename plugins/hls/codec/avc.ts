/** H.264: what its parameter sets and slice headers say (ITU-T H.264, 7.3; the avcC box: ISO 14496-15, 5.3). */
import type { VideoFacts } from "../reader/facts.ts";
import { type Bits, hex, readBits } from "./bits.ts";
import { type Colours, readColours } from "./colours.ts";
import { contentOf, unitsOf } from "./nal.ts";
import { CHROMA, pixelFormat } from "./pixel-format.ts";

export interface AvcConfig {
  /** Bytes of the length before each unit of a frame. */
  lengthSize: number;
  /** The first sequence and picture parameter set, with their headers. */
  sequence: Uint8Array;
  picture: Uint8Array;
}

const SLICE = 1;
const IDR_SLICE = 5;

/** @returns null without parameter sets: then they stand in the frames, as in `avc3` */
export function readAvcConfig(avcC: Uint8Array): AvcConfig | null {
  if (avcC.length < 7 || avcC[0] !== 1) return null;
  const lengthSize = (avcC[4]! & 3) + 1;
  const sequences = readSets(avcC, 6, avcC[5]! & 0x1f);
  const pictures = readSets(avcC, sequences.end + 1, avcC[sequences.end] ?? 0);
  const [sequence] = sequences.sets;
  const [picture] = pictures.sets;
  return sequence && sequence.length > 3 && picture ? { lengthSize, sequence, picture } : null;
}

function readSets(avcC: Uint8Array, start: number, count: number): { sets: Uint8Array[]; end: number } {
  const sets: Uint8Array[] = [];
  let end = start;
  for (let i = 0; i < count && end + 2 <= avcC.length; i++) {
    const length = avcC[end]! * 256 + avcC[end + 1]!;
    sets.push(avcC.subarray(end + 2, end + 2 + length));
    end += 2 + length;
  }
  return { sets, end };
}

/** @throws Damaged */
export function avcFacts(avcC: Uint8Array, firstFrame: Uint8Array | null): VideoFacts | null {
  const config = readAvcConfig(avcC);
  if (!config) return null;
  const { sequence: set } = config;
  const sequence = readSequence(set);
  return {
    type: "video",
    codecString: `avc1.${hex(set[1]!, set[2]!, set[3]!)}`,
    profile: profileName(set[1]!, set[2]!),
    // ffmpeg gives gray pictures empty colours.
    pixelFormat: pixelFormat({ ...sequence, chroma: sequence.chroma === "400" ? "420" : sequence.chroma }),
    bitDepth: sequence.bitDepth,
    interlaced: !sequence.framesOnly && (firstFrame === null || hasFields(config, sequence, firstFrame)),
  };
}

/** A picture of which nothing earlier is needed, by what follows it neither; one at an open GOP is none. */
export function isIdr(config: AvcConfig, frame: Uint8Array): boolean {
  for (const unit of unitsOf(frame, config.lengthSize)) {
    const type = unit[0]! & 0x1f;
    if (type >= SLICE && type <= IDR_SLICE) return type === IDR_SLICE;
  }
  return false;
}

interface Sequence extends Colours {
  chroma: (typeof CHROMA)[number];
  bitDepth: number;
  framesOnly: boolean;
  separatePlanes: boolean;
  frameNumberBits: number;
  /** Null where the order of fields is not in slice headers as a number. */
  orderBits: number | null;
}

/** Profiles whose sets say how pixels lie; all others are 4:2:0 in 8 bit. */
const HIGH = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

function readSequence(unit: Uint8Array): Sequence {
  const bits = readBits(contentOf(unit, 1));
  const profile = bits.take(8);
  bits.skip(16);
  bits.golomb();
  const pixels = HIGH.includes(profile)
    ? readPixels(bits)
    : { chroma: "420" as const, bitDepth: 8, separatePlanes: false };
  const frameNumberBits = bits.golomb() + 4;
  const orderType = bits.golomb();
  const orderBits = orderType === 0 ? bits.golomb() + 4 : null;
  if (orderType === 1) {
    bits.skip(1);
    bits.golomb();
    bits.golomb();
    for (let left = bits.golomb(); left > 0; left--) bits.golomb();
  }
  bits.golomb();
  bits.skip(1);
  bits.golomb();
  bits.golomb();
  const framesOnly = bits.flag();
  if (!framesOnly) bits.skip(1);
  bits.skip(1);
  if (bits.flag()) for (let side = 0; side < 4; side++) bits.golomb();
  return { ...pixels, ...readColours(bits), framesOnly, frameNumberBits, orderBits };
}

function readPixels(bits: Bits): Pick<Sequence, "chroma" | "bitDepth" | "separatePlanes"> {
  const format = bits.golomb();
  const separatePlanes = format === 3 && bits.flag();
  const bitDepth = 8 + bits.golomb();
  bits.golomb();
  bits.skip(1);
  const lists = format === 3 ? 12 : 8;
  const hasLists = bits.flag();
  for (let list = 0; hasLists && list < lists; list++) if (bits.flag()) skipScalingList(bits, list < 6 ? 16 : 64);
  return { chroma: CHROMA[format] ?? "420", bitDepth, separatePlanes };
}

function skipScalingList(bits: Bits, size: number): void {
  let scale = 8;
  for (let i = 0; i < size && scale !== 0; i++) scale = (scale + bits.signedGolomb()) & 0xff;
}

/**
 * Whether a frame is two fields of different times, as ffmpeg's parser tells it: coded as one, or with different places in the
 * order. A stream that may hold fields is often progressive all the same.
 */
function hasFields(config: AvcConfig, sequence: Sequence, frame: Uint8Array): boolean {
  const slice = [...unitsOf(frame, config.lengthSize)].find((unit) => [SLICE, IDR_SLICE].includes(unit[0]! & 0x1f));
  if (!slice) return true;
  const bits = readBits(contentOf(slice, 1, 64));
  bits.golomb();
  bits.golomb();
  bits.golomb();
  if (sequence.separatePlanes) bits.skip(2);
  bits.skip(sequence.frameNumberBits);
  if (bits.flag()) return true;
  if (sequence.orderBits === null || !tellsBottom(config.picture)) return false;
  if ((slice[0]! & 0x1f) === IDR_SLICE) bits.golomb();
  bits.skip(sequence.orderBits);
  return bits.signedGolomb() !== 0;
}

/** Whether slice headers say how far the bottom field is from the top one. */
function tellsBottom(picture: Uint8Array): boolean {
  const bits = readBits(contentOf(picture, 1));
  bits.golomb();
  bits.golomb();
  bits.skip(1);
  return bits.flag();
}

const PROFILES: Record<number, string> = {
  44: "CAVLC 4:4:4",
  66: "Baseline",
  77: "Main",
  88: "Extended",
  100: "High",
  110: "High 10",
  118: "Multiview High",
  122: "High 4:2:2",
  128: "Stereo High",
  144: "High 4:4:4",
  244: "High 4:4:4 Predictive",
};

function profileName(profile: number, constraints: number): string | null {
  const name = PROFILES[profile] ?? null;
  const constrained = (set: number) => ((constraints >> (7 - set)) & 1) === 1;
  if (profile === 66 && constrained(1)) return "Constrained Baseline";
  if (profile === 244 && constrained(3)) return "High 4:4:4 Intra";
  return [110, 122].includes(profile) && constrained(3) ? `${name} Intra` : name;
}
