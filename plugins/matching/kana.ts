/** Kana as romaji, the way release names spell it: Hepburn, long vowels as in kana (`ou`, `uu`), the bar dropped. Pure. */

/** Rows of syllables: the consonant, and the kana that it makes with a, i, u, e, o (`_`: none). */
const ROWS = `
 あいうえお k かきくけこ g がぎぐげご s さ_すせそ z ざ_ずぜぞ t た__てと d だ__でど n なにぬねの h はひ_へほ
b ばびぶべぼ p ぱぴぷぺぽ m まみむめも y や_ゆ_よ r らりるれろ w わゐ_ゑを`;
const SYLLABLES = new Map<string, string>();
for (const [, consonant = "", row = ""] of ROWS.matchAll(/([a-z]?) ([^a-z\s]+)/g))
  for (const [at, kana] of [...row].entries()) if (kana !== "_") SYLLABLES.set(kana, consonant + "aiueo"[at]);

const SINGLE: Record<string, string> = {
  し: "shi",
  じ: "ji",
  ち: "chi",
  つ: "tsu",
  ぢ: "ji",
  づ: "zu",
  ふ: "fu",
  ん: "n",
  ゔ: "vu",
};
const SMALL: Record<string, string> = {
  ぁ: "a",
  ぃ: "i",
  ぅ: "u",
  ぇ: "e",
  ぉ: "o",
  ゃ: "ya",
  ゅ: "yu",
  ょ: "yo",
  ゎ: "wa",
};
for (const [kana, latin] of Object.entries({ ...SINGLE, ...SMALL })) SYLLABLES.set(kana, latin);

/** `き` and `ょ` are `kyo`, `し` and `ょ` `sho`, `て` and `ぃ` `ti`. */
function joined(head: string, small: string): string {
  const vowel = SMALL[small]!;
  const stem = head.slice(0, -1);
  if (stem === "" || stem === "u") return vowel.startsWith("y") ? head + vowel : (head === "u" ? "w" : head) + vowel;
  return vowel.startsWith("y") && /^(?:sh|ch|j)$/.test(stem) ? stem + vowel.slice(1) : stem + vowel;
}

const HIRAGANA = /^[\u3041-\u3096]$/;

/** Katakana as hiragana; other characters stay. */
export const hiraganaOf = (text: string): string =>
  text.replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));

/** Every kana of a text as romaji; what is not kana stays as it is. */
export function romaji(text: string): string {
  let out = "";
  let doubled = false;
  const characters = [...hiraganaOf(text)];
  for (const [at, kana] of characters.entries()) {
    if (kana === "ー" || kana === "゛") continue;
    if (kana === "っ") {
      doubled = true;
      continue;
    }
    if (SMALL[kana] !== undefined && at > 0 && HIRAGANA.test(characters[at - 1]!)) continue; // read with the one before
    let latin = SYLLABLES.get(kana) ?? kana;
    const next = characters[at + 1];
    if (next !== undefined && SMALL[next] !== undefined && SYLLABLES.has(kana)) latin = joined(latin, next);
    if (doubled && /^[a-z]/.test(latin) && !/^[aiueon]/.test(latin)) out += latin.startsWith("ch") ? "t" : latin[0];
    doubled = false;
    out += latin;
  }
  return out;
}

const KANA_ONLY = /^[\u3041-\u3096\u30a1-\u30ffー\p{P}\p{S}\s\w]*$/u;

/**
 * The romaji of a name that needs no dictionary to be read: kana, Latin, digits and signs. Words that are written together
 * stay together.
 * @returns null for a name with Chinese characters, and for one without any kana
 */
export function romajiOfKana(name: string): string | null {
  const text = name.normalize("NFKC");
  if (!KANA_ONLY.test(text) || !/[\u3041-\u3096\u30a1-\u30fa]/.test(text)) return null;
  return romaji(text.replace(/・/g, " ")).replace(/\s+/g, " ").trim();
}
