/** The begin of the "video usability information", which H.264 (E.1.1) and HEVC (E.2.1) share. */
import type { Bits } from "./bits.ts";

export interface Colours {
  /** Black is 0 and not 16. */
  full: boolean;
  rgb: boolean;
}

/** @param bits from the flag on that says whether there is such information */
export function readColours(bits: Bits): Colours {
  const EXTENDED_RATIO = 255;
  const unknown = { full: false, rgb: false };
  if (!bits.flag()) return unknown;
  if (bits.flag() && bits.take(8) === EXTENDED_RATIO) bits.skip(32);
  if (bits.flag()) bits.skip(1);
  if (!bits.flag()) return unknown;
  bits.skip(3);
  const full = bits.flag();
  if (!bits.flag()) return { full, rgb: false };
  bits.skip(16);
  return { full, rgb: bits.take(8) === 0 };
}
