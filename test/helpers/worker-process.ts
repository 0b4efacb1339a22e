/**
 * A real process with a worker, for tests that kill one: `bun worker-process.ts DATABASE_URL CONFIG TIMING` (two JSON objects).
 * Says `ready`, then a line `started <id> <attempt>` a run. A job named `hold` lasts until it is aborted and then claims to be
 * done; one named `obey` fails instead; any other leaves a row in the table `runs`.
 */
import { createPool } from "../../src/db/pool.ts";
import { listenForJobs } from "../../src/jobs/notifications.ts";
import { TIMING } from "../../src/jobs/timing.ts";
import { createWorker } from "../../src/jobs/worker.ts";
import { createEventHub } from "../../src/lib/event-hub.ts";
import { testJob, WORKER_CONFIG } from "./jobs.ts";
import { silentLogger } from "./silent-logger.ts";

const [url, config, timing] = process.argv.slice(2);
const sql = createPool(url!, 5, silentLogger);
const events = createEventHub();

const job = testJob(async ({ id, attempt, payload, signal }) => {
  console.log(`started ${id} ${attempt}`);
  if (payload.name === "hold" || payload.name === "obey") {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    if (payload.name === "obey") signal.throwIfAborted();
    return { result: "held to the end" };
  }
  await sql`insert into runs (job, pid) values (${id}, ${process.pid})`;
  return { result: process.pid };
});

await listenForJobs(sql, events, silentLogger);
const worker = createWorker({
  sql,
  definitions: new Map([[job.kind, job]]),
  config: { ...WORKER_CONFIG, ...JSON.parse(config!) },
  timing: { ...TIMING, ...JSON.parse(timing!) },
  log: silentLogger,
  events,
});
process.on("SIGTERM", async () => {
  await worker.stop();
  await sql.end();
});
await worker.start();
console.log("ready");
