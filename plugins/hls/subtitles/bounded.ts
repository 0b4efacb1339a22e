/** Files come from strangers: what is made of one has a largest size. */
import { Damaged } from "../reader/model.ts";

/** Bytes or characters. The largest typesetting has 40 MiB, the subtitles of a Blu-ray about as much. */
export const MOST = 64 * 2 ** 20;

/** @throws Damaged beyond {@link MOST} */
export function joinText(parts: Iterable<string>, encoding: "latin1" | "utf8", most = MOST): Uint8Array {
  let text = "";
  for (const part of parts) {
    text += part;
    if (text.length > most) throw tooLarge(most);
  }
  return Buffer.from(text, encoding);
}

/** @throws Damaged beyond {@link MOST} */
export function joinBytes(parts: Iterable<Uint8Array>, most = MOST): Uint8Array {
  const kept: Uint8Array[] = [];
  let length = 0;
  for (const part of parts) {
    length += part.length;
    if (length > most) throw tooLarge(most);
    kept.push(part);
  }
  return Buffer.concat(kept, length);
}

export const tooLarge = (most: number): Damaged => new Damaged(`the subtitles are larger than ${most} bytes`);
