/** What only real processes can show: being killed, frozen and terminated. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { findJob } from "../../../src/jobs/store.ts";
import type { Timing } from "../../../src/jobs/timing.ts";
import type { WorkerConfig } from "../../../src/jobs/worker.ts";
import { openWorkshop, testJob, type Workshop } from "../../helpers/jobs.ts";
import { until } from "../../helpers/until.ts";

const SCRIPT = join(import.meta.dir, "../../helpers/worker-process.ts");
/** A lease that a test can wait for, and yet a busy machine can keep. */
const SHORT: Partial<Timing> = { leaseSecs: 2, renewMs: 200 };

let workshop: Workshop;
let children: Bun.Subprocess[] = [];

beforeEach(async () => {
  workshop = await openWorkshop([testJob(async () => ({ result: null }))]);
  await workshop.sql`create table runs (job uuid, pid int)`;
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  await Promise.all(children.map((child) => child.exited));
  children = [];
  await workshop.close();
});

/** Starts a worker in a process of its own; resolves when it claims. */
async function spawn(config: Partial<WorkerConfig> = {}, timing: Partial<Timing> = {}) {
  const child = Bun.spawn(
    [process.execPath, SCRIPT, workshop.database.url, JSON.stringify(config), JSON.stringify(timing)],
    { stdout: "pipe", stderr: "inherit" },
  );
  children.push(child);
  let output = "";
  void (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of child.stdout) output += decoder.decode(chunk, { stream: true });
  })();
  const says = (line: string) => until(() => output.includes(`${line}\n`));
  await says("ready");
  return { child, says };
}

const add = async (name: string) => (await workshop.queue.enqueue("test-job", { name })).id;

describe("worker processes", () => {
  test("four with four slots each run every one of 300 jobs once", async () => {
    await Promise.all(Array.from({ length: 4 }, () => spawn({ job_workers: 4, job_poll_interval_ms: 50 })));
    const jobs = await Promise.all(Array.from({ length: 300 }, (_, i) => add(String(i))));
    const { sql } = workshop;
    await until(async () => (await sql`select from jobs where status = 'done'`).length === jobs.length);
    const runs = await sql<{ job: string; pid: number }[]>`select job, pid from runs`;
    expect(runs.map(({ job }) => job).sort()).toEqual(jobs.sort());
    expect(await sql`select from jobs where attempts <> 1`).toHaveLength(0);
    expect(new Set(runs.map(({ pid }) => pid)).size).toBeGreaterThan(1);
  }, 30_000);

  test("the job of one that is killed runs again elsewhere", async () => {
    const first = await spawn({}, SHORT);
    const id = await add("hold");
    await first.says(`started ${id} 1`);
    first.child.kill("SIGKILL");
    await first.child.exited;
    const second = await spawn({}, SHORT);
    await second.says(`started ${id} 2`);
    expect(await findJob(workshop.sql, id)).toMatchObject({
      status: "running",
      attempts: 2,
      last_error: "the worker stopped answering",
    });
  }, 30_000);

  test("a job that kills its process every time is failed when its attempts are spent", async () => {
    const { id } = await workshop.queue.enqueue("test-job", { name: "hold" }, { maxAttempts: 2 });
    for (const attempt of [1, 2]) {
      const victim = await spawn({}, SHORT);
      await victim.says(`started ${id} ${attempt}`);
      victim.child.kill("SIGKILL");
      await victim.child.exited;
    }
    await spawn({}, SHORT);
    expect(await workshop.reaches(id, "failed")).toMatchObject({ attempts: 2 });
  }, 30_000);

  test("one that was frozen until its job was handed on can say nothing about it", async () => {
    const frozen = await spawn({}, SHORT);
    const id = await add("hold");
    await frozen.says(`started ${id} 1`);
    frozen.child.kill("SIGSTOP");
    const second = await spawn({}, SHORT);
    await second.says(`started ${id} 2`);
    frozen.child.kill("SIGCONT");
    // Thawed, it hears that the job is lost; its run claims to be done at that moment. Then it is ready for other work.
    second.child.kill("SIGSTOP");
    const next = await add("other");
    await frozen.says(`started ${next} 1`);
    await workshop.reaches(next, "done");
    second.child.kill("SIGCONT");
    expect(await findJob(workshop.sql, id)).not.toMatchObject({ result: "held to the end" });
  }, 30_000);

  test("one that is terminated hands its job back unspent and ends by itself", async () => {
    const first = await spawn({}, { shortWorkMs: 50 });
    const id = await add("obey");
    await first.says(`started ${id} 1`);
    first.child.kill("SIGTERM");
    expect(await first.child.exited).toBe(0);
    expect(await findJob(workshop.sql, id)).toMatchObject({ status: "queued", attempts: 0, last_error: null });
    const second = await spawn();
    await second.says(`started ${id} 1`);
  }, 30_000);

  test("one that is terminated lets short work end", async () => {
    const { child, says } = await spawn({}, { shortWorkMs: 20_000 });
    const id = await add("hold");
    await says(`started ${id} 1`);
    child.kill("SIGTERM");
    await workshop.queue.cancel(id);
    expect(await child.exited).toBe(0);
    expect(await findJob(workshop.sql, id)).toMatchObject({ status: "failed", last_error: "cancelled" });
  }, 30_000);
});
