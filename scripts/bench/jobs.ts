/**
 * Measures the job queue on a real database: claim and complete a second, enqueue to start in milliseconds.
 *
 * bun scripts/bench/jobs.ts [DATABASE_URL]
 *
 * Without an argument on a fresh embedded PostgreSQL in a temporary folder, which is as durable as a user's (fsync on).
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sql } from "postgres";
import { Type } from "typebox";
import { openDatabase } from "../../src/db/connect.ts";
import { migrate } from "../../src/db/migrate.ts";
import { coreMigrations } from "../../src/db/migrations.ts";
import type { AnyJob, JobDefinition } from "../../src/jobs/job.ts";
import { listenForJobs } from "../../src/jobs/notifications.ts";
import { createJobQueue } from "../../src/jobs/service.ts";
import { createWorker } from "../../src/jobs/worker.ts";
import { createEventHub } from "../../src/lib/event-hub.ts";
import type { Logger } from "../../src/log.ts";
import { machine } from "./machine.ts";

declare global {
  interface AnicargoJobs {
    bench: { number: number };
  }
}

const JOBS = 3000;
const LATENCIES = 500;
const nothing = () => {};
const log: Logger = {
  error: console.error,
  warn: console.error,
  info: nothing,
  debug: nothing,
  trace: nothing,
  child: () => log,
};

const folder = await mkdtemp(join(tmpdir(), "anicargo-bench-"));
// Started by root, the server runs as another user, who must be able to get there.
await chmod(folder, 0o755);
const database = await openDatabase({ database_url: process.argv[2], max_connections: 5, data_dir: folder }, log);
try {
  await migrate(database.sql, [{ name: "core", migrations: coreMigrations }], log);
  await describe(database.sql);
  for (const workers of [2, 8]) await throughput(database.sql, workers);
  await latency(database.sql);
} finally {
  await database.close();
  await rm(folder, { recursive: true, force: true });
}

async function describe(sql: Sql): Promise<void> {
  const [server] = await sql`
    select current_setting('server_version') as version, current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as commit`;
  console.log(machine());
  console.log(
    `database    PostgreSQL ${server!.version} (${database.kind}), fsync ${server!.fsync}, synchronous_commit ${server!.commit}`,
  );
}

/** Claims, runs and completes many jobs that do nothing. */
async function throughput(sql: Sql, workers: number): Promise<void> {
  const all = Promise.withResolvers<void>();
  let runs = 0;
  const { queue, worker, close } = await setUp(sql, workers, () => {
    runs += 1;
    if (runs === JOBS) all.resolve();
  });
  for (let number = 0; number < JOBS; number += 100)
    await Promise.all(Array.from({ length: 100 }, (_, i) => queue.enqueue("bench", { number: number + i })));
  const began = performance.now();
  await worker.start();
  await all.promise;
  await worker.stop();
  const secs = (performance.now() - began) / 1000;
  const [left] = await sql`select count(*) from jobs where status <> 'done'`;
  if (left!.count !== 0) throw new Error(`${left!.count} jobs are not done`);
  console.log(
    `throughput  ${Math.round(JOBS / secs)} jobs/s claimed and completed with ${workers} slots (target 500; ${JOBS} jobs)`,
  );
  await close();
}

/** From the call of enqueue to the first line of the job's code, on an idle worker. */
async function latency(sql: Sql): Promise<void> {
  let started = Promise.withResolvers<number>();
  const { queue, worker, close } = await setUp(sql, 2, () => started.resolve(performance.now()));
  await worker.start();
  const times: number[] = [];
  for (let number = 0; number < LATENCIES; number++) {
    started = Promise.withResolvers();
    const began = performance.now();
    const { id } = await queue.enqueue("bench", { number });
    times.push((await started.promise) - began);
    await worker.finish(id);
  }
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.floor(times.length * part)]!.toFixed(2);
  console.log(
    `latency     enqueue to start p50 ${at(0.5)} ms, p95 ${at(0.95)} ms (target p50 10 ms; ${LATENCIES} jobs)`,
  );
  await worker.stop();
  await close();
}

async function setUp(sql: Sql, workers: number, onRun: () => void) {
  await sql`truncate jobs`;
  const run = async () => {
    onRun();
    return { result: null };
  };
  const definition: JobDefinition<"bench"> = {
    kind: "bench",
    payload: Type.Object({ number: Type.Number() }),
    concurrency: 64,
    run,
  };
  const definitions = new Map([["bench", definition as AnyJob]]);
  const events = createEventHub();
  const { close } = await listenForJobs(sql, events, log);
  const config = {
    job_workers: workers,
    job_poll_interval_ms: 500,
    job_retention_hours: 168,
    job_cleanup_interval_secs: 3600,
    job_running_timeout_secs: 3600,
  };
  return {
    queue: createJobQueue(sql, definitions, { job_max_attempts: 3 }),
    worker: createWorker({ sql, definitions, config, log, events }),
    close,
  };
}
