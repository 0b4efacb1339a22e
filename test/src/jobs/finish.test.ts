import { afterEach, describe, expect, test } from "bun:test";
import { NotFound, Unavailable } from "../../../src/errors.ts";
import type { JobContext, JobDefinition, Progress } from "../../../src/jobs/job.ts";
import { claimJob, failJob, saveProgress } from "../../../src/jobs/queue.ts";
import { findJob } from "../../../src/jobs/store.ts";
import { expireLease, makeDue, openWorkshop, testJob, type Workshop } from "../../helpers/jobs.ts";
import { until } from "../../helpers/until.ts";

let workshop: Workshop | undefined;
afterEach(async () => {
  await workshop?.close();
  workshop = undefined;
});

async function open(run: JobDefinition<"test-job">["run"], listen = true) {
  workshop = await openWorkshop([testJob(run)], { listen });
  return workshop;
}

const echo: JobDefinition<"test-job">["run"] = async ({ payload }) => ({ result: payload.name });
const add = async () => (await workshop!.queue.enqueue("test-job", { name: "a" })).id;
const asAnother = (id: string) =>
  claimJob(workshop!.sql, id, { worker: Bun.randomUUIDv7(), leaseSecs: 30, early: true }).then((claim) => claim!);

/** A command's worker: never started, no slots, polling quickly. */
const commandWorker = () =>
  workshop!.worker({ config: { job_workers: 0, job_poll_interval_ms: 10 }, timing: { renewMs: 50 } });

describe("seeing a job through", () => {
  test("runs it in this process, without a started worker and without slots", async () => {
    await open(echo);
    expect(await commandWorker().finish(await add())).toMatchObject({ status: "done", result: "a", attempts: 1 });
  });

  test("tells every progress of a run of its own at once", async () => {
    await open(async (job) => {
      for (let done = 1; done <= 50; done++) job.progress({ done });
      return { result: null };
    });
    const heard: Progress[] = [];
    const job = await commandWorker().finish(await add(), (progress) => heard.push(progress));
    expect(heard.map(({ done }) => done)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    expect(job.progress).toEqual({ done: 50 });
  });

  test("a listener that throws does not break the run", async () => {
    await open(async (job) => {
      job.progress({ done: 1 });
      return { result: null };
    });
    const finishing = commandWorker().finish(await add(), () => {
      throw new Error("the terminal is gone");
    });
    expect((await finishing).status).toBe("done");
  });

  test("follows the worker that runs it already, and does not run it twice", async () => {
    const runs: JobContext[] = [];
    const first = Promise.withResolvers<void>();
    await open(async (job) => {
      runs.push(job);
      job.progress({ done: 1, total: 2 });
      await first.promise;
      return { result: "theirs" };
    });
    await workshop!.worker().start();
    const id = await add();
    await until(() => runs.length > 0);
    const heard: Progress[] = [];
    const finishing = commandWorker().finish(id, (progress) => heard.push(progress));
    await until(() => heard.length > 0);
    expect(heard[0]).toEqual({ done: 1, total: 2 });
    first.resolve();
    expect(await finishing).toMatchObject({ status: "done", result: "theirs" });
    expect(runs).toHaveLength(1);
  });

  test("two processes that see the same job through run it once", async () => {
    let runs = 0;
    await open(async () => {
      runs += 1;
      return { result: runs };
    });
    const id = await add();
    const ends = await Promise.all([commandWorker().finish(id), commandWorker().finish(id)]);
    expect(ends.map(({ result }) => result)).toEqual([1, 1]);
  });

  test("takes the job over when the worker that it follows dies", async () => {
    await open(echo);
    const id = await add();
    const dead = await asAnother(id);
    const finishing = commandWorker().finish(id);
    await expireLease(workshop!.sql, dead);
    expect(await finishing).toMatchObject({ status: "done", attempts: 2, result: "a" });
  });

  test("a job of which the code is elsewhere is followed only", async () => {
    await open(echo);
    const id = await add();
    await workshop!.sql`update jobs set job_type = 'elsewhere' where id = ${id}`;
    const theirs = await asAnother(id);
    const heard: Progress[] = [];
    const finishing = commandWorker().finish(id, (progress) => heard.push(progress));
    await saveProgress(workshop!.sql, theirs, { done: 3 });
    await until(() => heard.length > 0);
    await workshop!.queue.cancel(id);
    await failJob(workshop!.sql, theirs, { error: "x", fatal: true, delaySecs: 0, progress: undefined });
    expect(await finishing).toMatchObject({ status: "failed", last_error: "cancelled" });
  });

  test("works with notifications dead", async () => {
    await open(echo, false);
    const id = await add();
    const theirs = await asAnother(id);
    const finishing = commandWorker().finish(id);
    await failJob(workshop!.sql, theirs, { error: "x", fatal: true, delaySecs: 0, progress: undefined });
    expect(await finishing).toMatchObject({ status: "failed", last_error: "x" });
  });

  test("a job that waits for its retry runs now, because a person asked; the retries after that wait", async () => {
    let runs = 0;
    await open(async () => {
      runs += 1;
      if (runs < 2) throw new Error("not yet");
      return { result: runs };
    });
    const id = await add();
    const theirs = await asAnother(id);
    await failJob(workshop!.sql, theirs, { error: "x", fatal: false, delaySecs: 3600, progress: undefined });
    const finishing = commandWorker().finish(id);
    await until(() => runs === 1);
    await workshop!.reaches(id, "retry");
    await makeDue(workshop!.sql, id);
    expect(await finishing).toMatchObject({ status: "done", attempts: 3, result: 2 });
  });

  test("a job that fails for good is a result, not an error", async () => {
    await open(async () => {
      throw new Error("bug");
    });
    const { id } = await workshop!.queue.enqueue("test-job", { name: "a" }, { maxAttempts: 1 });
    expect((await commandWorker().finish(id)).status).toBe("failed");
  });

  test("an unknown job is not found", async () => {
    await open(echo);
    await expect(commandWorker().finish(Bun.randomUUIDv7())).rejects.toBeInstanceOf(NotFound);
  });

  test("stopping hands the job back at once and ends the wait with an error", async () => {
    const begun = Promise.withResolvers<void>();
    await open(
      (job) =>
        new Promise((_, reject) => {
          begun.resolve();
          job.signal.addEventListener("abort", () => reject(job.signal.reason));
        }),
    );
    const worker = workshop!.worker({ timing: { shortWorkMs: 60_000 } });
    const id = await add();
    const finishing = worker.finish(id);
    await begun.promise;
    const [error] = await Promise.all([finishing.catch((thrown: unknown) => thrown), worker.stop()]);
    expect(error).toBeInstanceOf(Unavailable);
    expect(await findJob(workshop!.sql, id)).toMatchObject({ status: "queued", attempts: 0 });
    await expect(worker.finish(id)).rejects.toBeInstanceOf(Unavailable);
  });
});
