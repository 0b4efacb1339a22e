/** What a job is: the words that the queue, the worker, the routes and every plugin share. */

import type { TransactionSql } from "postgres";
import type { TSchema } from "typebox";

declare global {
  /** Job kinds and their payloads. Each feature adds its own: `interface AnicargoJobs { hls: { mediaId: string } }`. */
  interface AnicargoJobs {}
}

export type JobKind = keyof AnicargoJobs & string;
export type JobStatus = "queued" | "running" | "retry" | "done" | "failed";
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined };

/** How far a job is. `total` is absent while it is not known; `note` is one line a person can read. */
export interface Progress {
  done: number;
  total?: number;
  note?: string;
}

/** A job as the API shows it. Times are ISO 8601 in UTC. */
export interface Job {
  id: string;
  job_type: string;
  status: JobStatus;
  attempts: number;
  max_attempts: number;
  progress: Progress | null;
  result: Json;
  last_error: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
}

/**
 * Runs in the transaction that marks the job done, behind the fence: a worker that lost its claim never commits, nor one whose
 * job was cancelled. It runs again when the connection breaks, so it leaves nothing behind but what it wrote to `tx`.
 */
export type Commit = (tx: TransactionSql) => Promise<void>;

export interface JobContext<K extends JobKind = JobKind> {
  id: string;
  payload: AnicargoJobs[K];
  /** 1 on the first run. */
  attempt: number;
  /** Aborted when the job is cancelled, its lease is lost, its time is up or the process shuts down. */
  signal: AbortSignal;
  /** Cheap and never throws: the worker writes the latest value at most a few times a second. */
  progress(progress: Progress): void;
  /** Resolves when this attempt still holds its claim, rejects otherwise: call before a rename or another irreversible step. */
  fence(): Promise<void>;
}

export interface JobDefinition<K extends JobKind = JobKind> {
  kind: K;
  payload: TSchema;
  /** How many of this kind this process runs at once. */
  concurrency: number;
  maxAttempts?: number;
  /**
   * Does the work. What resolves is done, whatever was asked of it meanwhile: a run whose signal aborted before the work was whole
   * rejects. Any other error is tried again later, but for `FatalJobError` and `JobSnooze`; only the message of these and
   * of an `AppError` is shown.
   */
  run(job: JobContext<K>): Promise<{ result: Json; commit?: Commit }>;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of jobs of different kinds
export type AnyJob = JobDefinition<any>;

/** Throw it from `run` when another attempt cannot help. The message becomes `last_error`. */
export class FatalJobError extends Error {
  override name = "FatalJobError";
}

/** Throw it from `run` to be run again in `delaySecs` seconds without spending the attempt (a rate-limited upstream). */
export class JobSnooze extends Error {
  override name = "JobSnooze";
  constructor(
    readonly delaySecs: number,
    message: string,
  ) {
    super(message);
  }
}

export interface EnqueueOptions {
  /** Two active jobs of a kind with one key are one job. Default: the payload in canonical JSON. */
  dedupKey?: string;
  /** Seconds from the database's now. Default 0. */
  delaySecs?: number;
  /** Higher runs first. Default 0. */
  priority?: number;
  maxAttempts?: number;
}

/** The queue as features use it; the SQL is in `jobs/queue.ts`. */
export interface JobQueue {
  /**
   * Adds a job, or finds the active one that is the same work. Throws {@link TypeError} when the kind is unknown or the payload
   * does not fit its schema.
   */
  enqueue<K extends JobKind>(
    kind: K,
    payload: AnicargoJobs[K],
    options?: EnqueueOptions,
  ): Promise<{ id: string; created: boolean }>;
  get(id: string): Promise<Job | null>;
  list(filter?: { status?: JobStatus; jobType?: string; limit?: number; offset?: number }): Promise<Job[]>;
  /** Asks a job to end as `failed` with `cancelled`: at once when it waits, through its signal when it runs. */
  cancel(id: string): Promise<"cancelled" | "ended" | "unknown">;
}
