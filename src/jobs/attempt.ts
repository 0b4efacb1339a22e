/** One attempt at one job: its signal, its progress, its fence. */
import type { Sql } from "postgres";
import { Value } from "typebox/value";
import { within } from "../lib/within.ts";
import type { Logger } from "../log.ts";
import { conclude } from "./conclude.ts";
import { type AnyJob, FatalJobError, type JobContext, type Progress } from "./job.ts";
import { persist } from "./persist.ts";
import { createProgressWriter } from "./progress.ts";
import { type ClaimedJob, checkClaim, type Renewal, saveProgress } from "./queue.ts";
import type { Timing } from "./timing.ts";
import type { AbortCause, Outcome } from "./verdict.ts";

export interface Attempt {
  claim: ClaimedJob;
  /** Aborts the run; the first cause counts. */
  abort(cause: AbortCause): void;
  /** Acts on what the database said about the claim. */
  heed(renewal: Renewal): void;
  /** Resolves when nothing more will be written; never rejects. */
  ended: Promise<void>;
}

export interface AttemptOptions {
  sql: Sql;
  log: Logger;
  timing: Timing;
  /** Longest run in seconds; 0: no limit. */
  timeoutSecs: number;
  /** Beside the database, which hears of it more rarely. */
  onProgress?: (progress: Progress) => void;
}

/** Starts the run of a claimed job. */
export function startAttempt(definition: AnyJob, claim: ClaimedJob, options: AttemptOptions): Attempt {
  const { sql, log, timing, timeoutSecs } = options;
  const controller = new AbortController();
  const { signal } = controller;
  const lost = new AbortController();
  let cause: AbortCause | undefined;

  const abort = (why: AbortCause) => {
    if (why === "lost") lost.abort();
    cause ??= why;
    controller.abort(new DOMException(REASONS[cause], "AbortError"));
  };
  const heed = (renewal: Renewal) => {
    if (renewal.lost) abort("lost");
    else if (renewal.cancelled) abort("cancelled");
  };
  const progress = createProgressWriter(
    async (latest) => heed(await saveProgress(sql, claim, latest)),
    timing.progressMs,
  );
  const context: JobContext = {
    id: claim.id,
    payload: claim.payload as never,
    attempt: claim.attempt,
    signal,
    progress: (latest) => {
      progress.report(latest);
      options.onProgress?.(latest);
    },
    fence: async () => {
      signal.throwIfAborted();
      heed(await persist(() => checkClaim(sql, claim, timing.leaseSecs), signal));
      signal.throwIfAborted();
    },
  };
  const work = async () => {
    const began = performance.now();
    const timer = timeoutSecs > 0 ? setTimeout(abort, timeoutSecs * 1000, "timeout") : undefined;
    const outcome = await settle(run(definition, context), signal, timing.graceMs);
    clearTimeout(timer);
    progress.close();
    const ms = Math.round(performance.now() - began);
    await conclude(outcome, {
      sql,
      log,
      claim,
      cause,
      timeoutSecs,
      ms,
      progress: progress.latest(),
      lost: lost.signal,
    });
  };
  return { claim, abort, heed, ended: work() };
}

/** What the run finds as its signal's reason. */
const REASONS: Record<AbortCause, string> = {
  cancelled: "the job was cancelled",
  lost: "the job was given to another worker",
  timeout: "the job took too long",
  stopping: "the program is stopping",
};

async function run(definition: AnyJob, context: JobContext): Promise<Outcome> {
  try {
    // It was checked when it was queued, but perhaps by another version of this program.
    if (!Value.Check(definition.payload, context.payload))
      throw new FatalJobError("this version of the program does not understand the job; ask for it again");
    return await definition.run(context);
  } catch (error) {
    return { error };
  }
}

/** Waits for the run; once it is aborted no longer than the grace, so that a deaf one cannot keep its slot. */
async function settle(running: Promise<Outcome>, signal: AbortSignal, graceMs: number): Promise<Outcome> {
  const aborted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  await Promise.race([running, aborted]);
  if (signal.aborted && !(await within(running, graceMs))) return { error: new Error("the run ignores its signal") };
  return running;
}
