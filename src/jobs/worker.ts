/** The job loop of one process: claims, runs, renews, reaps, and hands back when it ends. */
import type { Sql } from "postgres";
import type { CoreConfig } from "../config/schema.ts";
import type { EventHub } from "../lib/event-hub.ts";
import type { Logger } from "../log.ts";
import { type Attempt, startAttempt } from "./attempt.ts";
import { claimRound } from "./claim-round.ts";
import { drain } from "./drain.ts";
import { finishJob } from "./finish.ts";
import { heartbeat } from "./heartbeat.ts";
import type { AnyJob, Job, Progress } from "./job.ts";
import { type Loop, startLoop } from "./loop.ts";
import { CANCELS_TOPIC, JOBS_TOPIC, RESUMED_TOPIC } from "./notifications.ts";
import type { ClaimedJob } from "./queue.ts";
import { TIMING, type Timing } from "./timing.ts";
import { cleanUp, reap } from "./upkeep.ts";

/** What of `[server]` a worker obeys. */
export type WorkerConfig = Pick<
  CoreConfig["server"],
  | "job_workers"
  | "job_poll_interval_ms"
  | "job_retention_hours"
  | "job_cleanup_interval_secs"
  | "job_running_timeout_secs"
>;

export interface WorkerOptions {
  sql: Sql;
  definitions: ReadonlyMap<string, AnyJob>;
  config: WorkerConfig;
  log: Logger;
  events: EventHub;
  timing?: Timing;
}

export interface Worker {
  /** Begins to claim jobs (with `job_workers` above 0) and to look after abandoned and ended ones. */
  start(): Promise<void>;
  /** Claims no more, lets short work end, hands the rest back to the queue with its attempt unspent: in less than 10 s. */
  stop(): Promise<void>;
  /**
   * Runs this job here when it can be claimed, else follows the process that runs it; works without `start` and with
   * `job_workers = 0`. Resolves when the job has ended; throws `NotFound` when there is none, `Unavailable` when this worker stops.
   */
  finish(jobId: string, onProgress?: (progress: Progress) => void): Promise<Job>;
}

export function createWorker(options: WorkerOptions): Worker {
  const { sql, definitions, config, log, events, timing = TIMING } = options;
  const id = Bun.randomUUIDv7();
  const held = new Map<string, Attempt>();
  const loops: Loop[] = [];
  const subscriptions: (() => void)[] = [];
  const stopping = new AbortController();
  let stopped: Promise<void> | undefined;
  let claims: Loop | undefined;
  let leases: Loop | undefined;

  const launch = (claim: ClaimedJob, onProgress?: (progress: Progress) => void): Attempt => {
    const timeoutSecs = config.job_running_timeout_secs;
    const attempt = startAttempt(definitions.get(claim.kind)!, claim, { sql, log, timing, timeoutSecs, onProgress });
    held.set(claim.id, attempt);
    void attempt.ended.then(() => {
      held.delete(claim.id);
      claims?.ring();
    });
    if (!leases) {
      leases = startLoop("the leases of jobs", log, () => heartbeat(sql, id, held, timing));
      loops.push(leases);
      subscriptions.push(events.subscribe(CANCELS_TOPIC, (job) => held.has(job as string) && leases?.ring()));
    }
    return attempt;
  };
  return {
    async start() {
      if (config.job_workers > 0) {
        const round = () =>
          claimRound({ sql, worker: id, definitions, held, config, timing, launch, stopping: stopping.signal });
        claims = startLoop("the job queue", log, round);
        loops.push(claims);
        const { ring } = claims;
        subscriptions.push(
          events.subscribe(JOBS_TOPIC, (kind) => definitions.has(kind as string) && ring()),
          events.subscribe(RESUMED_TOPIC, ring),
        );
      }
      loops.push(startLoop("abandoned jobs", log, () => reap(sql, log, config, timing)));
      if (config.job_retention_hours > 0) loops.push(startLoop("ended jobs", log, () => cleanUp(sql, config)));
    },
    stop() {
      stopped ??= (async () => {
        stopping.abort();
        await drain(held, claims, loops, timing);
        for (const end of subscriptions) end();
        if (held.size > 0) log.warn("jobs did not end in time; they are taken up again when their leases run out");
      })();
      return stopped;
    },
    finish: (jobId, onProgress) => {
      // Looking on must not break the work.
      const look = (progress: Progress) => {
        try {
          onProgress?.(progress);
        } catch (error) {
          log.debug("progress could not be shown", { error });
        }
      };
      return finishJob(jobId, {
        sql,
        events,
        timing,
        worker: id,
        pollMs: config.job_poll_interval_ms,
        stopping: stopping.signal,
        onProgress: look,
        mayRun: (job) => definitions.has(job.job_type) && !held.has(job.id),
        run: (claim) => {
          const attempt = launch(claim, look);
          // Whoever interrupts a command does not want to wait for it; perhaps they did while it was being claimed.
          const end = () => attempt.abort("stopping");
          if (stopping.signal.aborted) end();
          else stopping.signal.addEventListener("abort", end, { once: true });
          return attempt.ended;
        },
        reap: () => reap(sql, log, config, timing),
      });
    },
  };
}
