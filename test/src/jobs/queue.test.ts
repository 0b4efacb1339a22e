/** The statements of `store.ts` and `queue.ts` together: what the one writes the other must respect. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Sql } from "postgres";
import { createPool } from "../../../src/db/pool.ts";
import {
  type Claim,
  type ClaimOptions,
  checkClaim,
  claimJob,
  claimJobs,
  completeJob,
  deleteEndedJobs,
  failJob,
  handBackJobs,
  reapJobs,
  renewLeases,
  saveProgress,
} from "../../../src/jobs/queue.ts";
import { cancelJob, countJobs, findJob, insertJob, listJobs, type NewJob } from "../../../src/jobs/store.ts";
import { type TestDatabase, testDatabase } from "../../helpers/database.ts";
import { expireLease, makeDue } from "../../helpers/jobs.ts";
import { silentLogger } from "../../helpers/silent-logger.ts";

let database: TestDatabase;
let sql: Sql;

beforeEach(async () => {
  database = await testDatabase();
  sql = database.sql;
});
afterEach(() => database.drop());

const add = async (job: Partial<NewJob> = {}): Promise<string> => {
  const id = Bun.randomUUIDv7();
  const defaults = { id, kind: "a", payload: {}, dedupKey: id, priority: 0, delaySecs: 0, maxAttempts: 3 };
  return (await insertJob(sql, { ...defaults, ...job })).id;
};

const WORKER = Bun.randomUUIDv7();
const claim = (options: Partial<ClaimOptions> = {}) =>
  claimJobs(sql, {
    worker: WORKER,
    leaseSecs: 30,
    free: [{ kind: "a", slots: 100 }],
    limit: 100,
    except: [],
    ...options,
  });

/** A new job, claimed. */
const running = async (job: Partial<NewJob> = {}): Promise<Claim> => {
  await add(job);
  return (await claim())[0]!;
};

const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).sort();
const done = { result: null, progress: undefined, commit: undefined };
const failure = { error: "broken", fatal: false, delaySecs: 60, progress: undefined };

describe("asking for the same work twice", () => {
  test("50 at once are one job, and all get its id", async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        insertJob(sql, {
          id: Bun.randomUUIDv7(),
          kind: "a",
          payload: {},
          dedupKey: "same",
          priority: 0,
          delaySecs: 0,
          maxAttempts: 3,
        }),
      ),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(await listJobs(sql, { status: undefined, kind: undefined, limit: 100, offset: 0 })).toHaveLength(1);
  });

  test("a job that waits for its retry or runs counts, one that ended does not", async () => {
    const job = await running({ dedupKey: "same" });
    expect(await add({ dedupKey: "same" })).toBe(job.id);
    await failJob(sql, job, failure);
    expect(await add({ dedupKey: "same" })).toBe(job.id);
    await cancelJob(sql, job.id);
    expect(await add({ dedupKey: "same" })).not.toBe(job.id);
  });

  test("another kind with the same key is another job", async () => {
    expect(await add({ dedupKey: "same", kind: "a" })).not.toBe(await add({ dedupKey: "same", kind: "b" }));
  });

  test("the higher priority and the earlier time of a waiting job win", async () => {
    const urgent = await add({ dedupKey: "same", priority: 1, delaySecs: 3600 });
    const other = await add({ priority: 2 });
    await add({ dedupKey: "same", priority: 3, delaySecs: 0 });
    await add({ dedupKey: "same", priority: 0, delaySecs: 3600 });
    expect(ids(await claim({ limit: 1 }))).toEqual([urgent]);
    expect(ids(await claim({ limit: 1 }))).toEqual([other]);
  });

  test("a backoff and an upstream's pause are not cut short", async () => {
    const failed = await running({ dedupKey: "failed" });
    await failJob(sql, failed, failure);
    const paused = await running({ dedupKey: "paused" });
    await handBackJobs(sql, [paused], { delaySecs: 60, error: "rate limited" });
    await add({ dedupKey: "failed" });
    await add({ dedupKey: "paused" });
    expect(await claim()).toHaveLength(0);
  });
});

describe("claiming", () => {
  test("16 competing connections claim each of 400 jobs once", async () => {
    const jobs = await Promise.all(Array.from({ length: 400 }, () => add()));
    const connections = Array.from({ length: 16 }, () => createPool(database.url, 1, silentLogger));
    const claimed = await Promise.all(
      connections.map(async (connection, number) => {
        const worker = Bun.randomUUIDv7();
        const mine: string[] = [];
        for (;;) {
          const options = { worker, leaseSecs: 30, free: [{ kind: "a", slots: 3 }], limit: 3, except: [] };
          const batch = await claimJobs(connection, options);
          // Skipped rows are another's for sure only once the queue is empty.
          const [left] = await connection`select count(*)::int as count from jobs where status = 'queued'`;
          mine.push(...batch.map(({ id }) => id));
          if (batch.length === 0 && left!.count === 0) return { number, mine };
        }
      }),
    );
    await Promise.all(connections.map((connection) => connection.end()));
    expect(claimed.flatMap(({ mine }) => mine).sort()).toEqual(jobs.sort());
  });

  test("each kind keeps within its slots, all within the limit", async () => {
    for (let i = 0; i < 5; i++) {
      await add({ kind: "a" });
      await add({ kind: "b" });
      await add({ kind: "c" });
    }
    const kinds = (
      await claim({
        free: [
          { kind: "a", slots: 1 },
          { kind: "b", slots: 9 },
        ],
        limit: 4,
      })
    ).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(["a", "b", "b", "b"]);
  });

  test("the highest priority goes first, then the one that waits longest", async () => {
    const [first, second, urgent] = [await add(), await add(), await add({ priority: 1 })];
    for (const expected of [urgent, first, second]) expect(ids(await claim({ limit: 1 }))).toEqual([expected!]);
  });

  test("neither a job before its time nor one that this process still runs is claimed", async () => {
    await add({ delaySecs: 3600 });
    const mine = await add();
    expect(await claim({ except: [mine] })).toHaveLength(0);
  });

  test("one job can be claimed by its id, before its time only when a person asked", async () => {
    const id = await add({ delaySecs: 3600 });
    const options = { worker: WORKER, leaseSecs: 30 };
    expect(await claimJob(sql, id, { ...options, early: false })).toBeUndefined();
    expect(await claimJob(sql, id, { ...options, early: true })).toMatchObject({ id, attempt: 1, kind: "a" });
    expect(await claimJob(sql, id, { ...options, early: true })).toBeUndefined();
  });

  test("a claim starts the attempt afresh", async () => {
    const job = await running();
    await saveProgress(sql, job, { done: 7 });
    await failJob(sql, job, failure);
    await makeDue(sql, job.id);
    await claim();
    expect(await findJob(sql, job.id)).toMatchObject({ status: "running", attempts: 2, progress: null });
  });
});

describe("a worker whose job was handed on", () => {
  /** A claim that was given up for dead, and the same job claimed by another worker. */
  const zombie = async () => {
    const old = await running();
    await expireLease(sql, old);
    await reapJobs(sql, { timeoutSecs: 0, leaseSecs: 30 });
    const [current] = await claim({ worker: Bun.randomUUIDv7() });
    return { old, current: current! };
  };

  test("can neither finish it nor commit", async () => {
    const { old, current } = await zombie();
    let committed = false;
    const commit = async () => {
      committed = true;
    };
    expect(await completeJob(sql, old, { ...done, commit })).toBe("lost");
    expect(await completeJob(sql, old, done)).toBe("lost");
    expect(committed).toBe(false);
    expect(await findJob(sql, old.id)).toMatchObject({ status: "running", attempts: 2 });
    expect(await completeJob(sql, current, done)).toBe("done");
  });

  test("can neither fail it nor hand it back", async () => {
    const { old } = await zombie();
    expect(await failJob(sql, old, failure)).toBe("lost");
    expect(await handBackJobs(sql, [old], { delaySecs: 0, error: "x" })).toHaveLength(0);
    expect(await findJob(sql, old.id)).toMatchObject({ status: "running", attempts: 2 });
  });

  test("can neither report progress nor keep the lease", async () => {
    const { old } = await zombie();
    expect(await saveProgress(sql, old, { done: 99 })).toEqual({ lost: true, cancelled: false });
    expect(await checkClaim(sql, old, 30)).toEqual({ lost: true, cancelled: false });
    const [renewal] = await renewLeases(sql, old.worker, [old], 30);
    expect(renewal).toMatchObject({ id: old.id, lost: true });
    expect((await findJob(sql, old.id))?.progress).toBeNull();
  });

  test("is told apart from itself by the attempt", async () => {
    const old = await running();
    await expireLease(sql, old);
    await reapJobs(sql, { timeoutSecs: 0, leaseSecs: 30 });
    const [again] = await claim();
    expect(again).toMatchObject({ id: old.id, worker: old.worker, attempt: 2 });
    expect(await completeJob(sql, old, done)).toBe("lost");
  });
});

describe("completing", () => {
  test("the result and the commit are there together with the status", async () => {
    const job = await running();
    await sql`create table work (name text)`;
    const commit = async (tx: Parameters<NonNullable<Parameters<typeof completeJob>[2]["commit"]>>[0]) => {
      await tx`insert into work values ('made')`;
    };
    expect(await completeJob(sql, job, { result: { files: 2 }, progress: { done: 2 }, commit })).toBe("done");
    expect(await sql`select * from work`).toHaveLength(1);
    expect(await findJob(sql, job.id)).toMatchObject({
      status: "done",
      result: { files: 2 },
      progress: { done: 2 },
      last_error: null,
      finished_at: expect.any(String),
    });
  });

  test("a commit that throws leaves nothing, and the job running", async () => {
    const job = await running();
    await sql`create table work (name text)`;
    const completing = completeJob(sql, job, {
      ...done,
      commit: async (tx) => {
        await tx`insert into work values ('half')`;
        throw new Error("disk full");
      },
    });
    await expect(completing).rejects.toThrow("disk full");
    expect(await sql`select * from work`).toHaveLength(0);
    expect((await findJob(sql, job.id))?.status).toBe("running");
  });

  test("a long commit does not keep the other leases from being renewed", async () => {
    await add();
    await add();
    const [long, other] = await claim();
    await expireLease(sql, other!);
    const entered = Promise.withResolvers<void>();
    const leave = Promise.withResolvers<void>();
    const commit = () => {
      entered.resolve();
      return leave.promise;
    };
    const completing = completeJob(sql, long!, { ...done, commit });
    await entered.promise;
    const renewals = await renewLeases(sql, WORKER, [long!, other!], 30);
    expect(renewals.map(({ lost }) => lost)).toEqual([false, false]);
    expect(await reapJobs(sql, { timeoutSecs: 0, leaseSecs: 30 })).toHaveLength(0);
    leave.resolve();
    expect(await completing).toBe("done");
  });
});

describe("failing", () => {
  test("a failed attempt waits for its next one, the last one ends the job", async () => {
    const first = await running({ maxAttempts: 2 });
    expect(await failJob(sql, first, failure)).toBe("retry");
    expect(await findJob(sql, first.id)).toMatchObject({
      status: "retry",
      attempts: 1,
      last_error: "broken",
      finished_at: null,
    });
    expect(await claim()).toHaveLength(0);
    await makeDue(sql, first.id);
    const [second] = await claim();
    expect(await failJob(sql, second!, failure)).toBe("failed");
    expect(await findJob(sql, first.id)).toMatchObject({
      status: "failed",
      attempts: 2,
      finished_at: expect.any(String),
    });
  });

  test("a fatal failure ends the job with attempts left", async () => {
    expect(await failJob(sql, await running(), { ...failure, fatal: true })).toBe("failed");
  });

  test("a job that is handed back keeps its attempts", async () => {
    const job = await running({ maxAttempts: 1 });
    expect(await handBackJobs(sql, [job], { delaySecs: 0, error: undefined })).toEqual([
      { id: job.id, status: "queued" },
    ] as never);
    expect(await findJob(sql, job.id)).toMatchObject({ status: "queued", attempts: 0 });
    expect(await claim()).toHaveLength(1);
  });

  test("a job that failed before goes back as one to be tried again", async () => {
    const job = await running();
    await failJob(sql, job, failure);
    await makeDue(sql, job.id);
    const [second] = await claim();
    const [back] = await handBackJobs(sql, [second!], { delaySecs: 60, error: "rate limited" });
    expect(back?.status).toBe("retry");
    expect(await findJob(sql, job.id)).toMatchObject({ attempts: 1, last_error: "rate limited" });
    expect(await claim()).toHaveLength(0);
  });
});

describe("cancelling", () => {
  const cancelled = { status: "failed", last_error: "cancelled", finished_at: expect.any(String) };

  test("a queued job and one that waits for its retry end at once", async () => {
    const retry = await running();
    await failJob(sql, retry, failure);
    for (const id of [await add(), retry.id]) {
      expect(await cancelJob(sql, id)).toBe(true);
      expect(await findJob(sql, id)).toMatchObject(cancelled);
    }
    expect(await claim()).toHaveLength(0);
  });

  test("a running job's worker learns it with whatever it writes next", async () => {
    const job = await running();
    expect(await cancelJob(sql, job.id)).toBe(true);
    expect(await cancelJob(sql, job.id)).toBe(true);
    expect((await renewLeases(sql, WORKER, [job], 30))[0]).toMatchObject({ lost: false, cancelled: true });
    expect(await saveProgress(sql, job, { done: 1 })).toEqual({ lost: false, cancelled: true });
    expect(await checkClaim(sql, job, 30)).toEqual({ lost: false, cancelled: true });
    expect((await findJob(sql, job.id))?.status).toBe("running");
  });

  test("a job whose cancel came first ends as cancelled whatever its worker says, and does not commit", async () => {
    const endings: ((job: Claim) => Promise<unknown>)[] = [
      (job) => completeJob(sql, job, { ...done, result: 1 }),
      (job) =>
        completeJob(sql, job, {
          ...done,
          commit: () => {
            throw new Error("committed");
          },
        }),
      (job) => failJob(sql, job, failure),
      (job) => handBackJobs(sql, [job], { delaySecs: 0, error: undefined }),
      (job) => expireLease(sql, job).then(() => reapJobs(sql, { timeoutSecs: 0, leaseSecs: 30 })),
    ];
    for (const end of endings) {
      const job = await running();
      await cancelJob(sql, job.id);
      await end(job);
      expect(await findJob(sql, job.id)).toMatchObject({ ...cancelled, result: null });
    }
  });

  test("an ended and an unknown job cannot be cancelled", async () => {
    const job = await running();
    await completeJob(sql, job, done);
    expect(await cancelJob(sql, job.id)).toBe(false);
    expect(await cancelJob(sql, Bun.randomUUIDv7())).toBe(false);
    expect((await findJob(sql, job.id))?.status).toBe("done");
  });

  test("of a cancel and a completion at the same moment exactly one wins", async () => {
    for (let round = 0; round < 50; round++) {
      const job = await running();
      let committed = false;
      const commit = async () => {
        committed = true;
      };
      const calls = [() => cancelJob(sql, job.id), () => completeJob(sql, job, { ...done, commit })];
      if (round % 2) calls.reverse();
      const answers = await Promise.all<unknown>(calls.map((call) => call()));
      const wasCancelled = answers.includes(true);
      expect(answers.includes("done")).toBe(!wasCancelled);
      expect(committed).toBe(!wasCancelled);
      expect((await findJob(sql, job.id))?.status).toBe(wasCancelled ? "failed" : "done");
    }
  });

  test("of a cancel and a claim at the same moment no job gets lost between", async () => {
    for (let round = 0; round < 30; round++) {
      const id = await add();
      const [, claims] = await Promise.all([cancelJob(sql, id), claim()]);
      const job = await findJob(sql, id);
      if (claims.length === 0) expect(job).toMatchObject(cancelled);
      else expect(await completeJob(sql, claims[0]!, done)).toBe("failed");
    }
  });
});

describe("abandoned jobs", () => {
  const reap = (timeoutSecs = 0) => reapJobs(sql, { timeoutSecs, leaseSecs: 30 });

  test("a job whose lease ran out can be claimed again", async () => {
    const job = await running();
    expect(await reap()).toHaveLength(0);
    await expireLease(sql, job);
    expect(await reap()).toEqual([{ id: job.id, kind: "a", status: "retry" }] as never);
    expect(await claim()).toHaveLength(1);
  });

  test("a job whose attempts are spent fails", async () => {
    const job = await running({ maxAttempts: 1 });
    await expireLease(sql, job);
    expect((await reap())[0]?.status).toBe("failed");
    expect(await findJob(sql, job.id)).toMatchObject({ status: "failed", last_error: "the worker stopped answering" });
  });

  test("a job that runs far beyond its time is taken although its lease is renewed", async () => {
    const job = await running();
    await sql`update jobs set started_at = now() - interval '80 seconds' where id = ${job.id}`;
    expect(await reap(0)).toHaveLength(0);
    expect(await reap(60)).toHaveLength(0);
    expect(await reap(40)).toHaveLength(1);
  });

  test("competing reapers take a job once", async () => {
    await expireLease(sql, await running());
    const reaped = await Promise.all(Array.from({ length: 5 }, () => reap()));
    expect(reaped.flat()).toHaveLength(1);
  });
});

test("ended jobs go after their retention, in batches, and no others", async () => {
  const old = await Promise.all(Array.from({ length: 3 }, () => add()));
  for (const job of await claim()) await completeJob(sql, job, done);
  await sql`update jobs set finished_at = now() - interval '25 hours'`;
  const fresh = await running();
  await completeJob(sql, fresh, done);
  const active = await add();
  expect(await deleteEndedJobs(sql, 24, 2)).toBe(2);
  expect(await deleteEndedJobs(sql, 24, 2)).toBe(old.length - 2);
  const left = await listJobs(sql, { status: undefined, kind: undefined, limit: 10, offset: 0 });
  expect(ids(left)).toEqual([active, fresh.id].sort());
});

test("jobs are listed newest first, filtered and paged", async () => {
  const all: string[] = [];
  for (const kind of ["a", "b", "a", "b"]) all.unshift(await add({ kind }));
  const list = async (filter: Partial<Parameters<typeof listJobs>[1]>) =>
    (await listJobs(sql, { status: undefined, kind: undefined, limit: 10, offset: 0, ...filter })).map(({ id }) => id);
  expect(await list({})).toEqual(all);
  expect(await list({ limit: 2, offset: 1 })).toEqual(all.slice(1, 3));
  expect(await list({ kind: "b" })).toEqual([all[0]!, all[2]!]);
  await cancelJob(sql, all[3]!);
  expect(await list({ status: "failed" })).toEqual([all[3]!]);
  expect(await list({ status: "queued", kind: "a" })).toEqual([all[1]!]);
});

test("jobs are counted by their state", async () => {
  await completeJob(sql, await running(), done);
  await running();
  await add();
  await add();
  expect(await countJobs(sql)).toEqual({ done: 1, running: 1, queued: 2 });
});
