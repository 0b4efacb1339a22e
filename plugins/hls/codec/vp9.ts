/** VP9: what the header of a keyframe says (VP9 bitstream specification, 6.2; levels: its annex A). */
import type { VideoFacts } from "../reader/facts.ts";
import type { SourceTrack } from "../reader/model.ts";
import { readBits } from "./bits.ts";
import { type Pixels, pixelFormat } from "./pixel-format.ts";

const FRAME_MARKER = 2;
const SYNC_CODE = 0x49_83_42;
const RGB = 7;
const SUBSAMPLING = ["444", "440", "422", "420"] as const;

/** @throws Damaged */
export function vp9Facts(track: SourceTrack, keyframe: Uint8Array): VideoFacts | null {
  const bits = readBits(keyframe.subarray(0, 32));
  if (bits.take(2) !== FRAME_MARKER) return null;
  const profile = bits.take(1) + 2 * bits.take(1);
  if (profile === 3) bits.skip(1);
  const repeated = bits.flag();
  const predicted = bits.flag();
  bits.skip(2);
  if (repeated || predicted || bits.take(24) !== SYNC_CODE) return null;
  const bitDepth = profile < 2 ? 8 : bits.flag() ? 12 : 10;
  const rgb = bits.take(3) === RGB;
  let chroma: Pixels["chroma"] = rgb ? "444" : "420";
  if (!rgb) {
    bits.skip(1);
    if (profile % 2) chroma = SUBSAMPLING[bits.take(2)]!;
  }
  const two = (number: number) => `${number}`.padStart(2, "0");
  return {
    type: "video",
    codecString: `vp09.${two(profile)}.${two(levelOf(track))}.${two(bitDepth)}`,
    profile: `Profile ${profile}`,
    pixelFormat: pixelFormat({ chroma, bitDepth, rgb }),
    bitDepth,
    interlaced: false,
  };
}

/** Level, pixels a second, pixels of a picture. */
const LEVELS = [
  [10, 829_440, 36_864],
  [11, 2_764_800, 73_728],
  [20, 4_608_000, 122_880],
  [21, 9_216_000, 245_760],
  [30, 20_736_000, 552_960],
  [31, 36_864_000, 983_040],
  [40, 83_558_400, 2_228_224],
  [41, 160_432_128, 2_228_224],
  [50, 311_951_360, 8_912_896],
  [51, 588_251_136, 8_912_896],
  [52, 1_176_502_272, 8_912_896],
  [60, 1_176_502_272, 35_651_584],
  [61, 2_353_004_544, 35_651_584],
] as const;
const HIGHEST_LEVEL = 62;
const LEVEL_FEATURE = 2;
const USUAL_RATE = 30;

/** As the file says it (VP Codec Private Data: rows of id, length, value), else what pictures of this size and rate need. */
function levelOf({ codecPrivate, width, height, frameDuration }: SourceTrack): number {
  for (let place = 0; place + 2 < codecPrivate.length; place += 2 + codecPrivate[place + 1]!)
    if (codecPrivate[place] === LEVEL_FEATURE && codecPrivate[place + 2]) return codecPrivate[place + 2]!;
  const size = width * height;
  const rate = frameDuration ? 1e9 / frameDuration : USUAL_RATE;
  return LEVELS.find(([, speed, most]) => size * rate <= speed && size <= most)?.[0] ?? HIGHEST_LEVEL;
}
