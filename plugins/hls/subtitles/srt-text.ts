/** The text of an SRT line: HTML's three simple tags, and ASS's way of saying where, which players take in SRT as well. */
import { PLAIN, type Run } from "./runs.ts";

export interface SrtText {
  runs: Run[];
  /** As on a number pad. */
  alignment: number;
}

const LOOKS: Record<string, "bold" | "italic" | "underline"> = { b: "bold", i: "italic", u: "underline" };
/** A tag, or a block of tags of ASS. Bounded, so that a line of nothing but brackets costs no more than another. */
const MARKUP = /<(\/?)([a-zA-Z]{1,8})(?:\s[^<>]{0,200})?>|\{\\([^{}]{0,200})\}/g;

export function readSrtText(text: string): SrtText {
  const runs: Run[] = [];
  const look = { ...PLAIN };
  let alignment = 2;
  let at = 0;
  for (const found of text.matchAll(MARKUP)) {
    const [whole, slash, tag, block] = found;
    if (tag !== undefined && !/^(b|i|u|font|br)$/i.test(tag)) continue;
    runs.push({ text: text.slice(at, found.index), ...look });
    at = found.index + whole.length;
    const name = tag?.toLowerCase() ?? "";
    if (name === "br") runs.push({ text: "\n", ...look });
    else if (LOOKS[name]) look[LOOKS[name]] = slash === "";
    alignment = Number(/(?:^|\\)an([1-9])/.exec(block ?? "")?.[1] ?? alignment);
  }
  runs.push({ text: text.slice(at), ...look });
  return { runs, alignment };
}
