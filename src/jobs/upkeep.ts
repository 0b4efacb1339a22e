/** Looking after the jobs that nobody else looks after: the abandoned and the ended ones. */
import type { Sql } from "postgres";
import type { Logger } from "../log.ts";
import { deleteEndedJobs, reapJobs } from "./queue.ts";
import type { Timing } from "./timing.ts";

/** Removed at once at most: short transactions even after a year without cleaning. */
const BATCH = 5000;

/** Gives the jobs of dead workers back to the queue. @returns after how many milliseconds to look again */
export async function reap(
  sql: Sql,
  log: Logger,
  config: { job_running_timeout_secs: number },
  { leaseSecs, renewMs }: Timing,
): Promise<number> {
  for (const { id, kind, status } of await reapJobs(sql, { timeoutSecs: config.job_running_timeout_secs, leaseSecs }))
    log.warn(`${kind}: its worker stopped answering`, { job: id, status });
  return renewMs;
}

/** Removes jobs that ended long ago. @returns after how many milliseconds to look again */
export async function cleanUp(
  sql: Sql,
  config: { job_retention_hours: number; job_cleanup_interval_secs: number },
): Promise<number> {
  while ((await deleteEndedJobs(sql, config.job_retention_hours, BATCH)) === BATCH);
  return config.job_cleanup_interval_secs * 1000;
}
