/** What to ask Bangumi's search for. Pure. */
import type { KnownWork } from "./model.ts";
import { nameOf } from "./names.ts";
import { fold, toSimplified } from "./normalize.ts";
import type { Title } from "./titles.ts";

/**
 * The search's keywords for titles, most telling first. The search drops trailing words, folds neither traditional characters nor romaji, and knows few
 * romaji titles at all: a work that the bundled index found is asked for by its original name, which brings its whole series.
 */
export function keywords(titles: readonly Title[], known: readonly KnownWork[]): string[] {
  const inOrder = titles.toSorted(
    (a, b) =>
      Number(a.derived) - Number(b.derived) || Number(a.folder) - Number(b.folder) || Number(a.latin) - Number(b.latin),
  );
  return unique([
    ...inOrder.filter(({ latin }) => !latin).map(({ base }) => asWikiWrites(base)),
    ...known.slice(0, 2).map(({ titles: [original] }) => nameOf(original!).base),
    ...inOrder.filter(({ latin }) => latin).map(({ base }) => base),
  ]);
}

/** When those found nothing good: fewer words, as the wiki may write the others another way. */
export function fallbackKeywords(titles: readonly Title[]): string[] {
  const keywords: string[] = [];
  for (const { base } of titles.filter(({ latin }) => !latin).slice(0, 2)) {
    const simple = asWikiWrites(base);
    if (simple !== base) keywords.push(base);
    const [first, ...more] = simple.split(/[\s:：~～\-—,，。!！?？]+/).filter((word) => fold(word).length >= 2);
    if (first && more.length > 0) keywords.push(first);
    else if (fold(base).length >= 6) keywords.push(simple.slice(0, 4));
  }
  for (const { base } of titles.filter(({ latin }) => latin).slice(0, 1)) {
    const words = base.split(/[\s:\-~]+/);
    if (words.length > 2) keywords.push(words.slice(0, 2).join(" "));
  }
  return unique(keywords).slice(0, 2);
}

/** Chinese names stand in simplified characters there, Japanese ones as they are. */
const asWikiWrites = (text: string): string => (/[\u3040-\u30ff]/.test(text) ? text : toSimplified(text));

const unique = (keywords: string[]): string[] =>
  [...new Set(keywords.map((word) => word.trim()))].filter((word) => fold(word) !== "");
