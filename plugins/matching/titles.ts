/** What a file is called, as titles to compare, each with what it is worth. Pure. */
import type { Reading, ReadTitle } from "../../src/plugin.ts";
import { type Name, nameOf } from "./names.ts";
import { isLatin } from "./normalize.ts";

export interface Title extends Name {
  /** 0 to 1: a likeness counts this much of itself. */
  weight: number;
  derived: boolean;
  folder: boolean;
  /** The other half of the text that this one was cut out of, when there is one. */
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
      const other = derived ? read.find((half) => half.derived && isOtherHalf(half.text, text, read)) : undefined;
      titles.push({
        ...name,
        derived,
        folder,
        weight: derived ? Math.min(weight, DERIVED) : weight,
        other: other ? nameOf(other.text) : null,
      });
    }
  };
  add(reading.titles, false, 1);
  add(reading.folderTitles, true, titles.length > 0 ? FOLDER : 1);
  return titles;
}

/** Whether two texts together are one that was read: "Fena Pirate Princess" and "Kaizoku Oujo", or a Chinese and a Latin title. */
const isOtherHalf = (half: string, text: string, read: readonly ReadTitle[]): boolean =>
  read.some(({ text: whole, derived }) => {
    if (derived) return false;
    const [a, b, both] = [half, text, whole].map((part) => nameOf(part).folded) as [string, string, string];
    return both === a + b || both === b + a;
  }) || isLatin(half) !== isLatin(text);

const telling = ({ folded, latin }: Name): boolean => (latin ? folded.length > 1 : folded.length > 0);
