import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Sql } from "postgres";
import { createPool } from "../../../src/db/pool.ts";
import { CANCELS_TOPIC, JOBS_TOPIC, jobTopic, listenForJobs, RESUMED_TOPIC } from "../../../src/jobs/notifications.ts";
import { claimJob, completeJob, renewLeases, saveProgress } from "../../../src/jobs/queue.ts";
import { cancelJob, insertJob } from "../../../src/jobs/store.ts";
import { createEventHub, type EventHub } from "../../../src/lib/event-hub.ts";
import { type TestDatabase, testDatabase } from "../../helpers/database.ts";
import { openWorkshop, testJob } from "../../helpers/jobs.ts";
import { silentLogger } from "../../helpers/silent-logger.ts";
import { until } from "../../helpers/until.ts";

let database: TestDatabase;
let sql: Sql;
let events: EventHub;
let listener: { close(): Promise<void> };

beforeEach(async () => {
  database = await testDatabase();
  sql = database.sql;
  events = createEventHub();
  listener = await listenForJobs(sql, events, silentLogger);
});
afterEach(async () => {
  await listener.close();
  await database.drop();
});

const ID = Bun.randomUUIDv7();
const add = (db: Parameters<typeof insertJob>[0], id = ID, delaySecs = 0) =>
  insertJob(db, { id, kind: "a", payload: {}, dedupKey: id, priority: 0, delaySecs, maxAttempts: 3 });

/** What is heard on a topic. */
function ear(topic: string): unknown[] {
  const heard: unknown[] = [];
  events.subscribe(topic, (data) => heard.push(data));
  return heard;
}

/** Everything sent before this was heard when it resolves: notifications come in the order of their commits. */
async function silence(): Promise<void> {
  const mark = Bun.randomUUIDv7();
  const heard = ear(jobTopic(mark));
  await sql.notify("anicargo_job_changes", mark);
  await until(() => heard.length > 0);
}

/** Breaks the listening connection from the server's side. */
const breakListening = () =>
  sql`select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' and datname = current_database()`;

describe("notifications", () => {
  test("new work is announced by its kind, a thousand jobs of one transaction once", async () => {
    const heard = ear(JOBS_TOPIC);
    await sql.begin((tx) => Promise.all(Array.from({ length: 1000 }, () => add(tx, Bun.randomUUIDv7()))));
    await silence();
    expect(heard).toEqual(["a"]);
  });

  test("work for later is not announced", async () => {
    const heard = ear(JOBS_TOPIC);
    await add(sql, ID, 60);
    await silence();
    expect(heard).toEqual([]);
  });

  test("every change of status or progress is announced, a renewed lease is not", async () => {
    const heard = ear(jobTopic(ID));
    await add(sql);
    const claim = (await claimJob(sql, ID, { worker: Bun.randomUUIDv7(), leaseSecs: 30, early: false }))!;
    await saveProgress(sql, claim, { done: 1 });
    await saveProgress(sql, claim, { done: 1 });
    await renewLeases(sql, claim.worker, [claim], 30);
    await completeJob(sql, claim, { result: null, progress: undefined, commit: undefined });
    await silence();
    expect(heard).toHaveLength(3);
  });

  test("the cancel of a running job is announced, that of a waiting one is only a change", async () => {
    const cancels = ear(CANCELS_TOPIC);
    await add(sql);
    await claimJob(sql, ID, { worker: Bun.randomUUIDv7(), leaseSecs: 30, early: false });
    const waiting = Bun.randomUUIDv7();
    await add(sql, waiting);
    const changes = ear(jobTopic(waiting));
    await cancelJob(sql, ID);
    await cancelJob(sql, waiting);
    await silence();
    expect(cancels).toEqual([ID]);
    expect(changes).toHaveLength(1);
  });

  test("after the connection broke they come again, and everybody is told to look", async () => {
    const resumed = ear(RESUMED_TOPIC);
    const heard = ear(JOBS_TOPIC);
    await breakListening();
    await until(() => resumed.length >= 3);
    await add(sql);
    await until(() => heard.length > 0);
  });

  test("nothing is published after the end, not even after a reconnect", async () => {
    const resumed = ear(RESUMED_TOPIC);
    await breakListening();
    await until(() => resumed.length >= 3);
    await listener.close();
    const heard = [...ear(JOBS_TOPIC), ...ear(jobTopic(ID))];
    await add(sql);
    await cancelJob(sql, ID);
    const other = createEventHub();
    const second = await listenForJobs(sql, other, silentLogger);
    const mark = Promise.withResolvers<unknown>();
    other.subscribe(JOBS_TOPIC, mark.resolve);
    await add(sql, Bun.randomUUIDv7());
    await mark.promise;
    expect(heard).toEqual([]);
    await second.close();
  });

  test("a database that cannot be reached keeps nobody from starting", async () => {
    const nowhere = createPool("postgres://anicargo@localhost/x?host=/nowhere", 1, silentLogger);
    const deaf = await listenForJobs(nowhere, events, silentLogger);
    await deaf.close();
    await nowhere.end({ timeout: 0 });
  });
});

test("with the listening connection broken work starts by polling, and listening comes back", async () => {
  const workshop = await openWorkshop([testJob(async () => ({ result: null }))]);
  try {
    await workshop.worker({ config: { job_poll_interval_ms: 10 } }).start();
    const kill = () => workshop.sql`
      select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' and datname = current_database()`;
    let resumed = 0;
    workshop.events.subscribe(RESUMED_TOPIC, () => resumed++);
    await kill();
    const { id } = await workshop.queue.enqueue("test-job", { name: "while deaf" });
    await workshop.reaches(id, "done");
    await until(() => resumed >= 3);
  } finally {
    await workshop.close();
  }
});
