/** Frames in which nothing is heard, for the holes of a track. */
import { readBits } from "../codec/bits.ts";
import type { AudioFacts } from "../reader/facts.ts";
import type { SourceTrack } from "../reader/model.ts";
import { flacSilence } from "./flac-silence.ts";

export interface Silence {
  frame: Uint8Array;
  /** How long it lasts. */
  samples: number;
}

/** By channel configuration, from ffmpeg's encoder: each of its elements without a single band. */
const AAC: Record<number, string> = {
  1: "01182007",
  2: "211004608c1c",
  3: "011820010880230460e0",
  4: "01182001088023046003182007",
  5: "011820010880230460231004608c1c",
  6: "011820010880230460231004608c0c230000e0",
};
/** The element that ends a frame, alone: decoders give nothing for it. */
const AAC_NOTHING = "e0";

/** Players count a frame of FLAC of any size; this one is short, so that little of a hole is left. */
const FLAC_SAMPLES = 1024;
const OPUS_SAMPLES = 960;

export function silenceOf(track: SourceTrack, facts: AudioFacts): Silence {
  switch (track.codec) {
    case "opus":
      return { frame: opusSilence(track.codecPrivate), samples: OPUS_SAMPLES };
    case "flac":
      return { frame: flacSilence(track, FLAC_SAMPLES), samples: FLAC_SAMPLES };
    default:
      return { frame: aacSilence(track.codecPrivate), samples: facts.frameSamples ?? 1024 };
  }
}

/** @param config the AudioSpecificConfig: object type, rate (one of a list), channel configuration */
function aacSilence(config: Uint8Array): Uint8Array {
  const bits = readBits(config);
  bits.skip(5);
  const listed = bits.take(4) < 15;
  const configuration = listed ? bits.take(4) : 0;
  return Buffer.from(AAC[configuration] ?? AAC_NOTHING, "hex");
}

/**
 * For each stream 20 ms of CELT that say of themselves that they are silent (RFC 6716, 4.3).
 * All streams but the last one are written with their length (RFC 6716, appendix B).
 * @param head OpusHead
 */
function opusSilence(head: Uint8Array): Uint8Array {
  const STEREO = 0xfc;
  const MONO = 0xf8;
  const several = head[18] !== 0;
  const streams = several ? head[19]! : 1;
  const coupled = several ? head[20]! : head[9]! - 1;
  const packets = Array.from({ length: streams }, (_, i) => {
    const mode = i < coupled ? STEREO : MONO;
    return i + 1 < streams ? [mode, 2, 0xff, 0xfe] : [mode, 0xff, 0xfe];
  });
  return Uint8Array.from(packets.flat());
}
