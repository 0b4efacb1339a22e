/** The sequence parameter set of HEVC, read up to what it says of colours (ITU-T H.265, 7.3.2.2 and E.2.1). */
import { Damaged } from "../reader/model.ts";
import { type Bits, readBits } from "./bits.ts";
import { type Colours, readColours } from "./colours.ts";
import { contentOf } from "./nal.ts";
import { CHROMA } from "./pixel-format.ts";

export interface HevcSequence extends Colours {
  chroma: (typeof CHROMA)[number];
  bitDepth: number;
}

const MAX_REFERENCES = 16;
const MAX_REFERENCE_SETS = 64;

/** @param unit with its header of two bytes. @throws Damaged */
export function readSequence(unit: Uint8Array): HevcSequence {
  const bits = readBits(contentOf(unit, 2));
  bits.skip(4);
  const layers = bits.take(3);
  bits.skip(1);
  skipProfile(bits, layers);
  bits.golomb();
  const format = bits.golomb();
  if (format === 3) bits.skip(1);
  bits.golomb();
  bits.golomb();
  if (bits.flag()) skipGolombs(bits, 4);
  const bitDepth = 8 + bits.golomb();
  bits.golomb();
  const orderBits = bits.golomb() + 4;
  skipGolombs(bits, 3 * (bits.flag() ? layers + 1 : 1));
  skipGolombs(bits, 6);
  if (bits.flag() && bits.flag()) skipScalingLists(bits);
  bits.skip(2);
  if (bits.flag()) {
    bits.skip(8);
    skipGolombs(bits, 2);
    bits.skip(1);
  }
  skipReferenceSets(bits);
  if (bits.flag()) bits.skip(Math.min(bits.golomb(), 32) * (orderBits + 1));
  bits.skip(2);
  return { chroma: CHROMA[format] ?? "420", bitDepth, ...readColours(bits) };
}

function skipGolombs(bits: Bits, count: number): void {
  for (let i = 0; i < count; i++) bits.golomb();
}

/** `profile_tier_level` with what stands in it for each temporal layer. */
function skipProfile(bits: Bits, layers: number): void {
  bits.skip(88 + 8);
  const present: [boolean, boolean][] = [];
  for (let layer = 0; layer < layers; layer++) present.push([bits.flag(), bits.flag()]);
  if (layers > 0) bits.skip(2 * (8 - layers));
  for (const [profile, level] of present) bits.skip((profile ? 88 : 0) + (level ? 8 : 0));
}

function skipScalingLists(bits: Bits): void {
  for (let size = 0; size < 4; size++)
    for (let matrix = 0; matrix < 6; matrix += size === 3 ? 3 : 1) {
      if (!bits.flag()) bits.golomb();
      else skipGolombs(bits, Math.min(64, 1 << (4 + 2 * size)) + (size > 1 ? 1 : 0));
    }
}

/** Sets of reference pictures, each told by itself or by its difference from the one before. */
function skipReferenceSets(bits: Bits): void {
  const count = bits.golomb();
  if (count > MAX_REFERENCE_SETS) throw new Damaged("a codec's header holds too many sets of reference pictures");
  let before = 0;
  for (let set = 0; set < count; set++) before = set > 0 && bits.flag() ? skipDifference(bits, before) : skipSet(bits);
}

function skipSet(bits: Bits): number {
  const pictures = bits.golomb() + bits.golomb();
  if (pictures > MAX_REFERENCES) throw new Damaged("a codec's header holds too many reference pictures");
  for (let i = 0; i < pictures; i++) {
    bits.golomb();
    bits.skip(1);
  }
  return pictures;
}

function skipDifference(bits: Bits, before: number): number {
  bits.skip(1);
  bits.golomb();
  let pictures = 0;
  for (let i = 0; i <= before; i++) if (bits.flag() || bits.flag()) pictures++;
  return pictures;
}
