import { afterEach, describe, expect, test } from "bun:test";
import { AppError } from "../../../src/errors.ts";
import { FatalJobError, type JobContext, type JobDefinition, JobSnooze } from "../../../src/jobs/job.ts";
import { claimJobs } from "../../../src/jobs/queue.ts";
import { findJob } from "../../../src/jobs/store.ts";
import { expireLease, openWorkshop, testJob, type Workshop } from "../../helpers/jobs.ts";
import { until } from "../../helpers/until.ts";

type Context = JobContext<"test-job">;

let workshop: Workshop | undefined;
afterEach(async () => {
  await workshop?.close();
  workshop = undefined;
});

/** A workshop with one kind, whose runs are handed to the test as they start. */
async function open(
  run: JobDefinition<"test-job">["run"],
  rest: Partial<JobDefinition<"test-job">> = {},
  listen = true,
) {
  workshop = await openWorkshop([testJob(run, rest)], { listen });
  return workshop;
}

/** Runs that last until their signal aborts, and then end as the signal says. */
function holding() {
  const runs: Context[] = [];
  const run = (job: Context) => {
    runs.push(job);
    return new Promise<never>((_, reject) => {
      job.signal.addEventListener("abort", () => reject(job.signal.reason));
    });
  };
  return { runs, run, started: () => until(() => runs.length > 0) };
}

const add = async (name = "a") => (await workshop!.queue.enqueue("test-job", { name })).id;

describe("starting", () => {
  test("new work starts by its notification, without polling", async () => {
    const { queue, reaches, worker } = await open(async ({ payload }) => ({ result: payload }));
    await worker().start();
    const { id } = await queue.enqueue("test-job", { name: "x" });
    expect(await reaches(id, "done")).toMatchObject({ result: { name: "x" }, attempts: 1, last_error: null });
  });

  test("without notifications new work starts by polling", async () => {
    const { reaches, worker } = await open(async () => ({ result: null }), {}, false);
    await worker({ config: { job_poll_interval_ms: 10 } }).start();
    await reaches(await add(), "done");
  });

  test("work that waited before the start is done, many jobs after each other in few slots", async () => {
    const { sql, worker } = await open(async () => ({ result: null }));
    await Promise.all(Array.from({ length: 40 }, (_, i) => add(String(i))));
    await worker().start();
    await until(async () => (await sql`select from jobs where status = 'done'`).length === 40);
  });

  test("no more jobs run at once than there are slots, and than the kind allows", async () => {
    let now = 0;
    let most = 0;
    const run = async () => {
      most = Math.max(most, ++now);
      await Bun.sleep(2);
      now -= 1;
      return { result: null };
    };
    const { sql, worker } = await open(run, { concurrency: 3 });
    const allDone = async () => (await sql`select from jobs where status <> 'done'`).length === 0;
    await Promise.all(Array.from({ length: 12 }, (_, i) => add(String(i))));
    await worker({ config: { job_workers: 8 } }).start();
    await until(allDone);
    expect(most).toBe(3);
    most = 0;
    await Promise.all(Array.from({ length: 12 }, (_, i) => add(String(i))));
    await workshop!.worker({ config: { job_workers: 2 } }).start();
    await until(allDone);
  });

  test("a process with no workers runs nothing, but looks after abandoned jobs", async () => {
    const { sql, worker, reaches } = await open(async () => ({ result: null }));
    const id = await add();
    await claimJobs(sql, {
      worker: Bun.randomUUIDv7(),
      leaseSecs: 30,
      free: [{ kind: "test-job", slots: 1 }],
      limit: 1,
      except: [],
    });
    await expireLease(sql, { id });
    await worker({ config: { job_workers: 0 } }).start();
    await reaches(id, "retry");
  });

  test("ended jobs beyond their retention are removed", async () => {
    const { sql, queue, worker } = await open(async () => ({ result: null }));
    const id = await add();
    await queue.cancel(id);
    await sql`update jobs set finished_at = now() - interval '3 hours'`;
    await worker({ config: { job_retention_hours: 2 } }).start();
    await until(async () => (await queue.get(id)) === null);
  });

  test("a retention of 0 keeps ended jobs", async () => {
    const { sql, queue, reaches, worker } = await open(async () => ({ result: null }));
    const id = await add();
    await queue.cancel(id);
    await sql`update jobs set finished_at = now() - interval '10 years'`;
    await worker({ config: { job_retention_hours: 0 } }).start();
    await reaches(await add(), "done");
    expect(await queue.get(id)).not.toBeNull();
  });
});

describe("a run", () => {
  test("reports progress that others can read, its last one with the end", async () => {
    const seen = Promise.withResolvers<void>();
    const { sql, reaches, worker } = await open(async (job) => {
      for (let done = 1; done <= 100; done++) job.progress({ done, total: 200, note: "reading" });
      await seen.promise;
      job.progress({ done: 200, total: 200 });
      return { result: null };
    });
    await worker({ timing: { progressMs: 1 } }).start();
    const id = await add();
    await until(async () => (await findJob(sql, id))?.progress?.done === 100);
    seen.resolve();
    expect((await reaches(id, "done")).progress).toEqual({ done: 200, total: 200 });
  });

  test("that fails is tried again later; everybody reads a message that gives nothing away", async () => {
    const { reaches, sql, worker } = await open(async () => {
      throw new Error("ENOENT: /home/somebody/secret");
    });
    await worker().start();
    const id = await add();
    expect(await reaches(id, "retry")).toMatchObject({ attempts: 1, finished_at: null });
    expect((await findJob(sql, id))?.last_error).toBe("internal error: the log has the details under this job's id");
    const [row] = await sql`select run_at > now() as later from jobs where id = ${id}`;
    expect(row?.later).toBe(true);
  });

  test("that fails with an error for readers shows it", async () => {
    const { reaches, worker } = await open(async () => {
      throw new AppError("the folder is empty", 500, 1);
    });
    await worker().start();
    expect((await reaches(await add(), "retry")).last_error).toBe("the folder is empty");
  });

  test("that fails for good is not tried again", async () => {
    const { reaches, worker } = await open(async () => {
      throw new FatalJobError("not a video");
    });
    await worker().start();
    expect(await reaches(await add(), "failed")).toMatchObject({ attempts: 1, last_error: "not a video" });
  });

  test("that snoozes keeps its attempt", async () => {
    const { reaches, worker } = await open(async () => {
      throw new JobSnooze(3600, "rate limited until later");
    });
    await worker().start();
    const job = await reaches(await add(), "retry");
    expect(job).toMatchObject({ attempts: 0, last_error: "rate limited until later" });
  });

  test("whose commit throws, or whose result cannot be stored, has failed", async () => {
    const { reaches, sql, worker } = await open(async ({ payload }) =>
      payload.name === "result"
        ? { result: "\0" }
        : {
            result: 1,
            commit: async (tx) => {
              await tx`create table half (name text)`;
              throw new FatalJobError("the commit was refused");
            },
          },
    );
    await worker().start();
    expect(await reaches(await add("commit"), "failed")).toMatchObject({
      last_error: "the commit was refused",
      result: null,
    });
    expect(await sql`select from pg_class where relname = 'half'`).toHaveLength(0);
    await reaches(await add("result"), "retry");
  });

  test("does not begin when the payload is none of this version's", async () => {
    let ran = false;
    const { reaches, sql, worker } = await open(async () => {
      ran = true;
      return { result: null };
    });
    const id = await add();
    await sql`update jobs set payload = '{"title":"old"}' where id = ${id}`;
    await worker().start();
    expect((await reaches(id, "failed")).last_error).toContain("does not understand the job");
    expect(ran).toBe(false);
  });

  test("that takes too long is aborted and tried again", async () => {
    const { run } = holding();
    const { reaches, worker } = await open(run);
    await worker({ config: { job_running_timeout_secs: 0.01 } }).start();
    expect((await reaches(await add(), "retry")).last_error).toBe("stopped after 0.01 s");
  });

  test("that ignores its signal loses its slot", async () => {
    const release = Promise.withResolvers<void>();
    const { reaches, worker } = await open(async ({ payload }) => {
      if (payload.name === "deaf") await release.promise;
      return { result: null };
    });
    await worker({ config: { job_workers: 1, job_running_timeout_secs: 0.01 }, timing: { graceMs: 1 } }).start();
    const deaf = await add("deaf");
    await reaches(deaf, "retry");
    await reaches(await add("next"), "done");
    release.resolve();
    expect((await reaches(deaf, "retry")).attempts).toBe(1);
  });
});

describe("the fence", () => {
  test("holds while the claim does", async () => {
    const { reaches, worker } = await open(async (job) => {
      await job.fence();
      return { result: "renamed" };
    });
    await worker().start();
    expect((await reaches(await add(), "done")).result).toBe("renamed");
  });

  test("rejects and aborts when the job was handed on", async () => {
    const rejected = Promise.withResolvers<unknown>();
    const { sql, worker } = await open(async (job) => {
      await sql`update jobs set worker = ${Bun.randomUUIDv7()} where id = ${job.id}`;
      await job.fence().catch(rejected.resolve);
      expect(job.signal.aborted).toBe(true);
      return { result: "renamed all the same" };
    });
    await worker().start();
    const id = await add();
    expect(await rejected.promise).toMatchObject({ message: "the job was given to another worker" });
    await workshop!.worker().stop();
    expect(await findJob(sql, id)).toMatchObject({ status: "running", result: null });
  });

  test("rejects when the job was cancelled", async () => {
    const { queue, reaches, worker } = await open(async (job) => {
      await queue.cancel(job.id);
      await job.fence();
      return { result: "renamed all the same" };
    });
    await worker().start();
    expect(await reaches(await add(), "failed")).toMatchObject({ last_error: "cancelled", result: null });
  });
});

describe("a running job", () => {
  test("that is cancelled hears it by notification", async () => {
    const { run, started } = holding();
    const { queue, reaches, worker } = await open(run);
    await worker().start();
    const id = await add();
    await started();
    expect(await queue.cancel(id)).toBe("cancelled");
    expect(await reaches(id, "failed")).toMatchObject({ last_error: "cancelled" });
    expect(await queue.cancel(id)).toBe("ended");
  });

  test("that is cancelled hears it at the next renewal when notifications are lost", async () => {
    const { run, started } = holding();
    const { queue, reaches, worker } = await open(run, {}, false);
    await worker({ config: { job_poll_interval_ms: 10 }, timing: { renewMs: 10 } }).start();
    const id = await add();
    await started();
    await queue.cancel(id);
    expect(await reaches(id, "failed")).toMatchObject({ last_error: "cancelled" });
  });

  test("keeps its lease for as long as it runs", async () => {
    const { runs, run, started } = holding();
    const { sql, worker } = await open(run);
    const lease = async () => (await sql<{ lease_until: Date }[]>`select lease_until from jobs`)[0]!.lease_until;
    await worker({ timing: { renewMs: 10 } }).start();
    await add();
    await started();
    for (let i = 0; i < 3; i++) {
      const before = await lease();
      await until(async () => (await lease()) > before);
    }
    expect(runs).toHaveLength(1);
  });

  test("whose lease was lost is aborted, and only its new worker ends it", async () => {
    const { runs, run, started } = holding();
    const { sql, reaches, worker } = await open(run);
    await worker({ timing: { renewMs: 10 } }).start();
    const id = await add();
    await started();
    const other = Bun.randomUUIDv7();
    await sql`update jobs set worker = ${other}, attempts = 2 where id = ${id}`;
    await until(() => runs[0]?.signal.aborted);
    expect(runs[0]?.signal.reason).toMatchObject({ message: "the job was given to another worker" });
    await sql`update jobs set status = 'done', worker = null, lease_until = null, finished_at = now() where id = ${id}`;
    expect(await reaches(id, "done")).toMatchObject({ attempts: 2, last_error: null });
  });
});

test("a claim that a crash of PostgreSQL took back is given up, and the job claimed anew", async () => {
  const { runs, run, started } = holding();
  const { sql, worker } = await open(run);
  await worker({ config: { job_poll_interval_ms: 10 }, timing: { renewMs: 10 } }).start();
  await add();
  await started();
  await sql`update jobs set status = 'queued', worker = null, lease_until = null, attempts = 0`;
  await until(() => runs.length === 2);
  expect(runs[0]?.signal.reason).toMatchObject({ message: "the job was given to another worker" });
  expect(runs[1]?.signal.aborted).toBe(false);
  expect(runs[1]?.attempt).toBe(1);
});

describe("stopping", () => {
  test("short work ends as it would have", async () => {
    const ending = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const { sql, worker } = await open(async () => {
      begun.resolve();
      await ending.promise;
      return { result: "whole" };
    });
    const one = worker({ timing: { shortWorkMs: 60_000 } });
    await one.start();
    const id = await add();
    await begun.promise;
    const stopped = one.stop();
    ending.resolve();
    await stopped;
    expect(await findJob(sql, id)).toMatchObject({ status: "done", result: "whole" });
  });

  test("long work goes back to the queue with its attempt unspent, and another worker takes it", async () => {
    const { runs, run, started } = holding();
    const { sql, worker } = await open(run);
    const one = worker();
    await one.start();
    const id = await add();
    await started();
    await one.stop();
    expect(await findJob(sql, id)).toMatchObject({ status: "queued", attempts: 0, last_error: null });
    expect(runs[0]?.signal.reason).toMatchObject({ message: "the program is stopping" });
    await worker().start();
    await until(() => runs.length === 2);
    expect(runs[1]?.attempt).toBe(1);
  });

  test("work that ignores its signal goes back as well", async () => {
    const begun = Promise.withResolvers<void>();
    const { sql, worker } = await open(async () => {
      begun.resolve();
      return new Promise<never>(() => {});
    });
    const one = worker({ timing: { graceMs: 1 } });
    await one.start();
    const id = await add();
    await begun.promise;
    await one.stop();
    expect(await findJob(sql, id)).toMatchObject({ status: "queued", attempts: 0 });
  });

  test("nothing is claimed any more, and what a claim under way still brings goes back", async () => {
    const { runs, run } = holding();
    const { sql, worker } = await open(run, {}, false);
    const one = worker({ config: { job_poll_interval_ms: 1 }, timing: { shortWorkMs: 60_000 } });
    const id = await add();
    let stopped: Promise<void> | undefined;
    await sql.begin(async (tx) => {
      await tx`lock table jobs in exclusive mode`;
      await one.start();
      // The claim waits for our lock, the stop for the claim.
      await until(async () => (await sql`select from pg_locks where not granted`).length > 0);
      stopped = one.stop();
    });
    await stopped;
    expect(runs).toHaveLength(0);
    expect(await findJob(sql, id)).toMatchObject({ status: "queued", attempts: 0 });
    await add("later");
    expect(await sql`select from jobs where status <> 'queued'`).toHaveLength(0);
  });

  test("stopping twice, or before the start, is fine", async () => {
    const { worker } = await open(async () => ({ result: null }));
    const one = worker();
    await Promise.all([one.stop(), one.stop()]);
    await one.stop();
  });
});
