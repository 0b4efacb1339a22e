/** How alike two titles are, 0 to 1. Pure. */
import { distance } from "fastest-levenshtein";
import { remember } from "../../src/lib/remember.ts";
import type { Name } from "./names.ts";

/** Equal after folding, equal after folding romaji: above any likeness. */
export const EQUAL = 1;
export const EQUAL_ROMAJI = 0.985;
const LIKE_AT_MOST = 0.97;
/** One title is the other and more: what is missing may be the word that tells two seasons apart. */
const TITLE_LONGER = 0.84;
const NAME_LONGER = 0.89;
const TELLS_APART = 0.84;

/** In what two titles differ, these words make two works of them. */
const DISTINCTION =
  /[0-9]|(?:^|[^a-z])(?:ii|iii|iv|vi)(?:$|[^a-z])|omega|ω|次|续|新|final|next|second|zwei|drei|kai|plus|zero|剧场|总集|特别|ova|oad|special|movie|篇|编|章|外传|完结|后|前|上|下/;
const LONGEST_DISTINCTION = 14;
/** A letter in ten that is another one costs this tenth. */
const TYPO = 0.75;

/** Whether the differing part of two folded titles makes another season, film or sequel of one. */
export const tellsApart = (folded: string): boolean => DISTINCTION.test(folded);

type Forms = Pick<Name, "folded" | "romaji" | "latin">;

/** @param title from the file @param name of a subject */
export function similarity(title: Forms, name: Forms): number {
  if (title.folded === "" || name.folded === "") return 0;
  if (title.folded === name.folded) return EQUAL;
  if (title.latin !== name.latin) return 0;
  const [a, b] = [title.romaji, name.romaji];
  if (a === b) return EQUAL_ROMAJI;

  let likeness = dice(a, b) * 0.96;
  const [here, there] = difference(a, b);
  if (here.length <= LONGEST_DISTINCTION && there.length <= LONGEST_DISTINCTION) {
    if (tellsApart(here) || tellsApart(there)) likeness = Math.min(likeness, TELLS_APART);
    else if (Math.min(a.length, b.length) >= (title.latin ? 12 : 8) && !a.startsWith(b) && !b.startsWith(a))
      likeness = Math.max(likeness, 1 - (TYPO * distance(a, b)) / Math.max(a.length, b.length));
  }

  const end = title.latin ? 4 : 2;
  if (!b.includes(a.slice(-end))) likeness = Math.min(likeness, TITLE_LONGER);
  if (!a.includes(b.slice(-end))) likeness = Math.min(likeness, NAME_LONGER);
  const shortest = title.latin ? 8 : 3;
  const [share, shareBack] = [b.length / a.length, a.length / b.length];
  if (a.startsWith(b) && b.length >= shortest) likeness = clamp(likeness, 0.66 + 0.18 * share, TITLE_LONGER);
  else if (b.startsWith(a) && a.length >= shortest) likeness = clamp(likeness, 0.74 + 0.14 * shareBack, NAME_LONGER);
  else if (b.includes(a) && a.length >= shortest + 2) likeness = clamp(likeness, 0.62 + 0.25 * shareBack, 0.87);
  else if (a.includes(b) && b.length >= shortest + 2) likeness = clamp(likeness, 0.55 + 0.25 * share, 0.8);
  return Math.min(likeness, LIKE_AT_MOST);
}

/** Of two whole titles, and of both without their words for season and part. */
export const fits = (title: Name, name: Name): { full: number; base: number } => ({
  full: similarity(title, name),
  base: similarity(baseOf(title), baseOf(name)),
});

const baseOf = ({ foldedBase, romajiBase, latin }: Name): Forms => ({ folded: foldedBase, romaji: romajiBase, latin });

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);

/** What is left of both when the common beginning and end are taken away. */
function difference(a: string, b: string): [string, string] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

const bigrams = remember((text) => {
  const counts = new Map<string, number>();
  for (let at = 0; at < text.length - 1; at++) {
    const pair = text.slice(at, at + 2);
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return counts;
}, 50_000);

/** Sørensen–Dice over letter pairs, each counted as often as it stands there. */
export function dice(a: string, b: string): number {
  const pairs = Math.max(0, a.length - 1) + Math.max(0, b.length - 1);
  if (pairs === 0) return 0;
  const [here, there] = [bigrams(a), bigrams(b)];
  let common = 0;
  for (const [pair, count] of here) common += Math.min(count, there.get(pair) ?? 0);
  return (2 * common) / pairs;
}
