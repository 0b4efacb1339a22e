/** The text of a sample of MP4's own subtitles (3GPP TS 26.245, 5.17): its length in bytes, the text, and boxes with styles, which stay out. */
import { PLAIN, type Run } from "./runs.ts";

const MARK = 0xfeff;

/** @returns nothing for an empty sample, which fills the time between two lines */
export function readTx3g(sample: Uint8Array): Run[] {
  if (sample.length < 2) return [];
  const bytes = sample.subarray(2, 2 + ((sample[0]! << 8) | sample[1]!));
  const utf16 = bytes.length >= 2 && ((bytes[0]! << 8) | bytes[1]!) === MARK;
  return [{ text: new TextDecoder(utf16 ? "utf-16be" : "utf-8").decode(bytes), ...PLAIN }];
}
