import { beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { acquireLock, breakLock } from "../../../plugins/hls/lock.ts";
import { newOwner, startTime } from "../../../plugins/hls/owner.ts";
import { until } from "../../helpers/until.ts";
import { newFolder } from "./fixtures.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

let home: string;
let folder: string;
beforeEach(() => {
  home = newFolder();
  folder = join(home, "key.tmp");
});

/** A lock as another process on another host would hold it, last heard of some seconds ago. */
async function foreignLock(secondsAgo: number): Promise<void> {
  await mkdir(join(folder, "output"), { recursive: true });
  await writeFile(join(folder, "owner.json"), JSON.stringify({ ...newOwner(), space: "elsewhere" }));
  const then = new Date(Date.now() - secondsAgo * 1000);
  await utimes(join(folder, "owner.json"), then, then);
}

test("one of many who try at once gets it; after its release, the next one does", async () => {
  const tries = await Promise.all(Array.from({ length: 20 }, () => acquireLock(folder, 60)));
  const got = tries.filter((lock) => lock !== null);
  expect(got).toHaveLength(1);
  await got[0]!.release();
  expect(await readdir(home)).toEqual([]);
  const next = await acquireLock(folder, 60);
  expect(next).not.toBeNull();
  await next!.release();
});

test("a published output is there as a whole, under its own name", async () => {
  const lock = (await acquireLock(folder, 60))!;
  await writeFile(join(lock.output, "index.m3u8"), "x");
  await lock.publish(join(home, "key"));
  await lock.release();
  expect(await readdir(home)).toEqual(["key"]);
  expect(await readdir(join(home, "key"))).toEqual(["index.m3u8"]);
});

test("what somebody else published meanwhile stays", async () => {
  const lock = (await acquireLock(folder, 60))!;
  await mkdir(join(home, "key"));
  await writeFile(join(home, "key/index.m3u8"), "theirs");
  await writeFile(join(lock.output, "index.m3u8"), "ours");
  await lock.publish(join(home, "key"));
  await lock.release();
  expect(await Bun.file(join(home, "key/index.m3u8")).text()).toBe("theirs");
  expect(await readdir(home)).toEqual(["key"]);
});

test("R18: a dead owner on this host blocks nobody, and its ffmpeg is ended", async () => {
  const holder = Bun.spawn([process.execPath, join(import.meta.dir, "hold-lock.ts"), folder], { stdout: "pipe" });
  const { value } = await holder.stdout.getReader().read();
  const child = Number(new TextDecoder().decode(value));
  expect(await acquireLock(folder, 3600)).toBeNull();
  holder.kill("SIGKILL");
  await holder.exited;
  expect(startTime(child)).not.toBeNull();
  const lock = await acquireLock(folder, 3600);
  expect(lock).not.toBeNull();
  await until(() => startTime(child) === null);
  await lock!.release();
  expect(await readdir(home)).toEqual([]);
});

test("of many who find a dead owner's lock at once, one gets it", async () => {
  await foreignLock(100);
  const tries = await Promise.all(Array.from({ length: 20 }, () => acquireLock(folder, 60)));
  expect(tries.filter((lock) => lock !== null)).toHaveLength(1);
  await tries.find((lock) => lock !== null)!.release();
  expect(await readdir(home)).toEqual([]);
});

test("an owner elsewhere that was heard of lately holds it; one silent for longer than lock_timeout_secs does not", async () => {
  await foreignLock(50);
  expect(await acquireLock(folder, 60)).toBeNull();
  const lock = await acquireLock(folder, 40);
  expect(lock).not.toBeNull();
  await lock!.release();
});

test("a living owner is heard of again and again", async () => {
  const lock = (await acquireLock(folder, 1))!;
  const owner = join(folder, "owner.json");
  const first = (await stat(owner)).mtimeMs;
  await until(async () => (await stat(owner)).mtimeMs > first);
  await lock.release();
});

test("an owner whose lock was taken over publishes nothing and removes nothing of the new one's", async () => {
  const old = (await acquireLock(folder, 60))!;
  await rm(folder, { recursive: true });
  const lock = (await acquireLock(folder, 60))!;
  await writeFile(join(lock.output, "half"), "");
  await expect(old.publish(join(home, "key"))).rejects.toThrow("took over");
  await old.release();
  expect(await readdir(lock.output)).toEqual(["half"]);
  await lock.release();
});

test("one that died over removing a dead lock holds the next one up for a minute at most", async () => {
  await foreignLock(100);
  const { lock } = (await Bun.file(join(folder, "owner.json")).json()) as { lock: string };
  const claim = join(folder, `broken-${lock}`);
  await writeFile(claim, "");
  expect(await acquireLock(folder, 60)).toBeNull();
  const then = new Date(Date.now() - 61_000);
  await utimes(claim, then, then);
  expect(await acquireLock(folder, 60)).toBeNull();
  const next = await acquireLock(folder, 60);
  expect(next).not.toBeNull();
  await next!.release();
});

test("a folder that does not say whose it is waits for lock_timeout_secs", async () => {
  await mkdir(folder);
  expect(await breakLock(folder, 60)).toBeFalse();
  const then = new Date(Date.now() - 61_000);
  await utimes(folder, then, then);
  expect(await breakLock(folder, 60)).toBeTrue();
  expect(await readdir(home)).toEqual([]);
});

test("a lock that is gone is broken", async () => {
  expect(await breakLock(folder, 60)).toBeTrue();
});
