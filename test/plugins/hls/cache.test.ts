import { beforeEach, describe, expect, test } from "bun:test";
import { mkdir, readdir, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Cache, openCache, renditionKey } from "../../../plugins/hls/cache.ts";
import { acquireLock } from "../../../plugins/hls/lock.ts";
import { newFolder } from "./fixtures.ts";

const ID = "0123456789abcdef";
const KEY = "aaaaaaaaaaaaaaaa";
const OTHER = "bbbbbbbbbbbbbbbb";
const HOUR_MS = 3_600_000;

let root: string;
let cache: Cache;
beforeEach(() => {
  root = join(newFolder(), "hls");
  cache = openCache(root, 3600);
});

async function rendition(key: string, idleMs = 0): Promise<string> {
  const folder = cache.folder(ID, key);
  await mkdir(folder, { recursive: true });
  for (const name of ["index.m3u8", "seg_0.m4s", "init.mp4"]) await writeFile(join(folder, name), name);
  const then = new Date(Date.now() - idleMs);
  await utimes(folder, then, then);
  return folder;
}

describe("the key of a rendition", () => {
  const settings = { segment_secs: 6, playlist_len: 0, transcode: false };
  const key = renditionKey("1 2 3", settings);

  test("is the same for the same content and settings", () => {
    expect(renditionKey("1 2 3", { ...settings })).toBe(key);
    expect(key).toMatch(/^[0-9a-f]{16}$/);
  });

  test("is another one when anything of it changes (R6)", () => {
    const others = [
      renditionKey("1 2 4", settings),
      renditionKey("1 2 3", { ...settings, segment_secs: 4 }),
      renditionKey("1 2 3", { ...settings, playlist_len: 3 }),
      renditionKey("1 2 3", { ...settings, transcode: true }),
    ];
    expect(new Set([key, ...others]).size).toBe(5);
  });
});

describe("opening a file", () => {
  test("gives its real path", async () => {
    const folder = await rendition(KEY);
    expect(await cache.open(ID, KEY, "seg_0.m4s")).toBe(join(folder, "seg_0.m4s"));
    expect(await cache.has(ID, KEY)).toBeTrue();
  });

  test.each([
    [ID, KEY, "seg_1.m4s"],
    [ID, OTHER, "seg_0.m4s"],
    [ID, KEY, "../../../etc/passwd"],
    [ID, "..", "index.m3u8"],
    ["..", KEY, "index.m3u8"],
    [ID, KEY, "index.m3u8/../init.mp4"],
    [ID, KEY, "seg_0.m4s\0"],
    [ID.toUpperCase(), KEY, "index.m3u8"],
  ])("S1: %j %j %j is nothing", async (id, key, name) => {
    await rendition(KEY);
    expect(await cache.open(id, key, name)).toBeNull();
  });

  test("S1: a link that leads out is nothing, also to a folder whose name begins the same", async () => {
    const folder = await rendition(KEY);
    await mkdir(`${folder}2`);
    await writeFile(join(`${folder}2`, "secret"), "secret");
    await symlink(join(`${folder}2`, "secret"), join(folder, "seg_7.m4s"));
    expect(await cache.open(ID, KEY, "seg_7.m4s")).toBeNull();
  });

  test("an empty file is nothing", async () => {
    const folder = await rendition(KEY);
    await writeFile(join(folder, "seg_1.m4s"), "");
    expect(await cache.open(ID, KEY, "seg_1.m4s")).toBeNull();
  });

  test("works when the cache folder itself is a link", async () => {
    await rendition(KEY);
    const link = join(newFolder(), "link");
    await symlink(root, link);
    expect(await openCache(link, 3600).open(ID, KEY, "seg_0.m4s")).toBe(join(root, ID, KEY, "seg_0.m4s"));
  });

  test("leaves the time where every process sees it", async () => {
    const folder = await rendition(KEY, 5 * HOUR_MS);
    await cache.open(ID, KEY, "seg_0.m4s");
    expect(Date.now() - (await stat(folder)).mtimeMs).toBeLessThan(HOUR_MS);
  });
});

describe("sweeping", () => {
  const current = (key: string | null | undefined) => async () => key;

  test("removes an old rendition that nobody asks for any more, and keeps the current one", async () => {
    await rendition(KEY, 2 * HOUR_MS);
    await rendition(OTHER, 2 * HOUR_MS);
    await cache.sweep(current(KEY));
    expect(await readdir(join(root, ID))).toEqual([KEY]);
  });

  test("R24: keeps an old rendition that somebody plays", async () => {
    await rendition(KEY, 2 * HOUR_MS);
    await rendition(OTHER, 2 * HOUR_MS);
    await cache.open(ID, OTHER, "seg_0.m4s");
    await cache.sweep(current(KEY));
    expect((await readdir(join(root, ID))).sort()).toEqual([KEY, OTHER]);
  });

  test("removes everything of an item that is gone for good", async () => {
    await rendition(KEY, 2 * HOUR_MS);
    await cache.sweep(current(null));
    expect(await readdir(root)).toEqual([]);
  });

  test("removes nothing of an item of which nothing is known, like one on a disk that is away", async () => {
    await rendition(KEY, 2 * HOUR_MS);
    await cache.sweep(current(undefined));
    expect(await cache.has(ID, KEY)).toBeTrue();
  });

  test("R18: removes what dead processes left, and leaves the living alone", async () => {
    const home = join(root, ID);
    const lock = (await acquireLock(cache.lock(ID, KEY), 3600))!;
    await mkdir(join(home, `${OTHER}.tmp`, "output"), { recursive: true });
    const dead = { lock: "x", ...(await Bun.file(join(cache.lock(ID, KEY), "owner.json")).json()), started: "1" };
    await writeFile(join(home, `${OTHER}.tmp`, "owner.json"), JSON.stringify(dead));
    await mkdir(join(home, `${OTHER}.old-1234`));
    await cache.sweep(current(KEY));
    expect(await readdir(home)).toEqual([`${KEY}.tmp`]);
    await lock.release();
  });

  test("leaves alone what is not ours", async () => {
    await mkdir(join(root, "notes"), { recursive: true });
    await writeFile(join(root, "notes", "README"), "mine");
    await cache.sweep(current(null));
    expect(await readdir(join(root, "notes"))).toEqual(["README"]);
  });

  test("is content without a cache folder", async () => {
    await openCache(join(root, "missing"), 3600).sweep(current(null));
  });
});
