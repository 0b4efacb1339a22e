/** What one process makes, no other makes meanwhile; of one that is dead, the next takes over. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { acquireLock } from "../../../../plugins/hls/lock.ts";
import { startTime } from "../../../../plugins/hls/owner.ts";
import type { Hls } from "../../../../plugins/hls/service.ts";
import { JobSnooze } from "../../../../src/plugin.ts";
import { until } from "../../../helpers/until.ts";
import { fixture } from "../fixtures.ts";
import { type House, openHouse } from "../house.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(60_000);

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const foldersOf = (id: string) => readdir(join(house.cacheDir, "hls", id));

const JOBS = {
  hls: {
    add: async () => house.add(await fixture("silent.mkv")),
    keyOf: async (id: string) => (await house.show(id)).stream.key,
    run: async (id: string, hls?: Hls) => (await house.make(id, {}, hls)).result,
  },
  remux: {
    add: async () => house.add(await fixture("h264-aac.ts")),
    keyOf: async (id: string) => house.hls.remuxOf(await house.hls.find(id)).key,
    run: async (id: string, hls?: Hls) => (await house.remux(id, {}, hls)).result,
  },
};

describe.each(["hls", "remux"] as const)("a lock of the %s job", (kind) => {
  const { add, keyOf, run } = JOBS[kind];
  const place = async () => {
    const id = await add();
    const lock = house.hls.cache.lock(id, await keyOf(id));
    return { id, lock, owner: join(lock, "owner.json") };
  };

  test("of a living process is respected; once that is killed, its ffmpeg is ended and the work is done", async () => {
    const { id, lock } = await place();
    const holder = Bun.spawn([process.execPath, join(import.meta.dir, "../hold-lock.ts"), lock], { stdout: "pipe" });
    const { value } = await holder.stdout.getReader().read();
    const child = Number(new TextDecoder().decode(value));
    await expect(run(id)).rejects.toBeInstanceOf(JobSnooze);
    holder.kill("SIGKILL");
    await holder.exited;
    expect(await run(id)).toMatchObject({ made: true });
    await until(() => startTime(child) === null);
    expect(await foldersOf(id)).toEqual([await keyOf(id)]);
  });

  test("of a process whose number another one has now is nobody's", async () => {
    const { id, lock, owner } = await place();
    const theirs = (await acquireLock(lock, 3600))!;
    await Bun.write(owner, JSON.stringify({ ...(await Bun.file(owner).json()), started: "1" }));
    expect(await run(id)).toMatchObject({ made: true });
    await theirs.release();
  });

  test("of another boot or host is respected for lock_timeout_secs after it was last heard of", async () => {
    const { id, lock, owner } = await place();
    const theirs = (await acquireLock(lock, 3600))!;
    await Bun.write(owner, JSON.stringify({ ...(await Bun.file(owner).json()), space: "host another-boot pid:[1]" }));
    const heard = new Date(Date.now() - 50_000);
    await utimes(owner, heard, heard);
    await expect(run(id, house.with({ lock_timeout_secs: 3600 }))).rejects.toBeInstanceOf(JobSnooze);
    expect(await run(id, house.with({ lock_timeout_secs: 40 }))).toMatchObject({ made: true });
    await theirs.release();
    expect(await foldersOf(id)).toEqual([await keyOf(id)]);
  });

  test("lets the other job do its work", async () => {
    const { id, lock } = await place();
    const theirs = (await acquireLock(lock, 3600))!;
    await expect(house.hls.sweep()).resolves.toBeUndefined();
    await expect(run(id)).rejects.toBeInstanceOf(JobSnooze);
    expect(await JOBS[kind].run(await add())).toMatchObject({ made: true });
    await theirs.release();
  });
});

test.each([
  ["no byte", new Uint8Array()],
  ["zeros", new Uint8Array(20_000)],
])("a copy of which a power failure left %s is made again, and read", async (_what, bytes) => {
  const id = await JOBS.remux.add();
  const { file } = await house.remux(id);
  await Bun.write(file, bytes);
  expect(await house.remux(id)).toMatchObject({ result: { made: true }, index: { duration: expect.closeTo(5, 0) } });
  expect(await foldersOf(id)).toHaveLength(1);
});
