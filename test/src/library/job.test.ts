import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { renameSync, rmSync, symlinkSync } from "node:fs";
import type { CoreConfig } from "../../../src/config/schema.ts";
import type { AnyJob, Job, JobQueue } from "../../../src/jobs/job.ts";
import { createJobQueue } from "../../../src/jobs/service.ts";
import { createWorker, type Worker } from "../../../src/jobs/worker.ts";
import { createEventHub } from "../../../src/lib/event-hub.ts";
import { enqueueIndex, indexJob } from "../../../src/library/job.ts";
import { listEntries } from "../../../src/library/store.ts";
import { type TestDatabase, testDatabase } from "../../helpers/database.ts";
import { recordingLogger, section } from "../../helpers/http.ts";
import { type MediaTree, mediaTree } from "../../helpers/media-tree.ts";
import { silentLogger } from "../../helpers/silent-logger.ts";

let database: TestDatabase;
let tree: MediaTree;
let jobs: JobQueue;
let worker: Worker;
let log: ReturnType<typeof recordingLogger>;

beforeEach(async () => {
  database = await testDatabase();
  tree = mediaTree("Show - 01.mkv", "Show - 02.mkv");
  use(tree.root);
});
afterEach(async () => {
  await worker.stop();
  tree.remove();
  await database.drop();
});

/** A queue and a worker for this library. */
function use(media_dir: string | undefined, cache_dir = "/nowhere/cache") {
  const { sql } = database;
  const config = {
    media: { media_dir, cache_dir },
    db: { data_dir: "/nowhere/data" } as CoreConfig["db"],
    server: section("server", { max_scan_concurrency: 3 }),
  };
  log = recordingLogger();
  const definition = indexJob(sql, config, log);
  expect(definition.concurrency).toBe(3);
  const definitions = new Map<string, AnyJob>([["index", definition]]);
  jobs = createJobQueue(sql, definitions, config.server);
  worker = createWorker({ sql, definitions, events: createEventHub(), log: silentLogger, config: config.server });
}

const index = async (allowRemovals = false): Promise<Job> =>
  worker.finish((await enqueueIndex(jobs, allowRemovals)).id);
const logged = () => log.lines.map((line) => line.message);

test("the result is what the contract says, and the log has the summary", async () => {
  const job = await index();
  expect(job.status).toBe("done");
  expect(job.result).toEqual({ scanned: 2, upserted: 2, parsed: 2, skipped: 0, removed: 0 });
  expect(logged()).toEqual(["indexed 2 files (parsed 2, skipped 0, removed 0)"]);
});

test("two who ask at the same time get the same job; who asks for more gets another", async () => {
  const [first, second, third] = await Promise.all([
    enqueueIndex(jobs, false),
    enqueueIndex(jobs, false),
    enqueueIndex(jobs, true),
  ]);
  expect(first.id).toBe(second.id);
  expect(third.id).not.toBe(first.id);
});

test("a payload of another shape is refused", async () => {
  expect(jobs.enqueue("index", { allow_removals: "yes" } as never)).rejects.toBeInstanceOf(TypeError);
  expect(jobs.enqueue("index", { root: "/" } as never)).rejects.toBeInstanceOf(TypeError);
});

test("S5 links that lead out are logged once, with their number", async () => {
  symlinkSync("/etc/hostname", tree.path("a.mkv"));
  symlinkSync("/etc", tree.path("b"));
  await index();
  expect(logged().filter((line) => line.includes("lead out"))).toEqual([
    "links that lead out of the media folder and were not followed: 2",
  ]);
});

test("R10 the cache folder inside the library is not indexed", async () => {
  tree.file("streams/hls/x/seg_0.ts");
  use(tree.root, tree.path("streams"));
  expect((await index()).result).toMatchObject({ scanned: 2 });
});

describe("R1 when the library is missing", () => {
  test("the job fails at once and for good, says what to do, names no path, and removes nothing", async () => {
    await index();
    renameSync(tree.root, `${tree.root}-away`);
    const job = await index();
    expect([job.status, job.attempts]).toEqual(["failed", 1]);
    expect(job.last_error).toBe(
      "the media folder (media.media_dir) does not exist: mount or create it; nothing was removed",
    );
    expect((await listEntries(database.sql, {}, {})).length).toBe(2);
    renameSync(`${tree.root}-away`, tree.root);
    expect((await index()).result).toMatchObject({ skipped: 2 });
  });

  test("and no folder is set, it says which key", async () => {
    use(undefined);
    expect((await index()).last_error).toContain("media.media_dir");
  });
});

test("R1 what is held back is in the result and in the log, and `allow_removals` overrides it", async () => {
  await index();
  rmSync(tree.path("Show - 01.mkv"));
  rmSync(tree.path("Show - 02.mkv"));
  const { result } = await index();
  expect(result).toMatchObject({ removed: 0, warnings: [expect.stringContaining("the media folder is empty")] });
  expect(logged().some((line) => line.includes("the media folder is empty"))).toBe(true);
  expect((await index(true)).result).toEqual({ scanned: 0, upserted: 0, parsed: 0, skipped: 0, removed: 2 });
});
