/** The end of an attempt: written into the database, and told to the log. */
import type { Sql } from "postgres";
import { isOutage } from "../db/outage.ts";
import type { Logger } from "../log.ts";
import { backoffSecs } from "./backoff.ts";
import { JobSnooze, type Progress } from "./job.ts";
import { persist } from "./persist.ts";
import { type ClaimedJob, completeJob, type Ending, failJob, handBackJobs } from "./queue.ts";
import { type AbortCause, type Outcome, type Verdict, verdictOf } from "./verdict.ts";

export interface ConcludeOptions {
  sql: Sql;
  log: Logger;
  claim: ClaimedJob;
  cause: AbortCause | undefined;
  timeoutSecs: number;
  /** How long the attempt took. */
  ms: number;
  progress: Progress | undefined;
  /** Aborted when the claim is known to be lost: then there is nothing to write any more. */
  lost: AbortSignal;
}

/** Writes what became of the attempt, waiting out a restart of the database. Never rejects. */
export async function conclude(outcome: Outcome, options: ConcludeOptions): Promise<void> {
  const { sql, log, claim, progress } = options;
  const put = (verdict: Verdict) => persist(() => write(sql, claim, verdict, progress), options.lost);
  const verdict = verdictOf(outcome, options.cause, options.timeoutSecs);
  let error = "error" in outcome ? outcome.error : undefined;
  try {
    let ending: Ending;
    try {
      ending = await put(verdict);
    } catch (refusal) {
      if (verdict.do !== "complete" || isOutage(refusal)) throw refusal;
      // The commit threw, or the result cannot be stored: the work failed at its last step.
      error = refusal;
      ending = await put(verdictOf({ error }, undefined, 0));
    }
    tell(ending, error, options);
  } catch (problem) {
    // Nothing is lost but time: the lease runs out and the job is taken up again.
    log.error(`${claim.kind}: the end of the job could not be stored`, { job: claim.id, error: problem });
  }
}

async function write(sql: Sql, claim: ClaimedJob, verdict: Verdict, progress: Progress | undefined): Promise<Ending> {
  switch (verdict.do) {
    case "complete":
      return completeJob(sql, claim, { ...verdict, progress });
    case "fail":
      return failJob(sql, claim, { ...verdict, progress, delaySecs: backoffSecs(claim.attempt, Math.random()) });
    case "hand back":
      return (await handBackJobs(sql, [claim], verdict))[0]?.status ?? "lost";
    case "nothing":
      return "lost";
  }
}

function tell(ending: Ending, error: unknown, { log, claim, cause, ms }: ConcludeOptions): void {
  const facts = { job: claim.id, attempt: claim.attempt, ms };
  if (ending === "done") log.info(`${claim.kind}: done`, facts);
  else if (ending === "lost") log.warn(`${claim.kind}: the job was given to another worker meanwhile`, facts);
  else if (cause === "stopping" && ending !== "failed") log.info(`${claim.kind}: handed back to the queue`, facts);
  else if (cause === "cancelled") log.info(`${claim.kind}: cancelled`, facts);
  else if (ending !== "failed" && error instanceof JobSnooze)
    log.info(`${claim.kind}: waits, to be run again`, { ...facts, why: error.message });
  else if (ending === "failed") log.error(`${claim.kind}: failed`, { ...facts, error });
  else log.warn(`${claim.kind}: failed, to be tried again`, { ...facts, error });
}
