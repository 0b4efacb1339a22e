/** AV1: what the av1C box says (AV1 Codec ISO Media File Format Binding, 2.3 and 5). */
import type { VideoFacts } from "../reader/facts.ts";
import { readBits } from "./bits.ts";
import { type Pixels, pixelFormat } from "./pixel-format.ts";

const VERSION_1 = 0x81;
const PROFILES = ["Main", "High", "Professional"];

/** @throws Damaged */
export function av1Facts(av1C: Uint8Array): VideoFacts | null {
  if (av1C[0] !== VERSION_1) return null;
  const bits = readBits(av1C.subarray(1));
  const profile = bits.take(3);
  const level = bits.take(5);
  const tier = bits.flag() ? "H" : "M";
  const high = bits.flag();
  const twelve = bits.flag();
  const monochrome = bits.flag();
  const narrow = bits.flag();
  const low = bits.flag();
  const bitDepth = high ? (twelve ? 12 : 10) : 8;
  const chroma: Pixels["chroma"] = monochrome ? "400" : narrow ? (low ? "420" : "422") : "444";
  const two = (number: number) => `${number}`.padStart(2, "0");
  return {
    type: "video",
    codecString: `av01.${profile}.${two(level)}${tier}.${two(bitDepth)}`,
    profile: PROFILES[profile] ?? null,
    pixelFormat: pixelFormat({ chroma, bitDepth }),
    bitDepth,
    interlaced: false,
  };
}
