/** Two spellings of one title become one text: width, case, script variants, romaji schools. Pure. */
import shinjitai from "opencc-js/dict/JPShinjitaiCharacters";
import traditional from "opencc-js/dict/TSCharacters";

/** `from to` pairs of OpenCC, where `to` may list several: the first is the common one. */
const pairsOf = (table: string): [from: string, to: string][] =>
  table.split("|").map((entry) => {
    const [from, to] = entry.split(" ") as [string, string];
    return [from, to];
  });

/** Characters that titles of Taiwan, Hong Kong and the mainland swap and that OpenCC keeps apart, being words of their own. */
const SWAPPED = "妳你 牠它 祂它 她他 著着 裡里 裏里 佔占 吶呐 啟启";

const simplified = new Map(pairsOf(traditional));
const toSimple = (character: string): string => simplified.get(character) ?? character;
for (const [modern, old] of pairsOf(shinjitai)) if (!simplified.has(modern)) simplified.set(modern, toSimple(old));
for (const [from, to] of SWAPPED.split(" ") as unknown as [string, string][]) simplified.set(from, toSimple(to));

/** Traditional characters and Japanese forms as simplified ones, character by character; everything else stays. */
export const toSimplified = (text: string): string => text.replace(/[\u3400-\u9fff]/g, toSimple);

const kanaOf = (text: string): string =>
  text.replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));

/** Letters that Unicode does not take apart. */
const LETTERS: Record<string, string> = { ø: "o", đ: "d", ł: "l", ß: "ss", æ: "ae", œ: "oe" };

/** Letters and digits only, in one width, case and script, without accents: `K-ON!!` and `ｋ－ｏｎ` are `kon`. */
export const fold = remembered((text: string) =>
  kanaOf(
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
    // A long-vowel mark that follows no kana is a dash.
    .replace(/(?<![\u3041-\u309fー])ー+/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, ""),
);

/** One form for the schools of romaji and for what people type: long vowels short, `wo` `o`, `si` for `shi`, `k` for `c`. */
export const foldRomaji = remembered((folded: string) =>
  /^[a-z0-9]+$/.test(folded)
    ? ROMAJI.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), folded)
    : folded,
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

/** A run folds the same names over and over; what is kept is bounded. */
function remembered(compute: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    let result = known.get(text);
    if (result === undefined) {
      if (known.size >= 50_000) known.clear();
      result = compute(text);
      known.set(text, result);
    }
    return result;
  };
}
