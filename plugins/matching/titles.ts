/** What a file is called, as titles to compare, each with what it is worth. Pure. */
import type { Reading, ReadTitle } from "../../src/plugin.ts";
import { type Name, nameOf } from "./names.ts";
import { isLatin } from "./normalize.ts";

export interface Title extends Name {
  /** 0 to 1: a likeness counts this much of itself. */
  weight: number;
  derived: boolean;
  folder: boolean;
  /** What else the text says that this one was cut out of. */
  other: Name | null;
}

const DERIVED = 0.93;
/** A folder beside a name of its own: often the same, at times the collection that the file lies in. */
const FOLDER = 0.94;

/** Best first; each folded form once. Texts too short to tell anything are left out. */
export function titlesOf(reading: Reading): Title[] {
  const titles: Title[] = [];
  const add = (read: readonly ReadTitle[], folder: boolean, weight: number): void => {
    for (const { text, derived } of read) {
      const name = nameOf(text);
      if (!telling(name) || titles.some(({ folded }) => folded === name.folded)) continue;
      const other = derived ? otherHalf(text, read) : undefined;
      titles.push({
        ...name,
        derived,
        folder,
        weight: derived ? Math.min(weight, DERIVED) : weight,
        other: other ? nameOf(other) : null,
      });
    }
  };
  add(reading.titles, false, 1);
  add(reading.folderTitles, true, titles.length > 0 ? FOLDER : 1);
  return titles;
}

/** What is left of a text when a derived title is taken out of it, else the half in the other script. */
function otherHalf(text: string, read: readonly ReadTitle[]): string | undefined {
  for (const { text: whole, derived } of read) {
    if (derived || whole === text) continue;
    const rest = whole.startsWith(text)
      ? whole.slice(text.length)
      : whole.endsWith(text)
        ? whole.slice(0, -text.length)
        : "";
    if (/[\p{L}\p{N}]/u.test(rest)) return rest;
  }
  return read.find((half) => half.derived && isLatin(half.text) !== isLatin(text))?.text;
}

const telling = ({ folded, latin }: Name): boolean => (latin ? folded.length > 1 : folded.length > 0);
