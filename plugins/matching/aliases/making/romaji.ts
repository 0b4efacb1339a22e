/** Romaji for Japanese titles, as release names write it: several spellings where a title can be read in several ways. */
import { romaji } from "../../kana.ts";
import { spellKatakana } from "./loanwords.ts";
import { type Reader, readingsOf, type Word } from "./readings.ts";

const READINGS = 4;
const JAPANESE = /[\u3041-\u3096\u30a1-\u30fa\u3400-\u9fff々]/;
/** What never begins a syllable. */
const CONTINUES = /^[ぁぃぅぇぉゃゅょゎっー]/;
const KATAKANA = /^[\u30a1-\u30faー]+$/;

/** @param spellings of katakana words; the one for the title at hand first @returns none for a title without Japanese */
export function romajiTitles(reader: Reader, title: string, spellings: ReadonlyMap<string, string>): string[] {
  const text = title.normalize("NFKC");
  if (!JAPANESE.test(text)) return [];
  const readings = readingsOf(reader, text, READINGS);
  const loaned = readings.map((words) => spell(words, (katakana) => spellKatakana(katakana, spellings)));
  const plain = readings.slice(0, 2).map((words) => spell(words, romaji));
  return [...new Set([...loaned, ...plain])].filter((variant) => !JAPANESE.test(variant) && /[a-z]/i.test(variant));
}

/** Words that are written together are read together: `いっ` and `た` make itta. */
function spell(words: readonly Word[], katakana: (text: string) => string): string {
  const groups: { text: string; loan: boolean }[] = [];
  for (const { surface, reading, bound } of words) {
    const last = groups.at(-1);
    const loan = KATAKANA.test(surface);
    if (last && loan && last.loan) last.text += surface;
    else if (last && !last.loan && !loan && (bound || last.text.endsWith("っ") || CONTINUES.test(reading)))
      last.text += reading;
    else groups.push({ text: loan ? surface : reading, loan });
  }
  return groups
    .map(({ text, loan }) => (loan ? katakana(text) : romaji(text)))
    .join(" ")
    .replace(/\s+/g, " ")
    .trim();
}
