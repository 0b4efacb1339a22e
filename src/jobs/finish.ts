/** Seeing one job through to its end, here or wherever it runs. */
import type { Sql } from "postgres";
import { NotFound, Unavailable } from "../errors.ts";
import { createAlarm } from "../lib/alarm.ts";
import type { EventHub } from "../lib/event-hub.ts";
import { hasEnded } from "./follow.ts";
import type { Job, Progress } from "./job.ts";
import { jobTopic } from "./notifications.ts";
import { persist } from "./persist.ts";
import { type ClaimedJob, claimJob } from "./queue.ts";
import { findJob } from "./store.ts";
import type { Timing } from "./timing.ts";

export interface FinishOptions {
  sql: Sql;
  events: EventHub;
  timing: Timing;
  worker: string;
  pollMs: number;
  stopping: AbortSignal;
  onProgress(progress: Progress): void;
  /** Whether the job's code is here, and not running it already. */
  mayRun(job: Job): boolean;
  /** Resolves when the attempt has ended. */
  run(claim: ClaimedJob): Promise<void>;
  /** Takes jobs from dead workers: the one that is followed may be among them, and no server running. */
  reap(): Promise<number>;
}

/** @see Worker.finish */
export async function finishJob(id: string, options: FinishOptions): Promise<Job> {
  const { sql, worker, timing, stopping } = options;
  const alarm = createAlarm();
  const unsubscribe = options.events.subscribe(jobTopic(id), alarm.ring);
  stopping.addEventListener("abort", alarm.ring);
  // A person is waiting: the first run here does not wait for a backoff. Later ones do, or a failing job would spin.
  let early = true;
  let reapAt = 0;
  try {
    for (;;) {
      if (stopping.aborted) throw new Unavailable("stopped before the job ended; it stays in the queue");
      const job = await persist(() => findJob(sql, id), stopping);
      if (!job) throw new NotFound("there is no such job any more");
      if (hasEnded(job)) return job;
      if (job.status !== "running" && options.mayRun(job)) {
        const { leaseSecs } = timing;
        const claim = await persist(() => claimJob(sql, id, { worker, leaseSecs, early }), stopping);
        if (claim) {
          early = false;
          await options.run(claim);
          continue;
        }
      } else {
        if (job.progress) options.onProgress(job.progress);
        if (performance.now() >= reapAt) {
          await persist(options.reap, stopping);
          reapAt = performance.now() + timing.renewMs;
        }
      }
      await alarm.wait(options.pollMs);
    }
  } finally {
    stopping.removeEventListener("abort", alarm.ring);
    unsubscribe();
  }
}
