/** Keeping the claims of a process, and hearing what became of them. */
import type { Sql } from "postgres";
import type { Attempt } from "./attempt.ts";
import { renewLeases } from "./queue.ts";
import type { Timing } from "./timing.ts";

/**
 * Renews all leases with one statement, and tells each attempt whether it is lost or cancelled.
 * @returns after how many milliseconds to do so again
 */
export async function heartbeat(
  sql: Sql,
  worker: string,
  held: ReadonlyMap<string, Attempt>,
  timing: Timing,
): Promise<number> {
  if (held.size > 0) {
    const claims = [...held.values()].map(({ claim }) => claim);
    for (const { id, attempt, ...renewal } of await renewLeases(sql, worker, claims, timing.leaseSecs)) {
      const holder = held.get(id);
      // It may have ended meanwhile, and the job be held again by a later attempt.
      if (holder?.claim.attempt === attempt) holder.heed(renewal);
    }
  }
  return timing.renewMs;
}
