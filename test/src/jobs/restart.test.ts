/** PostgreSQL crashing and coming back under a working queue: on a server of our own. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, openDatabase } from "../../../src/db/connect.ts";
import { layoutOf } from "../../../src/db/layout.ts";
import { migrate } from "../../../src/db/migrate.ts";
import { coreMigrations } from "../../../src/db/migrations.ts";
import { postmasterPid } from "../../../src/db/postmaster.ts";
import { listenForJobs, RESUMED_TOPIC } from "../../../src/jobs/notifications.ts";
import { persist } from "../../../src/jobs/persist.ts";
import { createJobQueue } from "../../../src/jobs/service.ts";
import { findJob } from "../../../src/jobs/store.ts";
import { TIMING } from "../../../src/jobs/timing.ts";
import { createWorker, type Worker } from "../../../src/jobs/worker.ts";
import { createEventHub } from "../../../src/lib/event-hub.ts";
import { testJob, WORKER_CONFIG } from "../../helpers/jobs.ts";
import { silentLogger } from "../../helpers/silent-logger.ts";
import { until } from "../../helpers/until.ts";

let folder: string;
let database: Database;
let worker: Worker | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "anicargo-restart-"));
  // As root the server is another user, who must be able to get there.
  await chmod(folder, 0o755);
  const config = { database_url: undefined, max_connections: 5, data_dir: folder };
  database = await openDatabase(config, silentLogger, { keepAlive: true });
  await migrate(database.sql, [{ name: "core", migrations: coreMigrations }], silentLogger);
}, 60_000);

afterEach(async () => {
  await worker?.stop();
  await database.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

/** Ends the server without a shutdown, as a crash does, and waits until another one answers. */
async function crash(): Promise<void> {
  const pid = (await postmasterPid(layoutOf(folder)))!;
  process.kill(pid, "SIGQUIT");
  await until(async () => {
    const now = await postmasterPid(layoutOf(folder));
    return now !== undefined && now !== pid;
  });
  await until(() => database.sql`select 1`.catch(() => false));
}

/** As it comes back it refuses some connections, and of those that were open some are not known to be broken. */
const patiently = <T>(call: () => Promise<T>): Promise<T> => persist(call, new AbortController().signal);

test("PostgreSQL restarted: a running job goes on and ends, waiting ones are done, notifications come back", async () => {
  const { sql } = database;
  const release = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  let runs = 0;
  const job = testJob(async ({ payload, progress, fence }) => {
    if (payload.name !== "long") return { result: payload.name };
    runs += 1;
    begun.resolve();
    progress({ done: 1 });
    await release.promise;
    await fence();
    return {
      result: "survived",
      commit: async (tx) => {
        await tx`create table committed (name text)`;
      },
    };
  });
  const events = createEventHub();
  const definitions = new Map([[job.kind as string, job]]);
  let resumed = 0;
  await listenForJobs(sql, events, silentLogger);
  events.subscribe(RESUMED_TOPIC, () => resumed++);
  const config = { ...WORKER_CONFIG, job_poll_interval_ms: 50 };
  worker = createWorker({ sql, definitions, config, events, log: silentLogger, timing: { ...TIMING, renewMs: 100 } });
  const queue = createJobQueue(sql, definitions, { job_max_attempts: 3 });
  await worker.start();

  const long = await queue.enqueue("test-job", { name: "long" });
  await begun.promise;
  // Claims do not wait for the disk, but this does, and takes all that came before it along.
  await queue.enqueue("test-job", { name: "durable" });
  await crash();
  const next = await patiently(() => queue.enqueue("test-job", { name: "next" }));
  const ended = async (id: string) => (await patiently(() => findJob(sql, id)))?.status === "done";
  await until(() => ended(next.id));
  await until(() => resumed >= 3);

  // The end of the run itself meets a database that is away.
  const crashing = crash();
  release.resolve();
  await crashing;
  await until(() => ended(long.id));
  expect(await patiently(() => findJob(sql, long.id))).toMatchObject({ attempts: 1, result: "survived" });
  expect(await patiently(() => sql`select from committed`)).toHaveLength(0);
  expect(runs).toBe(1);
}, 120_000);

test("a stop while PostgreSQL is away does not wait for it", async () => {
  const { sql } = database;
  const begun = Promise.withResolvers<void>();
  const job = testJob(async ({ signal }) => {
    begun.resolve();
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    throw signal.reason;
  });
  const definitions = new Map([[job.kind as string, job]]);
  const timing = { ...TIMING, shortWorkMs: 10, graceMs: 10, lastWritesMs: 10 };
  const events = createEventHub();
  const config = { ...WORKER_CONFIG, job_poll_interval_ms: 50 };
  worker = createWorker({ sql, definitions, config, events, log: silentLogger, timing });
  await worker.start();
  await createJobQueue(sql, definitions, { job_max_attempts: 3 }).enqueue("test-job", { name: "x" });
  await begun.promise;
  const pid = (await postmasterPid(layoutOf(folder)))!;
  process.kill(pid, "SIGSTOP");
  try {
    await worker.stop();
  } finally {
    process.kill(pid, "SIGCONT");
  }
}, 60_000);
