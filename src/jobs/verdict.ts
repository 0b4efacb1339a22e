/** What becomes of a job after an attempt: decided here, without the database. */
import { AppError } from "../errors.ts";
import { printable } from "../lib/printable.ts";
import { type Commit, FatalJobError, JobSnooze, type Json } from "./job.ts";

/** Why the worker aborted an attempt. */
export type AbortCause = "cancelled" | "lost" | "timeout" | "stopping";

export type Outcome = { result: Json; commit?: Commit } | { error: unknown };

export type Verdict =
  | { do: "complete"; result: Json; commit: Commit | undefined }
  | { do: "fail"; error: string; fatal: boolean }
  | { do: "hand back"; delaySecs: number; error: string | undefined }
  /** The job belongs to somebody else by now. */
  | { do: "nothing" };

const ERROR_LENGTH = 500;

/**
 * A run that resolved has done its work, whatever was asked of it meanwhile; whether a cancel came first is for the database to
 * say. Of one that was aborted the cause counts, not how it happened to break.
 */
export function verdictOf(outcome: Outcome, cause: AbortCause | undefined, timeoutSecs: number): Verdict {
  if (cause === "lost") return { do: "nothing" };
  if (!("error" in outcome)) return { do: "complete", result: outcome.result, commit: outcome.commit };
  if (cause === "stopping") return { do: "hand back", delaySecs: 0, error: undefined };
  if (cause === "cancelled") return { do: "fail", error: "cancelled", fatal: true };
  if (cause === "timeout") return { do: "fail", error: `stopped after ${timeoutSecs} s`, fatal: false };
  const { error } = outcome;
  if (error instanceof JobSnooze) return { do: "hand back", delaySecs: error.delaySecs, error: publicMessage(error) };
  return { do: "fail", error: publicMessage(error), fatal: error instanceof FatalJobError };
}

/** What everybody may read of an error. Only errors that were written for readers speak for themselves. */
export function publicMessage(error: unknown): string {
  const spoken = error instanceof AppError || error instanceof FatalJobError || error instanceof JobSnooze;
  if (!spoken) return "internal error: the log has the details under this job's id";
  return printable(error.message).slice(0, ERROR_LENGTH).toWellFormed();
}
