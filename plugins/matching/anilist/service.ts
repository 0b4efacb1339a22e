/** AniList as matching knows it: asked once a title, remembered, and never in the way. */
import { setTimeout as delay } from "node:timers/promises";
import type { Sql } from "postgres";
import { type Logger, Unavailable } from "../../../src/plugin.ts";
import type { MatchingConfig } from "../config.ts";
import { createClient } from "./client.ts";
import type { Clock } from "./limiter.ts";
import type { AniList, AniListWork } from "./model.ts";
import { findAnswer, saveAnswer } from "./store.ts";

export interface AniListOptions {
  sql: Sql;
  config: Pick<MatchingConfig, "anilist_url">;
  log: Logger;
  /** Aborted when the program stops. */
  signal: AbortSignal;
}

/** One a process, since the limits are those of an address. Asks nothing by itself; whether it may ask is the caller's (`matching.anilist`). */
export function createAniList({ sql, config, log, signal }: AniListOptions, clock = realClock(signal)): AniList {
  const client = createClient(config.anilist_url, signal, clock);
  const underway = new Map<string, Promise<AniListWork[]>>();
  let reached = true;

  async function answer(title: string): Promise<AniListWork[]> {
    const known = await findAnswer(sql, title);
    if (known) return known;
    let works: AniListWork[];
    try {
      works = await client.search(title);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      if (reached) log.warn("AniList is out of reach: matching goes on without it until it is back", { error });
      reached = false;
      return [];
    }
    reached = true;
    await saveAnswer(sql, title, works);
    return works;
  }

  return {
    async search(title) {
      const question = title.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
      if (question === "") return [];
      const shared = underway.get(question) ?? answer(question).finally(() => underway.delete(question));
      underway.set(question, shared);
      return shared;
    },
  };
}

const realClock = (signal: AbortSignal): Clock => ({
  now: () => performance.now(),
  wait: async (ms) => {
    await delay(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  },
});
