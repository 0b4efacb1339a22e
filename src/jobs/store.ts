/** What those who ask for jobs and look at them do with the `jobs` table; `queue.ts` has the workers' side. */
import type { ISql } from "postgres";
import type { Job, JobStatus, Json } from "./job.ts";

/** The pool or an open transaction. */
type Db = ISql;

export interface NewJob {
  id: string;
  kind: string;
  payload: Json;
  dedupKey: string;
  priority: number;
  /** Seconds from now. */
  delaySecs: number;
  maxAttempts: number;
}

/**
 * Adds the job, or finds the active one with the same kind and key. Being asked for again raises a waiting job's priority and
 * brings a delayed one forward, but does not cut a backoff short: clients that ask in a loop must not hammer what just failed.
 */
export async function insertJob(db: Db, job: NewJob): Promise<{ id: string; created: boolean }> {
  // A row version that is new has no xmax, one that was found has been locked by this statement.
  const [row] = await db<{ id: string; created: boolean }[]>`
    insert into jobs (id, job_type, payload, dedup_key, priority, run_at, max_attempts)
    values (
      ${job.id}, ${job.kind}, ${db.json(job.payload as never)}, ${job.dedupKey}, ${job.priority},
      now() + make_interval(secs => ${job.delaySecs}), ${job.maxAttempts}
    )
    on conflict (job_type, dedup_key) where status in ('queued', 'running', 'retry') do update set
      priority = greatest(jobs.priority, excluded.priority),
      run_at = case when jobs.status = 'queued' then least(jobs.run_at, excluded.run_at) else jobs.run_at end
    returning id, xmax = 0 as created
  `;
  return row!;
}

/** Ends a waiting job as cancelled, or asks the worker of a running one. @returns false when it is unknown or ended */
export async function cancelJob(db: Db, id: string): Promise<boolean> {
  const { count } = await db`
    update jobs set
      cancel_requested = true,
      status = case when status = 'running' then 'running' else 'failed' end,
      last_error = case when status = 'running' then last_error else 'cancelled' end,
      finished_at = case when status = 'running' then null else now() end
    where id = ${id} and status in ('queued', 'retry', 'running')
  `;
  return count > 0;
}

const shown = (db: Db) => db`
  id, job_type, status, attempts, max_attempts, progress, result, last_error, created_at, started_at, finished_at`;

type Row = Omit<Job, "created_at" | "started_at" | "finished_at"> & {
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
};

const toJob = (row: Row): Job => ({
  ...row,
  created_at: row.created_at.toISOString(),
  started_at: row.started_at?.toISOString() ?? null,
  finished_at: row.finished_at?.toISOString() ?? null,
});

export async function findJob(db: Db, id: string): Promise<Job | null> {
  const [row] = await db<Row[]>`select ${shown(db)} from jobs where id = ${id}`;
  return row ? toJob(row) : null;
}

/** Newest first. */
export async function listJobs(
  db: Db,
  filter: { status: JobStatus | undefined; kind: string | undefined; limit: number; offset: number },
): Promise<Job[]> {
  const rows = await db<Row[]>`
    select ${shown(db)} from jobs
    where ${filter.status ? db`status = ${filter.status}` : db`true`}
      and ${filter.kind === undefined ? db`true` : db`job_type = ${filter.kind}`}
    order by created_at desc, id desc
    limit ${filter.limit} offset ${filter.offset}
  `;
  return rows.map(toJob);
}

/** How many jobs there are of each status that occurs. */
export async function countJobs(db: Db): Promise<Record<string, number>> {
  const rows = await db<{ status: string; count: number }[]>`
    select status, count(*) as count from jobs group by status`;
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}
