/** Matching: what the routes, the command and the job share. */
import type { Sql } from "postgres";
import type { Core, Json, Logger } from "../../src/plugin.ts";
import type { Bangumi } from "../bangumi/model.ts";
import { type AutoMatchOptions, type AutoMatchPass, autoMatch, type Decide } from "./auto-match.ts";
import { type MatchPayload, withoutDefaults } from "./limits.ts";
import { type Choice, choose, clear, requireFile } from "./manual.ts";
import { type MatchResult, resultOf } from "./match-result.ts";
import { countStanding, findMatch, listCandidates, type Match, type StoredCandidate } from "./store.ts";

export interface MatchingParts {
  sql: Sql;
  log: Logger;
  bangumi: Bangumi;
  /** The same for those who wait for an answer. */
  bangumiForPeople: Bangumi;
  decide: Decide;
  /** See `planMatching`. */
  rules: string;
}

export interface Matching {
  log: Logger;
  /** Decides and writes whatever is new. */
  autoMatch(run: Pick<AutoMatchOptions, "limits" | "signal" | "progress" | "fence">): Promise<AutoMatchPass>;
  /** @throws NotFound */
  current(mediaId: string): Promise<Match | null>;
  /** Best first. @throws NotFound */
  candidates(mediaId: string): Promise<StoredCandidate[]>;
  /** @see choose */
  choose(mediaId: string, choice: Choice): Promise<void>;
  /** @see clear */
  clear(mediaId: string, applyToGroup: boolean): Promise<void>;
  /** `{ match }`, for an entry of the library. */
  describe(mediaId: string): Promise<Record<string, Json>>;
}

export function createMatching(parts: MatchingParts): Matching {
  const { sql, log, bangumiForPeople } = parts;
  return {
    log,
    autoMatch: (run) => autoMatch({ ...parts, ...run }),
    async current(mediaId) {
      await requireFile(sql, mediaId);
      return findMatch(sql, mediaId);
    },
    async candidates(mediaId) {
      await requireFile(sql, mediaId);
      return listCandidates(sql, mediaId);
    },
    choose: (mediaId, choice) => choose({ sql, bangumi: bangumiForPeople }, mediaId, choice),
    clear: (mediaId, applyToGroup) => clear(sql, mediaId, applyToGroup),
    describe: async (mediaId) => ({ match: (await findMatch(sql, mediaId)) as Json }),
  };
}

/** How the library stands; `skipped` and `failed` are a pass's own. */
export const standingOf = async (
  sql: Sql,
  { skipped, failed }: Pick<AutoMatchPass, "skipped" | "failed">,
): Promise<MatchResult> => resultOf(await countStanding(sql), skipped, failed);

/** Whoever asks for what is waiting or running already gets that job. */
export const enqueueAutoMatch = (
  jobs: Core["jobs"],
  payload: MatchPayload,
): Promise<{ id: string; created: boolean }> => jobs.enqueue("auto-match", withoutDefaults(payload));
