/** Short ways to build what the rules of matching work on, out of the real works in `wiki.ts`. */
import { type Episode, MAIN, type Relation, SPECIAL, type Subject } from "../../../plugins/bangumi/model.ts";
import type { Catalog } from "../../../plugins/matching/model.ts";
import { type Title, titlesOf } from "../../../plugins/matching/titles.ts";
import type { Reading, ReadTitle } from "../../../src/plugin.ts";
import { type Shelved, wiki } from "./wiki.ts";

const byId = new Map<number, Shelved>(Object.values(wiki).map((subject) => [subject.id, subject]));

/** Main episodes as the wiki lists them, then specials 1, 2, …; `eps` gives a length where the wiki does not know it. */
export function episodesOf(
  { id, eps, firstSort = 1 }: Pick<Subject, "id" | "eps"> & Partial<Shelved>,
  specials = 0,
): Episode[] {
  const episode = (type: number, sort: number, ep: number): Episode => ({
    ...{ id: id * 10_000 + type * 5000 + sort, subject_id: id, type, sort, ep, name: "", name_cn: "", airdate: null },
  });
  return [
    ...Array.from({ length: eps }, (_, at) => episode(MAIN, firstSort + at, at + 1)),
    ...Array.from({ length: specials }, (_, at) => episode(SPECIAL, at + 1, 0)),
  ];
}

/** The shelf as something to ask; the search is the simplest that could be one: the keyword stands in a name. */
export const catalog: Catalog = {
  search: async (keyword) =>
    [...byId.values()].filter(({ name, name_cn, aliases }) =>
      [name, name_cn, ...aliases].some((text) => text.toLowerCase().includes(keyword.toLowerCase())),
    ),
  subject: async (id) => byId.get(id) ?? null,
  relations: async (id) => (byId.get(id)?.relations ?? []).map(relationOf),
  episodes: async (id) => episodesOf(byId.get(id) ?? { id, eps: 0 }),
};

function relationOf(text: string): Relation {
  const [relation = "", id] = text.split(" ");
  const { name, name_cn } = byId.get(Number(id))!;
  return { id: Number(id), type: 2, relation, name, name_cn };
}

/** A text cut out of a longer one. */
export const half = (text: string): ReadTitle => ({ text, derived: true });

/** Texts of their own, and halves as {@link half} makes them. */
export const titles = (...texts: (string | ReadTitle)[]): ReadTitle[] =>
  texts.map((text) => (typeof text === "string" ? { text, derived: false } : text));

/** What the path of a release says: the first episode of something, unless told otherwise. */
export const reading = (more: Partial<Reading> = {}): Reading => ({
  ...{ kind: "episode", titles: [], folderTitles: [], season: null, part: null, episode: 1, lastEpisode: null },
  ...{ otherEpisode: null, year: null, folderYear: null, staged: false, group: null, ...more },
});

/** The titles of a file's own name, as the rules compare them. */
export const compared = (...texts: (string | ReadTitle)[]): Title[] => titlesOf(reading({ titles: titles(...texts) }));
