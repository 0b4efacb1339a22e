/** Bangumi as other features see it: from the cache while that is fresh, else from Bangumi, else from the cache all the same. */
import type { Sql, TransactionSql } from "postgres";
import { type Logger, Unavailable } from "../../src/plugin.ts";
import type { ToldSubject } from "./answer.ts";
import type { Client } from "./client.ts";
import { episodesLifetime, isAiring, relationsLifetime, searchLifetime, subjectLifetime } from "./freshness.ts";
import { cleanKeyword } from "./keyword.ts";
import type { Bangumi, Episode, Relation, Subject } from "./model.ts";
import type { SingleFlight } from "./single-flight.ts";
import {
  findEpisodes,
  findRelations,
  findSearch,
  findSubject,
  type Kept,
  listEpisodes,
  listRelations,
  listSubjects,
  saveEpisodes,
  saveRelations,
  saveSearch,
  saveSubject,
  touchList,
  touchSubject,
} from "./store.ts";
import type { ToldBefore } from "./told-before.ts";

export interface CatalogParts {
  sql: Sql;
  log: Logger;
  client: Client;
  /** Shared by all lanes: the same question is asked once. */
  share: SingleFlight;
  /** Shared too. */
  before: ToldBefore;
}

export function createCatalog({ sql, log, client, share, before }: CatalogParts): Bangumi {
  /** @param ask stores what it learns; not called while what is kept is fresh */
  const latest = async <T>(kept: Kept<T> | null, lifetime: number, ask: () => Promise<T>): Promise<T> => {
    if (kept && kept.age < lifetime) return kept.value;
    try {
      return await ask();
    } catch (error) {
      if (!kept || !(error instanceof Unavailable)) throw error;
      log.debug("an old answer has to do", { error });
      return kept.value;
    }
  };
  const airing = async (id: number): Promise<boolean> => {
    const kept = await findSubject(sql, id);
    return isAiring(kept?.value ?? null, kept?.lastAirdate ?? null, today());
  };

  return {
    search: async (text) => {
      const keyword = cleanKeyword(text);
      if (keyword === "") return [];
      return share(`search ${keyword}`, async () => {
        const kept = await findSearch(sql, keyword);
        if (kept && !kept.whole) before.forget();
        const lifetime = kept?.whole ? searchLifetime(kept.value.length) : 0;
        return latest(kept, lifetime, async () => {
          const found = await client.search(keyword);
          const news = before.news(found);
          await saveSearch(
            sql,
            keyword,
            found.map(({ id }) => id),
            news,
          );
          before.stored(news);
          return found.length === 0 && kept ? kept.value : found.map(withoutRaw);
        });
      });
    },
    subject: (id) =>
      share(`subject ${id}`, async () => {
        const kept = await findSubject(sql, id);
        const lifetime = subjectLifetime(isAiring(kept?.value ?? null, kept?.lastAirdate ?? null, today()));
        return latest<Subject | null>(kept, lifetime, async () => {
          const told = await client.subject(id);
          if (told) await saveSubject(sql, told);
          // Gone, or hidden from whoever has no token: what it was is kept.
          else if (kept) await touchSubject(sql, id);
          return told ? withoutRaw(told) : (kept?.value ?? null);
        });
      }),
    cached: async (ids) => {
      const found = ids.length === 0 ? [] : await listSubjects(sql, ids);
      return new Map(found.map((subject) => [subject.id, subject]));
    },
    episodes: (id) =>
      share(`episodes ${id}`, async () => {
        const kept = await findEpisodes(sql, id);
        return latest(kept, episodesLifetime(await airing(id)), async () => {
          const told = await client.episodes(id);
          return told || kept ? sql.begin((tx) => keepEpisodes(tx, id, told ?? [])) : [];
        });
      }),
    relations: (id) =>
      share(`relations ${id}`, async () => {
        const kept = await findRelations(sql, id);
        return latest(kept, relationsLifetime(await airing(id)), async () => {
          const told = await client.relations(id);
          return told || kept ? sql.begin((tx) => keepRelations(tx, id, told ?? [])) : [];
        });
      }),
    sync: (id) =>
      share(`sync ${id}`, async () => {
        const subject = await client.subject(id);
        if (!subject) return null;
        const [episodes, relations] = await Promise.all([client.episodes(id), client.relations(id)]);
        return sql.begin(async (tx) => {
          await saveSubject(tx, subject);
          await keepRelations(tx, id, relations ?? []);
          const kept = await keepEpisodes(tx, id, episodes ?? []);
          return { subject: withoutRaw(subject), episodes: kept.length };
        });
      }),
  };
}

/** A list that is suddenly empty does not take the place of one that was not. @returns what is kept */
async function keepEpisodes(tx: TransactionSql, id: number, told: readonly Episode[]): Promise<Episode[]> {
  await touchList(tx, "episodes", id);
  if (told.length > 0) await saveEpisodes(tx, id, told);
  return listEpisodes(tx, id);
}

/** The same for relations. */
async function keepRelations(tx: TransactionSql, id: number, told: readonly Relation[]): Promise<Relation[]> {
  await touchList(tx, "relations", id);
  if (told.length > 0) await saveRelations(tx, id, told);
  return listRelations(tx, id);
}

const withoutRaw = ({ raw: _, ...subject }: ToldSubject): Subject => subject;

const today = (): string => new Date().toISOString().slice(0, 10);
