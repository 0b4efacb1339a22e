/**
 * What workers do with the `jobs` table; `store.ts` has what everybody else does. Time is the database's `now()`, so that the clocks
 * of several machines do not matter.
 *
 * A worker's claim is its fence: whatever it writes carries `id`, `status = 'running'`, its own id and the number of the
 * attempt. One that was given up for dead and handed on (a frozen machine, a stalled disk) finds no row and changes nothing.
 */
import type { ISql, Sql } from "postgres";
import type { Commit, Json, Progress } from "./job.ts";

/** The pool or an open transaction. */
type Db = ISql;

/** What a worker holds after claiming: the fence of all its later writes. */
export interface Claim {
  id: string;
  worker: string;
  attempt: number;
}

/** A claimed job as it comes from the database; the payload is not checked yet. */
export interface ClaimedJob extends Claim {
  kind: string;
  payload: Json;
  maxAttempts: number;
}

const fence = (db: Db, { id, worker, attempt }: Claim) =>
  db`id = ${id} and status = 'running' and worker = ${worker} and attempts = ${attempt}`;

/**
 * Lets the statement that joins it commit without waiting for the disk: claims cost half as much. Only for writes whose loss
 * does no harm. A crash of PostgreSQL (ours loses nothing) takes back at most the last half second of them: a lease is that much
 * shorter then and progress that much older, and a claim is a job still queued. It runs again, and the first run finds its
 * claim lost like that of any worker that was given up.
 */
const relaxed = (db: Db) => db`relaxed as materialized (select set_config('synchronous_commit', 'off', true))`;

const json = (db: Db, value: Json | Progress | undefined) =>
  value === null || value === undefined ? db`null::jsonb` : db`${db.json(value as never)}::jsonb`;

export interface ClaimOptions {
  worker: string;
  leaseSecs: number;
  /** The kinds that may be claimed, and how many of each. */
  free: readonly { kind: string; slots: number }[];
  /** How many in all. */
  limit: number;
  /** Jobs that this process still runs, however the database sees that: two runs of one job must not share a process. */
  except: readonly string[];
}

/**
 * Claims up to `limit` due jobs, the highest priority and then the longest waiting first.
 *
 * One round trip for several jobs and several kinds. The ways weighed: `update … where id = (select … limit 1 for update
 * skip locked)` claims one job a round trip; choosing without locks and then updating by id makes competing workers choose the
 * same rows and come back empty-handed; advisory locks need a second look after every lock. Here each worker locks rows
 * that nobody else has, kind by kind (a lateral `limit` keeps a kind within its slots, and reads the index in its order). It
 * may lock more than the limit lets it take, until the statement ends; a competitor that came in that moment polls again.
 */
export async function claimJobs(db: Db, options: ClaimOptions): Promise<ClaimedJob[]> {
  return db<ClaimedJob[]>`
    with ${relaxed(db)}, next as materialized (
      select due.id from unnest(
        ${options.free.map(({ kind }) => kind)}::text[], ${options.free.map(({ slots }) => slots)}::int[]
      ) as free (kind, slots)
      cross join lateral (
        select id, priority, run_at from jobs
        where job_type = free.kind and status in ('queued', 'retry') and run_at <= now()
          and id <> all (${options.except}::uuid[])
        order by priority desc, run_at, id
        limit free.slots
        for update skip locked
      ) as due
      order by due.priority desc, due.run_at, due.id
      limit ${options.limit}
    )
    update jobs set ${start(db, options)}
    from next, relaxed where jobs.id = next.id
    returning ${claimed(db)}
  `;
}

/**
 * Claims this one job, for a command that runs it in place.
 * @param early also before its time: a person asked for it, so it does not wait for its backoff
 */
export async function claimJob(
  db: Db,
  id: string,
  options: { worker: string; leaseSecs: number; early: boolean },
): Promise<ClaimedJob | undefined> {
  const [job] = await db<ClaimedJob[]>`
    with ${relaxed(db)}
    update jobs set ${start(db, options)}
    from relaxed
    where id = ${id} and status in ('queued', 'retry') and (${options.early} or run_at <= now())
    returning ${claimed(db)}
  `;
  return job;
}

const start = (db: Db, { worker, leaseSecs }: { worker: string; leaseSecs: number }) => db`
  status = 'running', worker = ${worker}, attempts = attempts + 1, started_at = now(), progress = null,
  lease_until = now() + make_interval(secs => ${leaseSecs})`;

const claimed = (db: Db) => db`
  jobs.id, worker, attempts as attempt, job_type as kind, payload, max_attempts as "maxAttempts"`;

/** What a renewal found out about a claim. */
export interface Renewal {
  lost: boolean;
  cancelled: boolean;
}

/**
 * Renews the leases of all claims of one worker. A row that is locked is skipped, not waited for: it is our own job being
 * committed, and the other leases must not wait for that.
 */
export async function renewLeases(
  db: Db,
  worker: string,
  claims: readonly Claim[],
  leaseSecs: number,
): Promise<(Renewal & { id: string; attempt: number })[]> {
  return db<(Renewal & { id: string; attempt: number })[]>`
    with ${relaxed(db)}, held as (
      select * from unnest(
        ${claims.map(({ id }) => id)}::uuid[], ${claims.map(({ attempt }) => attempt)}::int[]
      ) as held (id, attempt)
    ), free as materialized (
      select id from jobs join held using (id)
      where status = 'running' and worker = ${worker} and attempts = attempt
      for update of jobs skip locked
    ), renewed as (
      update jobs set lease_until = now() + make_interval(secs => ${leaseSecs})
      from free, relaxed where jobs.id = free.id
    )
    select held.id, held.attempt, jobs.id is null as lost, coalesce(jobs.cancel_requested, false) as cancelled
    from held left join jobs
      on jobs.id = held.id and status = 'running' and worker = ${worker} and attempts = attempt
  `;
}

/** Whether the claim still holds, with its lease renewed so that the step that follows has time. */
export async function checkClaim(db: Db, claim: Claim, leaseSecs: number): Promise<Renewal> {
  const [row] = await db<{ cancelled: boolean }[]>`
    with ${relaxed(db)}
    update jobs set lease_until = now() + make_interval(secs => ${leaseSecs})
    from relaxed where ${fence(db, claim)}
    returning cancel_requested as cancelled
  `;
  return { lost: !row, cancelled: row?.cancelled ?? false };
}

/** Writes how far the attempt is. */
export async function saveProgress(db: Db, claim: Claim, progress: Progress): Promise<Renewal> {
  const [row] = await db<{ cancelled: boolean }[]>`
    with ${relaxed(db)}
    update jobs set progress = ${json(db, progress as never)}
    from relaxed where ${fence(db, claim)}
    returning cancel_requested as cancelled
  `;
  return { lost: !row, cancelled: row?.cancelled ?? false };
}

/** How an attempt ended in the database; `lost` when the claim was not held any more. */
export type Ending = "done" | "failed" | "retry" | "queued" | "lost";

/**
 * Marks the job done and runs its commit in the same transaction. The row is locked first, so a cancel that comes now waits and
 * finds the job ended, while one that came before makes it end as cancelled, without its commit.
 */
export async function completeJob(
  sql: Sql,
  claim: Claim,
  outcome: { result: Json; progress: Progress | undefined; commit: Commit | undefined },
): Promise<Ending> {
  const mark = async (db: Db): Promise<Ending> => {
    const [row] = await db<{ status: "done" | "failed" }[]>`
      update jobs set
        status = case when cancel_requested then 'failed' else 'done' end,
        result = case when cancel_requested then null else ${json(db, outcome.result)} end,
        last_error = case when cancel_requested then 'cancelled' end,
        progress = coalesce(${json(db, outcome.progress)}, progress),
        worker = null, lease_until = null, finished_at = now()
      where ${fence(db, claim)}
      returning status
    `;
    return row?.status ?? "lost";
  };
  const { commit } = outcome;
  if (!commit) return mark(sql);
  return sql.begin(async (tx) => {
    const ending = await mark(tx);
    if (ending === "done") await commit(tx);
    return ending;
  });
}

/** Ends a failed attempt: to be tried again after `delaySecs`, or for good when it is fatal, cancelled or was the last one. */
export async function failJob(
  db: Db,
  claim: Claim,
  failure: { error: string; fatal: boolean; delaySecs: number; progress: Progress | undefined },
): Promise<Ending> {
  const [row] = await db<{ status: "failed" | "retry" }[]>`
    with held as (
      select id, cancel_requested or ${failure.fatal} or attempts >= max_attempts as over
      from jobs where ${fence(db, claim)} for update
    )
    update jobs set
      status = case when over then 'failed' else 'retry' end,
      last_error = case when cancel_requested then 'cancelled' else ${failure.error} end,
      progress = coalesce(${json(db, failure.progress)}, progress),
      run_at = now() + make_interval(secs => ${failure.delaySecs}),
      worker = null, lease_until = null, finished_at = case when over then now() end
    from held where jobs.id = held.id
    returning status
  `;
  return row?.status ?? "lost";
}

/** Puts claimed jobs back with their attempt unspent: because the process ends, or because an upstream asked for a pause. */
export async function handBackJobs(
  db: Db,
  claims: readonly Claim[],
  options: { delaySecs: number; error: string | undefined },
): Promise<{ id: string; status: Ending }[]> {
  return db<{ id: string; status: Ending }[]>`
    update jobs set
      status = case
        when cancel_requested then 'failed' when attempts > 1 or ${options.delaySecs} > 0 then 'retry' else 'queued'
      end,
      last_error = case when cancel_requested then 'cancelled' else coalesce(${options.error ?? null}, last_error) end,
      attempts = attempts - 1,
      run_at = now() + make_interval(secs => ${options.delaySecs}),
      worker = null, lease_until = null, finished_at = case when cancel_requested then now() end
    from unnest(
      ${claims.map(({ id }) => id)}::uuid[], ${claims.map(({ worker }) => worker)}::uuid[],
      ${claims.map(({ attempt }) => attempt)}::int[]
    ) as held (id, worker, attempt)
    where jobs.id = held.id and status = 'running' and jobs.worker = held.worker and attempts = held.attempt
    returning jobs.id, status
  `;
}

/**
 * Takes jobs from workers that stopped answering, or that let an attempt run past its time by more than a lease (their own timer
 * should have ended it).
 * @param timeoutSecs longest run of one attempt, 0: no limit
 */
export async function reapJobs(
  db: Db,
  options: { timeoutSecs: number; leaseSecs: number },
): Promise<{ id: string; kind: string; status: "failed" | "retry" }[]> {
  const longest = options.timeoutSecs > 0 ? options.timeoutSecs + options.leaseSecs : null;
  return db<{ id: string; kind: string; status: "failed" | "retry" }[]>`
    with dead as (
      select id, cancel_requested or attempts >= max_attempts as over from jobs
      where status = 'running' and (
        lease_until < now() or started_at < now() - make_interval(secs => ${longest})
      )
      for update skip locked
    )
    update jobs set
      status = case when over then 'failed' else 'retry' end,
      last_error = case when cancel_requested then 'cancelled' else 'the worker stopped answering' end,
      run_at = now(), worker = null, lease_until = null, finished_at = case when over then now() end
    from dead where jobs.id = dead.id
    returning jobs.id, job_type as kind, status
  `;
}

/** Removes up to `limit` jobs that ended more than `hours` ago. @returns how many */
export async function deleteEndedJobs(db: Db, hours: number, limit: number): Promise<number> {
  const { count } = await db`
    delete from jobs where id in (
      select id from jobs
      where status in ('done', 'failed') and finished_at < now() - make_interval(hours => ${hours})
      limit ${limit}
      for update skip locked
    )
  `;
  return count;
}
