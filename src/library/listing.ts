/** The library as a list: made once for each version of the library and each question, then handed out as it is. */
import type { Sql } from "postgres";
import { createByteCache } from "../lib/byte-cache.ts";
import { shareNext } from "../lib/share-next.ts";
import { toEntry } from "./entry.ts";
import { foldSearch } from "./parse.ts";
import { countEntries, type EntryFilter, libraryVersion, listEntries } from "./store.ts";

export interface ListQuery {
  /** Part of the path or the title, in any case. */
  q?: string;
  subjectId?: number;
  /** Only files of which nobody knows what they are. */
  unmatched?: boolean;
  limit?: number;
  offset?: number;
}

export interface ListAnswer {
  /** JSON, in UTF-8. */
  bytes: Uint8Array<ArrayBuffer>;
  /** How many there are without `limit` and `offset`. */
  total: number;
}

export interface Listing {
  /** Moves with whatever a list shows. One cheap query, shared by all who ask at the same time. */
  version(): Promise<number>;
  /** @param version asked for before: what is handed out is at least as new */
  list(query: ListQuery, version: number): Promise<ListAnswer>;
}

/** A list of 10,000 files is about 4 MB. */
const CACHE_BYTES = 32 << 20;

export function createListing(sql: Sql): Listing {
  const cache = createByteCache<ListAnswer>(CACHE_BYTES);
  let cachedVersion: number | undefined;
  return {
    version: shareNext(() => libraryVersion(sql)),
    list(query, version) {
      if (version !== cachedVersion) cache.clear();
      cachedVersion = version;
      return cache.get(JSON.stringify(query), () => makeList(sql, query));
    },
  };
}

async function makeList(sql: Sql, { q, subjectId, unmatched, limit, offset }: ListQuery): Promise<ListAnswer> {
  const filter: EntryFilter = { search: q === undefined ? undefined : foldSearch(q), subjectId, unmatched };
  const isWhole = limit === undefined && !offset;
  const [rows, total] = await Promise.all([
    listEntries(sql, filter, { limit, offset }),
    isWhole ? undefined : countEntries(sql, filter),
  ]);
  return { bytes: new TextEncoder().encode(JSON.stringify(rows.map(toEntry))), total: total ?? rows.length };
}
