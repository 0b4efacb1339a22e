import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Cache, openCache } from "../../../plugins/hls/cache.ts";
import { unitsToEvict } from "../../../plugins/hls/eviction.ts";
import { acquireLock } from "../../../plugins/hls/lock.ts";
import { newFolder } from "./fixtures.ts";

const MINUTE_MS = 60_000;
const MIB = 2 ** 20;
const [ONE, TWO] = ["0000000000000001", "0000000000000002"];
const [A, B, C] = ["aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc"];

describe("what is chosen", () => {
  const unit = (path: string, idleMinutes: number) => ({ path, bytes: 10, idleMs: idleMinutes * MINUTE_MS });
  const units = [unit("b", 30), unit("d", 5), unit("a", 60), unit("c", 20), unit("making", 0)];
  const chosen = (excess: number) => unitsToEvict(units, excess).map(({ path }) => path);

  test("is nothing while it fits", () => {
    expect(chosen(0)).toEqual([]);
    expect(chosen(-1)).toEqual([]);
  });

  test("goes by the last request, the oldest first, and no further than needed", () => {
    expect(chosen(1)).toEqual(["a"]);
    expect(chosen(10)).toEqual(["a"]);
    expect(chosen(11)).toEqual(["a", "b"]);
  });

  test("R24: is never what was asked for in the last ten minutes", () => {
    expect(chosen(1000)).toEqual(["a", "b", "c"]);
  });
});

let root: string;
beforeEach(() => {
  root = join(newFolder(), "hls");
});

const open = (maxBytes: number, at = root): Cache => openCache({ root: at, lockTimeoutSecs: 3600, maxBytes });

/** A folder of 100 bytes. */
async function folder(mediaId: string, key: string, idleMinutes: number, bytes = 100): Promise<string> {
  const path = join(root, mediaId, key);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, "video_0.m4s"), new Uint8Array(bytes));
  const then = new Date(Date.now() - idleMinutes * MINUTE_MS);
  await utimes(path, then, then);
  return path;
}

/** `media id/key`, sorted. */
async function left(): Promise<string[]> {
  const homes = await readdir(root);
  const keys = await Promise.all(
    homes.map(async (home) => (await readdir(join(root, home))).map((k) => `${home}/${k}`)),
  );
  return keys.flat().sort();
}

describe("evicting", () => {
  test("removes whole folders of any item until the rest fits", async () => {
    await folder(ONE, A, 40);
    await folder(ONE, B, 20);
    await folder(TWO, C, 30);
    expect(await open(250).evict()).toBe(100);
    expect(await left()).toEqual([`${ONE}/${B}`, `${TWO}/${C}`]);
    expect(await open(199).evict()).toBe(100);
    // The folder of the item goes with the last one in it.
    expect(await readdir(root)).toEqual([ONE]);
  });

  test("makes room for what is about to be written", async () => {
    await folder(ONE, A, 40);
    await folder(ONE, B, 20);
    expect(await open(300).evict()).toBe(0);
    expect(await open(300).evict(150)).toBe(100);
    expect(await left()).toEqual([`${ONE}/${B}`]);
  });

  test("without a limit removes nothing", async () => {
    await folder(ONE, A, 600);
    expect(await open(Number.POSITIVE_INFINITY).evict()).toBe(0);
    expect(await left()).toEqual([`${ONE}/${A}`]);
  });

  test("R24: leaves what another process was just asked for, however full it is", async () => {
    await folder(ONE, A, 40);
    await folder(ONE, B, 20);
    await open(1).open(ONE, A, "video_0.m4s");
    expect(await open(1).evict()).toBe(100);
    expect(await left()).toEqual([`${ONE}/${A}`]);
  });

  test("counts what is being made, and takes neither that nor its folder away", async () => {
    await folder(ONE, A, 40);
    await folder(TWO, B, 20);
    const lock = (await acquireLock(open(1).lock(ONE, A), 3600))!;
    await writeFile(join(lock.output, "source.mkv"), new Uint8Array(1000));
    expect(await open(1100).evict()).toBe(100);
    expect(await left()).toEqual([`${ONE}/${A}`, `${ONE}/${A}.tmp`]);
    await lock.release();
    expect(await open(1).evict()).toBe(100);
    expect(await readdir(root)).toEqual([]);
  });

  test("does not count twice what another process is removing", async () => {
    await folder(ONE, `${A}.old-1234`, 40, 1000);
    await folder(ONE, B, 40);
    expect(await open(100).evict()).toBe(0);
    expect(await left()).toEqual([`${ONE}/${A}.old-1234`, `${ONE}/${B}`]);
  });

  test("by several processes at once frees what one would", async () => {
    for (let n = 0; n < 20; n++) await folder(ONE, n.toString(16).padStart(16, "0"), 100 - n);
    await Promise.all([open(1000).evict(), open(1000).evict(), open(1000).evict()]);
    expect(await left()).toHaveLength(10);
    expect((await left())[0]).toBe(`${ONE}/000000000000000a`);
  });

  test("neither counts nor removes what is not ours", async () => {
    await folder("notes", A, 40);
    await folder(ONE, "notes", 40);
    await folder(TWO, B, 40);
    expect(await open(100).evict()).toBe(0);
    expect(await open(99).evict()).toBe(100);
    expect(await left()).toEqual([`${ONE}/notes`, `notes/${A}`]);
  });

  test("follows no link out of the cache", async () => {
    const outside = newFolder();
    await writeFile(join(outside, "film.mkv"), new Uint8Array(1000));
    const path = await folder(ONE, A, 0);
    await Bun.spawn(["ln", "-s", outside, join(path, "out")]).exited;
    const then = new Date(Date.now() - 40 * MINUTE_MS);
    await utimes(path, then, then);
    expect(await open(500).evict()).toBe(0);
    expect(await open(50).evict()).toBeGreaterThan(0);
    expect(await readdir(outside)).toEqual(["film.mkv"]);
  });

  test("is content without a cache folder", async () => {
    expect(await open(1, join(root, "missing")).evict()).toBe(0);
  });
});

const mount = async (at: string, options: string) =>
  (await Bun.spawn(["mount", "-t", "tmpfs", "-o", options, "tmpfs", at], { stderr: "ignore" }).exited) === 0;

describe("R23: on a disk that is full", () => {
  const disks = [newFolder(), newFolder()] as const;
  let mounted = false;
  beforeAll(async () => {
    mounted = (await mount(disks[0], `size=${8 * MIB}`)) && (await mount(disks[1], `size=${8 * MIB},nr_inodes=8`));
    if (!mounted) console.warn("SKIPPED: a small disk cannot be mounted without being root");
  });
  afterAll(async () => {
    for (const disk of mounted ? disks : []) await Bun.spawn(["umount", disk]).exited;
  });

  test("a file is not stored, nothing is left of it, and a twentieth stays free for others", async () => {
    if (!mounted) return;
    const cache = open(Number.POSITIVE_INFINITY, disks[0]);
    const bytes = new Uint8Array(MIB);
    const answers = [];
    for (let n = 0; n < 9; n++) answers.push(await cache.put(ONE, A, `video_${n}.m4s`, bytes));
    expect(answers.slice(0, 7)).toEqual(Array(7).fill(null));
    expect(answers.slice(7).map((error) => error?.message)).toEqual(
      Array(2).fill("the disk of the cache folder (media.cache_dir) is full"),
    );
    expect(await readdir(cache.folder(ONE, A))).toHaveLength(7);
    expect(await cache.put(ONE, A, "video_9.m4s", new Uint8Array(MIB / 2))).toBeNull();
  });

  test("what nobody asked for lately makes room again", async () => {
    if (!mounted) return;
    root = disks[0];
    const cache = open(Number.POSITIVE_INFINITY);
    const then = new Date(Date.now() - 40 * MINUTE_MS);
    await utimes(cache.folder(ONE, A), then, then);
    expect(await cache.evict(2 * MIB)).toBeGreaterThan(7 * MIB);
    expect(await cache.put(TWO, B, "video_0.m4s", new Uint8Array(2 * MIB))).toBeNull();
  });

  test("one that is full in another way is told like the rest", async () => {
    if (!mounted) return;
    const cache = open(Number.POSITIVE_INFINITY, disks[1]);
    const answers = [];
    for (let n = 0; n < 9; n++) answers.push(await cache.put(ONE, A, `video_${n}.m4s`, new Uint8Array(10)));
    expect(answers[0]).toBeNull();
    expect(answers[8]).toHaveProperty("code", "ENOSPC");
    const stored = answers.filter((answer) => answer === null);
    expect(await readdir(cache.folder(ONE, A))).toHaveLength(stored.length);
  });
});
