/** Two spellings of one title become one text: width, case, script variants, romaji schools. Pure. */

import shinjitai from "opencc-js/dict/JPShinjitaiCharacters";
import traditional from "opencc-js/dict/TSCharacters";
import { remember } from "../../src/lib/remember.ts";
import { hiraganaOf } from "./kana.ts";

/** `from to` pairs of OpenCC, where `to` may list several: the first is the common one. */
const pairsOf = (table: string): [from: string, to: string][] =>
  table.split("|").map((entry) => {
    const [from, to] = entry.split(" ") as [string, string];
    return [from, to];
  });

/** Traditional characters and Japanese forms, each with its simplified one. */
const simplified = new Map(pairsOf(traditional));
const simpleOf = (character: string): string => simplified.get(character) ?? character;
for (const [modern, old] of pairsOf(shinjitai)) if (!simplified.has(modern)) simplified.set(modern, simpleOf(old));

/** Traditional characters and Japanese forms as simplified ones, character by character; everything else stays. */
export const toSimplified = (text: string): string => text.replace(/[\u3400-\u9fff]/g, simpleOf);

/** Simplified characters that titles of Taiwan, Hong Kong and the mainland swap; they are words of their own, so a search keeps them. */
const swapped = new Map(pairsOf("妳 你|牠 它|祂 它|她 他|著 着"));

/** Letters that Unicode does not take apart. */
const LETTERS: Record<string, string> = { ø: "o", đ: "d", ł: "l", ß: "ss", æ: "ae", œ: "oe" };

/** Texts that are remembered: a run folds the same names over and over. */
const MOST = 50_000;

/** Letters and digits only, in one width, case and script, without accents: `K-ON!!` and `ｋ－ｏｎ` are `kon`. */
export const fold = remember(
  (text) =>
    hiraganaOf(
      toSimplified(
        text
          .normalize("NFKC")
          .toLowerCase()
          // A dakuten is a mark as well, but one that makes another syllable.
          .normalize("NFD")
          .replace(/[\u0300-\u036f]/g, "")
          .normalize("NFC")
          .replace(/[øđłßæœ]/g, (letter) => LETTERS[letter]!)
          .replace(/×/g, "x")
          .replace(/&/g, "and"),
      ),
    )
      .replace(/[妳牠祂她著]/g, (character) => swapped.get(character)!)
      // A long-vowel mark that follows no kana is a dash.
      .replace(/(?<![\u3041-\u309fー])ー+/g, "")
      .replace(/[^\p{L}\p{N}]+/gu, ""),
  MOST,
);

/** One form for the schools of romaji and for what people type: long vowels short, `wo` `o`, `si` for `shi`, `k` for `c`. */
export const foldRomaji = remember(
  (folded) =>
    /^[a-z0-9]+$/.test(folded)
      ? ROMAJI.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), folded)
      : folded,
  MOST,
);

const ROMAJI: readonly [RegExp, string][] = [
  [/c(?=[aouy])/g, "k"],
  [/ou|oo|oh(?![aiueoy])/g, "o"],
  [/uu/g, "u"],
  [/aa/g, "a"],
  [/ii/g, "i"],
  [/wo/g, "o"],
  [/dzu|du/g, "zu"],
  [/tch/g, "cch"],
  [/m([bp])/g, "n$1"],
  [/nn/g, "n"],
  [/sy(?=[auo])/g, "sh"],
  [/ty(?=[auo])/g, "ch"],
  [/[zj]y(?=[auo])/g, "j"],
  [/sh?i/g, "si"],
  [/chi|ti/g, "ti"],
  [/tsu|tu/g, "tu"],
  [/l/g, "r"],
];

/** The marks that tell two seasons with one title apart: `K-ON!!` and `K-ON!`, `銀魂'` and `銀魂°`. Separators are none. */
export const marks = (text: string): string =>
  text.normalize("NFKC").replace(/[^!?'°.♪♥∬+*]|(?<=\p{L})'(?=\p{L})|\.(?=\p{L})/gu, "");

const MOVIE_BEFORE = /^(?:tv(?:动画|あにめ)|剧场版|电影|映画|gekijouban|gekijoban|eiga|themovie|movie)+/;
const MOVIE_AFTER = /(?:剧场版|themovie|movie|电影)$/;
/** A folded title without the words that say only that it is a film. */
export const withoutMovie = (folded: string): string => folded.replace(MOVIE_BEFORE, "").replace(MOVIE_AFTER, "");

const LATIN_ONLY = /^[^\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]*$/;

/** Whether a text is written without Chinese characters, kana and Hangul. */
export const isLatin = (text: string): boolean => LATIN_ONLY.test(text);
