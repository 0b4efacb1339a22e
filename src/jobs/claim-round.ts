/** One look at the queue: filling the free slots. */
import type { Sql } from "postgres";
import type { Attempt } from "./attempt.ts";
import type { AnyJob } from "./job.ts";
import { type ClaimedJob, claimJobs, handBackJobs } from "./queue.ts";
import type { Timing } from "./timing.ts";

export interface ClaimRoundOptions {
  sql: Sql;
  worker: string;
  definitions: ReadonlyMap<string, AnyJob>;
  held: ReadonlyMap<string, Attempt>;
  config: { job_workers: number; job_poll_interval_ms: number };
  timing: Timing;
  launch(claim: ClaimedJob): void;
  stopping: AbortSignal;
}

/**
 * Claims as many jobs as there are free slots and launches them.
 * @returns after how many milliseconds to look again, when neither new work nor a freed slot comes first
 */
export async function claimRound(options: ClaimRoundOptions): Promise<number> {
  const { sql, worker, held, config, timing } = options;
  const limit = config.job_workers - held.size;
  const free = freeSlots(options.definitions, held);
  if (limit > 0 && free.length > 0) {
    const { leaseSecs } = timing;
    const claims = await claimJobs(sql, { worker, leaseSecs, free, limit, except: [...held.keys()] });
    // The stop came while the database was choosing: nobody would wait for these.
    if (options.stopping.aborted && claims.length > 0)
      await handBackJobs(sql, claims, { delaySecs: 0, error: undefined });
    else for (const claim of claims) options.launch(claim);
  }
  return config.job_poll_interval_ms;
}

/** The kinds of which this process may run more, and how many more. */
export function freeSlots(
  definitions: ReadonlyMap<string, AnyJob>,
  held: ReadonlyMap<string, Attempt>,
): { kind: string; slots: number }[] {
  const running = Map.groupBy(held.values(), ({ claim }) => claim.kind);
  return [...definitions.values()]
    .map(({ kind, concurrency }) => ({ kind: kind as string, slots: concurrency - (running.get(kind)?.length ?? 0) }))
    .filter(({ slots }) => slots > 0);
}
