import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { createSurvey } from "../../../plugins/hls/index-job.ts";
import { listUnread } from "../../../plugins/hls/store.ts";
import { silentLogger } from "../../helpers/silent-logger.ts";
import { until } from "../../helpers/until.ts";
import { fixture, newFolder } from "./fixtures.ts";
import { type House, openHouse } from "./house.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const unread = () => listUnread(house.core.sql, "", 100);
const jobs = () => house.core.sql<{ priority: number }[]>`select priority from jobs where job_type = 'media-index'`;

test("reads everything in the library once, and remembers what cannot be read", async () => {
  const noise = join(newFolder(), "noise.mkv");
  await Bun.write(noise, crypto.getRandomValues(new Uint8Array(50_000)));
  for (const file of [await fixture("h264-aac.mkv"), await fixture("h264-aac.mp4"), noise]) await house.add(file);
  expect(await unread()).toHaveLength(3);
  expect(await house.readAll()).toEqual({ indexed: 2, failed: 1 });
  expect(await unread()).toEqual([]);
  expect(await house.readAll()).toEqual({ indexed: 0, failed: 0 });
});

test("reads more files than it asks for at once", async () => {
  const file = await fixture("silent.mkv");
  for (let i = 0; i < 60; i++) await house.add(file);
  expect(await house.readAll()).toEqual({ indexed: 60, failed: 0 });
});

test("reads a file again when the library has seen it change", async () => {
  const id = await house.add(await fixture("silent.mkv"));
  await house.readAll();
  await house.core.sql`update media_files set mtime = mtime + 1 where id = ${id}`;
  expect(await unread()).toEqual([id]);
  expect(await house.readAll()).toEqual({ indexed: 1, failed: 0 });
  await house.remove(id);
});

test("does not ask for ever for a file that was played before the library saw that it changed", async () => {
  const id = await house.add(await fixture("silent.mkv"));
  await house.hls.index(await house.hls.find(id));
  await house.core.sql`update media_files set mtime = mtime + 1 where id = ${id}`;
  await house.readAll();
  const left = await unread();
  await house.remove(id);
  expect(left).not.toContain(id);
});

test("asks about each file once, also when reading it leaves nothing behind", async () => {
  // Known to the database, and gone from the disk.
  const ids = Array.from({ length: 3 }, (_, i) => `${i}`.padStart(16, "f"));
  for (const id of ids) {
    await house.core.sql`insert into media_files (id, path, size, mtime, inode) values (${id}, ${id}, 1, 1, 1)`;
  }
  expect(await house.readAll()).toEqual({ indexed: 0, failed: 3 });
  expect(await unread()).toEqual(ids);
  await house.core.sql`delete from media_files where id in ${house.core.sql(ids)}`;
});

test("gives up where one missing file follows another: the disk is away", async () => {
  const ids = Array.from({ length: 70 }, (_, i) => `${i}`.padStart(16, "0"));
  const rows = ids.map((id) => ({ id, path: id, size: 1, mtime: 1, inode: 1 }));
  await house.core.sql`insert into media_files ${house.core.sql(rows)}`;
  const { failed } = await house.readAll();
  expect(failed).toBeGreaterThanOrEqual(20);
  expect(failed).toBeLessThan(70);
  await house.core.sql`delete from media_files where id in ${house.core.sql(ids)}`;
});

describe("the survey", () => {
  const survey = () => createSurvey({ ...house.core, log: silentLogger });

  test("asks for the job when there is something new, behind all other jobs, and once", async () => {
    await house.readAll();
    const idle = survey();
    await idle.start();
    await idle.stop();
    expect(await jobs()).toHaveLength(0);

    await house.add(await fixture("silent.mkv"));
    const [one, other] = [survey(), survey()];
    await Promise.all([one.start(), other.start()]);
    await until(async () => (await jobs()).length > 0);
    await Promise.all([one.stop(), other.stop()]);
    expect((await jobs()).map(({ priority }) => priority)).toEqual([-10]);
  });

  test("that cannot look says so, and goes on", async () => {
    const logged: string[] = [];
    const log = { ...silentLogger, warn: (message: string) => void logged.push(message) };
    const sql = (async () => {
      throw new Error("the database is away");
    }) as unknown as House["core"]["sql"];
    const blind = createSurvey({ ...house.core, sql, log });
    await blind.start();
    await blind.stop();
    expect(logged).toEqual(["new media files could not be looked for"]);
  });
});
