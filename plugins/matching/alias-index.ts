/** The bundled index of titles: `bangumi-data` and the readings that `prepare.ts` adds to it. */
import packed from "../../build/aliases.zst" with { type: "file" };
import { similarTitles } from "./aliases/similar.ts";
import { type AliasRow, formsOf, searchForm, unpackAliases } from "./aliases/works.ts";
import type { AliasIndex, KnownWork } from "./model.ts";

const MOST_EXACT = 30;
const MOST_SIMILAR = 8;

let loaded: Promise<AliasIndex> | undefined;

/** Unpacked on first use, once a process: 0.8 MB in some 40 ms. */
export const loadAliasIndex = (): Promise<AliasIndex> =>
  (loaded ??= Bun.file(packed)
    .bytes()
    .then((bytes) => aliasIndexOf(unpackAliases(bytes))));

/** Look-ups over these works. */
export function aliasIndexOf(rows: readonly AliasRow[]): AliasIndex {
  const works: KnownWork[] = rows.map(([subjectId, platform, date, , , titles]) => ({
    subjectId,
    titles,
    platform,
    date: date || null,
  }));
  const byId = new Map(works.map((work) => [work.subjectId, work]));
  const bySite = { anilist: new Map<string, number>(), myanimelist: new Map<string, number>() };
  for (const [subjectId, , , anilist, myanimelist] of rows) {
    for (const id of anilist) bySite.anilist.set(String(id), subjectId);
    for (const id of myanimelist) bySite.myanimelist.set(String(id), subjectId);
  }
  // Each takes as long as unpacking: not at once, so that a server answers in between.
  const byForm = once(() => {
    const named = new Map<string, KnownWork | KnownWork[]>();
    for (const [at, [, , , , , , latin, others]] of rows.entries()) {
      for (const form of latin) addTo(named, form, works[at]!);
      for (const form of others) addTo(named, form, works[at]!);
    }
    return named;
  });
  const byLikeness = once(() => {
    const keys = rows.flatMap(([, , , , , , latin]) => latin);
    const owners = rows.flatMap(([, , , , , , latin], at) => latin.map(() => works[at]!));
    return { search: similarTitles(keys), owners };
  });

  return {
    exact: (title) => {
      const found = new Set<KnownWork>();
      for (const form of formsOf(title)) for (const work of [byForm().get(form) ?? []].flat()) found.add(work);
      return [...found].slice(0, MOST_EXACT);
    },
    similar: (title) => {
      const form = searchForm(title);
      if (form === undefined) return [];
      const { search, owners } = byLikeness();
      const found = new Set<KnownWork>();
      for (const { at } of search(form)) {
        found.add(owners[at]!);
        if (found.size === MOST_SIMILAR) break;
      }
      return [...found];
    },
    work: (subjectId) => byId.get(subjectId) ?? null,
    subjectFor: (site, id) => bySite[site].get(id),
  };
}

/** Most forms name one work: a list for each would take longer to make than all the rest. */
function addTo(named: Map<string, KnownWork | KnownWork[]>, form: string, work: KnownWork): void {
  const there = named.get(form);
  if (there === undefined) named.set(form, work);
  else if (Array.isArray(there)) there.push(work);
  else named.set(form, [there, work]);
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
