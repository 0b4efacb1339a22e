/** What the bundled index holds, how it is found, and how it lies in its file. */
import { readTitleSeason } from "../../../src/lib/title-season.ts";
import { fold, foldRomaji } from "../normalize.ts";

/** One work. An array and not an object: there are thousands. */
export type AliasRow = [
  bangumi: number,
  platform: string,
  /** `YYYY-MM-DD`, or empty. */
  date: string,
  anilist: readonly number[],
  myanimelist: readonly number[],
  /** The original first, then translations, then generated romaji. */
  titles: readonly string[],
  /** {@link searchForm} of the titles in Latin letters: found by likeness as well. */
  latin: readonly string[],
  /** The other forms under which the titles are found. Folding all of them takes a second, so it is done when packing. */
  others: readonly string[],
];

const LATIN = /^[a-z0-9]+$/;
/** Shorter titles are near to too many others. */
const SHORTEST_SIMILAR = 6;

/** Every form under which a title is found. */
export function formsOf(title: string): Set<string> {
  const [whole, base] = [fold(title), fold(readTitleSeason(title).base)];
  return new Set([whole, foldRomaji(whole), base, foldRomaji(base)].filter((form) => form.length > 1));
}

/** What titles are compared by: romaji without the season; undefined when there are too few Latin letters, or others. */
export function searchForm(title: string): string | undefined {
  const form = foldRomaji(fold(readTitleSeason(title).base));
  return form.length >= SHORTEST_SIMILAR && LATIN.test(form) ? form : undefined;
}

/** What is known of a work, beside its titles. */
export interface AliasFacts {
  bangumi: number;
  platform: string;
  /** `YYYY-MM-DD`, or empty. */
  date: string;
  anilist: readonly number[];
  myanimelist: readonly number[];
}

/** A row with every form of its titles. */
export function aliasRow(
  { bangumi, platform, date, anilist, myanimelist }: AliasFacts,
  titles: readonly string[],
): AliasRow {
  const latin = new Set(titles.map(searchForm).filter((form) => form !== undefined));
  const others = new Set(titles.flatMap((title) => [...formsOf(title)])).difference(latin);
  return [bangumi, platform, date, anilist, myanimelist, [...new Set(titles)], [...latin], [...others]];
}

export const packAliases = (rows: readonly AliasRow[]): Uint8Array =>
  Bun.zstdCompressSync(JSON.stringify(rows), { level: 19 });

export const unpackAliases = (bytes: Uint8Array): AliasRow[] =>
  JSON.parse(new TextDecoder().decode(Bun.zstdDecompressSync(bytes)));
