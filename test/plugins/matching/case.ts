/** A wiki to ask that remembers what it was asked, and files as the steps of a decision see them. */
import { aliasIndexOf } from "../../../plugins/matching/alias-index.ts";
import { aliasRow } from "../../../plugins/matching/aliases/works.ts";
import { createChains } from "../../../plugins/matching/chain.ts";
import { gather } from "../../../plugins/matching/gather.ts";
import type { AliasIndex, Catalog } from "../../../plugins/matching/model.ts";
import type { Work } from "../../../plugins/matching/names.ts";
import { fold } from "../../../plugins/matching/normalize.ts";
import type { Case, Placed } from "../../../plugins/matching/placing.ts";
import { rank, seasonOf } from "../../../plugins/matching/rank.ts";
import { titlesOf } from "../../../plugins/matching/titles.ts";
import type { Reading } from "../../../src/plugin.ts";
import { series } from "./series-of-wiki.ts";
import { episodesOf, reading, titles } from "./subjects.ts";
import { type Shelved, wiki as works } from "./wiki.ts";

export const shelf = { ...works, ...series };

interface Listed {
  /** Main episodes that the wiki lists, where that is not what it says. */
  listed?: number;
  specials?: number;
}

/** How a test's wiki differs from the real one. */
export type Change = Pick<Shelved, "id"> & Partial<Shelved> & Listed;

export interface AskedWiki extends Catalog {
  /** `search frieren`, `episodes 400602`, …, in the order of asking. */
  asked: string[];
}

/** The search is the simplest that could be one: the keyword stands in a name, spelling aside. */
export function openWiki(...changes: Change[]): AskedWiki {
  const all = new Map<number, Shelved & Listed>(Object.values(shelf).map((work) => [work.id, work]));
  for (const change of changes) all.set(change.id, { ...all.get(change.id)!, ...change });
  const asked: string[] = [];
  return {
    asked,
    search: async (keyword) => {
      asked.push(`search ${keyword}`);
      return [...all.values()].filter(({ name, name_cn, aliases }) =>
        [name, name_cn, ...aliases].some((text) => fold(text).includes(fold(keyword))),
      );
    },
    subject: async (id) => {
      asked.push(`subject ${id}`);
      return all.get(id) ?? null;
    },
    relations: async (id) => {
      asked.push(`relations ${id}`);
      return (all.get(id)?.relations ?? []).map((text) => {
        const [relation, other, type = 2] = text.split(" ");
        const { name = "", name_cn = "" } = all.get(Number(other)) ?? {};
        return { id: Number(other), type: Number(type), relation: relation!, name, name_cn };
      });
    },
    episodes: async (id) => {
      asked.push(`episodes ${id}`);
      const work = all.get(id);
      return work ? episodesOf({ ...work, eps: work.listed ?? work.eps }, work.specials) : [];
    },
  };
}

const row = ({ id, platform, date, name }: Shelved, anilist: number[], ...more: string[]) =>
  aliasRow({ bangumi: id, platform, date: date ?? "", anilist, myanimelist: [] }, [name, ...more]);

/** What the bundled index tells of some of them: the romaji that the wiki lacks, and ids of AniList. */
export const bundled: AliasIndex = aliasIndexOf([
  row(shelf.frieren, [154587], "sousou no frieren", "Frieren"),
  row(shelf.hoozuki, [20431], "hoozuki no reitetsu"),
  row(shelf.flyingWitch, [], "flyingwitch"),
  row(shelf.flyingWitchPetit, [], "flyingwitch"),
  row(shelf.noragami, [20447], "noragami"),
  row(shelf.slime300Season2, [], "a slime taoshite 300nen 、 shiranai uchi ni level MAX ni nattemashita ~ sono ni ~"),
]);
export const nothingBundled = aliasIndexOf([]);

/** What a file says, its titles as texts. */
export type Said = Partial<Omit<Reading, "titles">> & { titles: Parameters<typeof titles> };

export const said = ({ titles: texts, ...more }: Said): Reading => reading({ ...more, titles: titles(...texts) });

/** A file at the moment when its titles are compared and no step was made. */
export async function caseOf(file: Said, wiki = openWiki()): Promise<{ file: Case; placed: Placed }> {
  const what = said(file);
  const compared = titlesOf(what);
  const { scores, toWork } = await gather(compared, { catalog: wiki, aliases: bundled });
  const season = seasonOf(what, compared, scores);
  const ranked = rank(scores, what, season);
  const top = ranked[0];
  if (!top) throw new Error("nothing on the shelf is like it");
  const placed = { work: top.score.work, episode: null, confidence: Math.min(1, top.value), notes: [], against: [] };
  const chains = createChains(wiki, toWork);
  return { file: { reading: what, titles: compared, season, ranked, top, chains, catalog: wiki }, placed };
}

/** What a step made of it, in few words. */
export const outcome = ({ work, confidence, notes, against }: Placed) => ({
  id: work.subject.id,
  confidence: Math.round(confidence * 1000) / 1000,
  // Copies: a step writes to the same lists.
  notes: [...notes],
  against: [...against],
});

export const ids = (found: readonly Work[]): number[] => found.map(({ subject }) => subject.id);
