/**
 * Release names spell a katakana word as the word that it was taken from: `サイレント` is "Silent" and not "sairento". The pairs
 * are mined from the data itself, where one work has both: a word of the translation that sounds like the katakana.
 */
import { distance } from "fastest-levenshtein";
import { romaji } from "../../kana.ts";

/** The consonants that are left of a word when it is said in Japanese: `stellvia` and `ステルヴィア` are both `strb`. */
const ENGLISH: readonly [RegExp, string][] = [
  [/[^a-z]/g, ""],
  [/^(?:wh|w(?=r))|(?<=[aeiou])gh(?=t|$)|^k(?=n)/g, ""],
  [/tch|sch/g, "ch"],
  [/ph/g, "f"],
  [/(?:ti|si|ci)(?=on|an|al)/g, "s"],
  [/th|sh|ç/g, "s"],
  [/c(?=[eiy])/g, "s"],
  [/ck|[cq]/g, "k"],
  [/kh/g, "t"], // was "ch"
  [/dg|g(?=e$)/g, "s"],
  [/x/g, "ks"],
  [/(?<=[aeiouy].*[^aeiou])e(?=s?$)/g, ""],
  [/l/g, "r"],
  [/r(?![aeiouyr])/g, ""],
];
const JAPANESE: readonly [RegExp, string][] = [
  [/tch|ch|ts/g, "t"],
  [/sh/g, "s"],
];
const BOTH: readonly [RegExp, string][] = [
  [/[zj]/g, "s"],
  [/v/g, "b"],
  [/m/g, "n"],
  [/[hf]/g, "h"],
  [/[aeiouyw]/g, ""],
  [/(.)\1+/g, "$1"],
];
const through = (text: string, ...rules: (readonly [RegExp, string][])[]): string =>
  rules.flat().reduce((word, [pattern, by]) => word.replace(pattern, by), text);

const englishBones = (words: string): string =>
  through(
    words
      .toLowerCase()
      .split(" ")
      .map((word) => through(word, ENGLISH))
      .join(""),
    BOTH,
  );
const japaneseBones = (katakana: string): string => through(romaji(katakana), JAPANESE, BOTH);
const vowels = (word: string): string => word.toLowerCase().replace(/[^aeiou]/g, "");

const closeness = (a: string, b: string): number => 1 - distance(a, b) / Math.max(a.length, b.length, 1);

/** 0 to 1: how much an English word, or several, sounds like the katakana. */
export function soundsLike(katakana: string, english: string): number {
  const [a, b] = [japaneseBones(katakana), englishBones(english)];
  const said = romaji(katakana);
  const letters = english.toLowerCase().replace(/[^a-z]/g, "");
  // Words of vowels and a consonant have no bones to speak of: the letters decide with them.
  const bones = Math.min(a.length, b.length) < 2 ? 0.3 : 0.6;
  return (
    bones * closeness(a, b) +
    0.2 * closeness(vowels(said), vowels(letters)) +
    (0.8 - bones) * closeness(said.replaceAll("l", "r"), letters.replaceAll("l", "r"))
  );
}

const KATAKANA = /[\u30a1-\u30faー]{2,}/g;
const ALIKE = 0.62;
const MOST_WORDS = 4;

/** Katakana parts of a text, cut where the text cuts them (`・`, spaces, other scripts). */
const katakanaOf = (text: string): string[] => [...text.normalize("NFKC").matchAll(KATAKANA)].map(([part]) => part);

/** The words of Latin texts that sound most like each katakana part of the title. */
export function pairs(title: string, latin: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of new Set(katakanaOf(title))) {
    let best = ALIKE;
    for (const text of latin) {
      const words = text.match(/[a-z][a-z'’-]*/gi) ?? [];
      for (let from = 0; from < words.length; from++)
        for (let count = 1; count <= MOST_WORDS && from + count <= words.length; count++) {
          const candidate = words.slice(from, from + count).join(" ");
          const value = soundsLike(part, candidate);
          if (value > best) {
            best = value;
            found.set(part, candidate.toLowerCase());
          }
        }
    }
  }
  return found;
}

/** For each katakana word the spelling that most works use, the one that sounds more like it counting more. */
export function mine(works: readonly { title: string; latin: readonly string[] }[]): Map<string, string> {
  const votes = new Map<string, Map<string, number>>();
  for (const { title, latin } of works)
    for (const [katakana, word] of pairs(title, latin)) {
      const all = votes.get(katakana) ?? new Map<string, number>();
      votes.set(katakana, all.set(word, (all.get(word) ?? 0) + soundsLike(katakana, word)));
    }
  return new Map(
    [...votes].map(([katakana, all]) => [
      katakana,
      [...all].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]![0],
    ]),
  );
}

/** What a kana that no word covers costs, beside a word. */
const UNCOVERED = 1.5;
const SHORT_WORD = 2;
const CONTINUES = /^[ァィゥェォャュョヮッー]/;

/** Katakana written as the words it is made of (`ハートチューン`: heart tune); what none covers, as romaji. */
export function spellKatakana(katakana: string, spellings: ReadonlyMap<string, string>): string {
  const best: { cost: number; words: string[] }[] = [{ cost: 0, words: [] }];
  for (let end = 1; end <= katakana.length; end++) {
    let found: { cost: number; words: string[] } | undefined;
    for (let start = 0; start < end; start++) {
      const [part, before] = [katakana.slice(start, end), best[start]!];
      const spelling = CONTINUES.test(part) || CONTINUES.test(katakana.slice(end)) ? undefined : spellings.get(part);
      const cost =
        before.cost + (spelling === undefined ? UNCOVERED * (end - start) + 0.1 : part.length <= 2 ? SHORT_WORD : 1);
      if (!found || cost < found.cost) found = { cost, words: [...before.words, spelling ?? romaji(part)] };
    }
    best.push(found!);
  }
  return best.at(-1)!.words.join(" ");
}
