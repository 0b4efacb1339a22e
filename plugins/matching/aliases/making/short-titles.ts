/** The part of a long title that releases use alone: before its subtitle, or between its quotes. */
import { fold } from "../../normalize.ts";

export interface Dated {
  title: string;
  begin: string;
}

/** Where a subtitle begins: a wave, a dash with a space, a bracket. */
const SUBTITLE = /\s*[~〜～]|\s+[-‐―–—]\s*|\s*[―—]|\s*[「『【《〈<(]/;
const QUOTED = /[『《「]([^』》」]{3,})[』》」]/;
/** A title as short as this is used whole. */
const LONG = 15;
const SHORTEST = 3;
const NO_TITLE = /^(?:劇場版|映画|ova|oad|tv|the|特別編|新|真|続)$/i;

/** @returns for each work the part of its title that it may be known by, none where another work is meant by it as much */
export function shortTitles(works: readonly Dated[]): (string | undefined)[] {
  const texts = works.map(({ title }) => title.normalize("NFKC").trim());
  const whole = new Set(texts.map(fold));
  const usable = (part: string | undefined): part is string =>
    part !== undefined && fold(part).length >= SHORTEST && !NO_TITLE.test(part) && !whole.has(fold(part));

  // A series is named after its beginning: the first work that has it.
  const mains = texts.map((text) => text.split(SUBTITLE, 1)[0]!.trim());
  const first = firsts(works, mains);
  // Where only a space parts them the beginning is often a word of the language: nobody else may begin with it.
  const words = texts.map((text) => text.split(/\s+/, 1)[0]!);
  const alone = counted(words);
  const quotes = texts.map((text) => text.match(QUOTED)?.[1]?.trim());
  const quotedAlone = counted(quotes.filter((quote) => quote !== undefined));

  return texts.map((text, at) => {
    const [main, word, quote] = [mains[at]!, words[at]!, quotes[at]];
    if (main !== text && usable(main) && first.get(fold(main)) === at) return main;
    if (main === text && word !== text && word.length >= 5 && usable(word) && alone.get(fold(word)) === 1) return word;
    if (text.length >= LONG && usable(quote) && quote.length <= text.length / 2 && quotedAlone.get(fold(quote)) === 1)
      return quote;
    return undefined;
  });
}

function firsts(works: readonly Dated[], parts: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const [at, part] of parts.entries()) {
    const before = found.get(fold(part));
    if (before === undefined || works[at]!.begin < works[before]!.begin) found.set(fold(part), at);
  }
  return found;
}

function counted(parts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const part of parts) counts.set(fold(part), (counts.get(fold(part)) ?? 0) + 1);
  return counts;
}
