/** Workers and queues as the program wires them, with a clockwork that fits a test. */
import type { Sql } from "postgres";
import { Type } from "typebox";
import type { AnyJob, Job, JobDefinition, JobQueue } from "../../src/jobs/job.ts";
import { listenForJobs } from "../../src/jobs/notifications.ts";
import type { Claim } from "../../src/jobs/queue.ts";
import { createJobQueue } from "../../src/jobs/service.ts";
import { findJob } from "../../src/jobs/store.ts";
import { TIMING, type Timing } from "../../src/jobs/timing.ts";
import { createWorker, type Worker, type WorkerConfig } from "../../src/jobs/worker.ts";
import { createEventHub, type EventHub } from "../../src/lib/event-hub.ts";
import { type TestDatabase, testDatabase } from "./database.ts";
import { silentLogger } from "./silent-logger.ts";
import { until } from "./until.ts";

declare global {
  interface AnicargoJobs {
    "test-job": { name: string };
  }
}

/** Longer than any test: what happens all the same was not waited for, but told. */
export const NEVER_MS = 3_600_000;

export const WORKER_CONFIG: WorkerConfig = {
  job_workers: 2,
  job_poll_interval_ms: NEVER_MS,
  job_retention_hours: 168,
  job_cleanup_interval_secs: 3600,
  job_running_timeout_secs: 3600,
};

/** A kind whose runs do what the test says. */
export const testJob = (
  run: JobDefinition<"test-job">["run"],
  rest: Partial<JobDefinition<"test-job">> = {},
): JobDefinition<"test-job"> => ({
  kind: "test-job",
  payload: Type.Object({ name: Type.String() }),
  concurrency: 100,
  run,
  ...rest,
});

export interface Workshop {
  database: TestDatabase;
  sql: Sql;
  events: EventHub;
  queue: JobQueue;
  /** A worker with these settings; stopped at the end of the test. */
  worker(options?: { config?: Partial<WorkerConfig>; timing?: Partial<Timing>; sql?: Sql; events?: EventHub }): Worker;
  /** Resolves with the job when it is in this state. */
  reaches(id: string, status: Job["status"]): Promise<Job>;
  close(): Promise<void>;
}

/** A database with a queue for these kinds. */
export async function openWorkshop(jobs: readonly AnyJob[], { listen = true } = {}): Promise<Workshop> {
  const database = await testDatabase();
  const { sql } = database;
  const definitions = new Map(jobs.map((job) => [job.kind as string, job]));
  const events = createEventHub();
  const listener = listen ? await listenForJobs(sql, events, silentLogger) : undefined;
  const workers: Worker[] = [];
  return {
    database,
    sql,
    events,
    queue: createJobQueue(sql, definitions, { job_max_attempts: 3 }),
    worker: ({ config, timing, ...rest } = {}) => {
      const worker = createWorker({
        sql,
        definitions,
        events,
        log: silentLogger,
        config: { ...WORKER_CONFIG, ...config },
        timing: { ...TIMING, shortWorkMs: 0, ...timing },
        ...rest,
      });
      workers.push(worker);
      return worker;
    },
    reaches: async (id, status) => {
      await until(async () => (await findJob(sql, id))?.status === status);
      return (await findJob(sql, id))!;
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
      await listener?.close();
      await database.drop();
    },
  };
}

/** Lets the lease of a claim run out, as time would. */
export async function expireLease(sql: Sql, { id }: Pick<Claim, "id">): Promise<void> {
  await sql`update jobs set lease_until = now() - interval '1 second' where id = ${id}`;
}

/** Brings the next run of a waiting job forward, as time would. */
export async function makeDue(sql: Sql, id: string): Promise<void> {
  await sql`update jobs set run_at = now() where id = ${id}`;
}
