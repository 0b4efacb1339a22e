import { beforeEach, describe, expect, test } from "bun:test";
import { mkdir, readdir, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Cache, openCache, renditionKey } from "../../../plugins/hls/cache.ts";
import { acquireLock } from "../../../plugins/hls/lock.ts";
import { until } from "../../helpers/until.ts";
import { newFolder } from "./fixtures.ts";

const ID = "0123456789abcdef";
const KEY = "aaaaaaaaaaaaaaaa";
const OTHER = "bbbbbbbbbbbbbbbb";
const HOUR_MS = 3_600_000;

let root: string;
let cache: Cache;
beforeEach(() => {
  root = join(newFolder(), "hls");
  cache = open(root);
});

const open = (at: string, maxBytes = Number.POSITIVE_INFINITY): Cache =>
  openCache({ root: at, lockTimeoutSecs: 3600, maxBytes });

async function rendition(key: string, idleMs = 0): Promise<string> {
  const folder = cache.folder(ID, key);
  await mkdir(folder, { recursive: true });
  for (const name of ["index.m3u8", "video_0.m4s", "init_video.mp4"]) await writeFile(join(folder, name), name);
  await lastAsked(folder, idleMs);
  return folder;
}

async function lastAsked(folder: string, idleMs: number): Promise<void> {
  const then = new Date(Date.now() - idleMs);
  await utimes(folder, then, then);
}

describe("the key of a rendition", () => {
  const recipe = { segment_secs: 6, codecs: ["h264", "aac"], height: null };
  const key = renditionKey("1-2-3", recipe);

  test("is the same for the same content and recipe", () => {
    expect(renditionKey("1-2-3", structuredClone(recipe))).toBe(key);
    expect(key).toMatch(/^[0-9a-f]{16}$/);
  });

  test("is another one when anything of it changes (R6)", () => {
    const others = [
      renditionKey("1-2-4", recipe),
      renditionKey("1-2-3", { ...recipe, segment_secs: 4 }),
      renditionKey("1-2-3", { ...recipe, codecs: ["h264", "flac"] }),
      renditionKey("1-2-3", { ...recipe, height: 0 }),
      renditionKey("1-2-3", "source"),
    ];
    expect(new Set([key, ...others]).size).toBe(6);
  });
});

describe("opening a file", () => {
  test("gives its real path", async () => {
    const folder = await rendition(KEY);
    expect(await cache.open(ID, KEY, "video_0.m4s")).toBe(join(folder, "video_0.m4s"));
    expect(await cache.has(ID, KEY)).toBeTrue();
  });

  test.each([
    [ID, KEY, "video_1.m4s"],
    [ID, OTHER, "video_0.m4s"],
    [ID, KEY, "../../../etc/passwd"],
    [ID, "..", "index.m3u8"],
    ["..", KEY, "index.m3u8"],
    [ID, KEY, "index.m3u8/../init_video.mp4"],
    [ID, KEY, "video_0.m4s\0"],
    [ID.toUpperCase(), KEY, "index.m3u8"],
    [ID, KEY, "owner.json"],
    [ID, KEY, "fonts/a.ttf"],
  ])("S1: %j %j %j is nothing", async (id, key, name) => {
    await rendition(KEY);
    expect(await cache.open(id, key, name)).toBeNull();
  });

  test("S1: a link that leads out is nothing, also to a folder whose name begins the same", async () => {
    const folder = await rendition(KEY);
    await mkdir(`${folder}2`);
    await writeFile(join(`${folder}2`, "secret"), "secret");
    await symlink(join(`${folder}2`, "secret"), join(folder, "video_7.m4s"));
    expect(await cache.open(ID, KEY, "video_7.m4s")).toBeNull();
  });

  test("an empty file is nothing", async () => {
    const folder = await rendition(KEY);
    await writeFile(join(folder, "video_1.m4s"), "");
    expect(await cache.open(ID, KEY, "video_1.m4s")).toBeNull();
  });

  test("works when the cache folder itself is a link", async () => {
    await rendition(KEY);
    const link = join(newFolder(), "link");
    await symlink(root, link);
    expect(await open(link).open(ID, KEY, "video_0.m4s")).toBe(join(root, ID, KEY, "video_0.m4s"));
  });

  test("tells whether there is one, and a whole rendition, without asking for it", async () => {
    const folder = await rendition(KEY, 5 * HOUR_MS);
    expect(await cache.has(ID, KEY, "video_0.m4s")).toBeTrue();
    expect(await cache.has(ID, KEY, "video_1.m4s")).toBeFalse();
    await rm(join(folder, "index.m3u8"));
    await lastAsked(folder, 5 * HOUR_MS);
    expect(await cache.has(ID, KEY)).toBeFalse();
    expect(Date.now() - (await stat(folder)).mtimeMs).toBeGreaterThan(HOUR_MS);
  });

  test("leaves the time where every process sees it", async () => {
    const folder = await rendition(KEY, 5 * HOUR_MS);
    await cache.open(ID, KEY, "video_0.m4s");
    expect(Date.now() - (await stat(folder)).mtimeMs).toBeLessThan(HOUR_MS);
  });
});

describe("sweeping", () => {
  const current = (keys: string[] | null | undefined) => async () => keys && new Set(keys);

  test("removes an old rendition that nobody asks for any more, and keeps the current one", async () => {
    await rendition(KEY, 2 * HOUR_MS);
    await rendition(OTHER, 2 * HOUR_MS);
    await cache.sweep(current([KEY]));
    expect(await readdir(join(root, ID))).toEqual([KEY]);
  });

  test("keeps all that is current of an item", async () => {
    await rendition(KEY, 2 * HOUR_MS);
    await rendition(OTHER, 2 * HOUR_MS);
    await cache.sweep(current([OTHER, KEY, "cccccccccccccccc"]));
    expect((await readdir(join(root, ID))).sort()).toEqual([KEY, OTHER]);
  });

  test("R24: keeps an old rendition that somebody plays", async () => {
    await rendition(KEY, 2 * HOUR_MS);
    await rendition(OTHER, 2 * HOUR_MS);
    await cache.open(ID, OTHER, "video_0.m4s");
    await cache.sweep(current([KEY]));
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
    await cache.sweep(current([KEY]));
    expect(await readdir(home)).toEqual([`${KEY}.tmp`]);
    await lock.release();
  });

  test("leaves alone what is not ours", async () => {
    await mkdir(join(root, "notes"), { recursive: true });
    await writeFile(join(root, "notes", "README"), "mine");
    await cache.sweep(current(null));
    expect(await readdir(join(root, "notes"))).toEqual(["README"]);
  });

  test("evicts what is too much, current or not", async () => {
    await rendition(KEY, HOUR_MS / 2);
    await rendition(OTHER, HOUR_MS / 4);
    await open(root, 50).sweep(current([KEY, OTHER]));
    expect(await readdir(join(root, ID))).toEqual([OTHER]);
  });

  test("is content without a cache folder", async () => {
    await open(join(root, "missing")).sweep(current(null));
  });
});

describe("storing a file", () => {
  const bytes = new TextEncoder().encode("a segment");

  test("makes it one that can be opened, and nothing else", async () => {
    expect(await cache.put(ID, KEY, "audio_1_0.m4s", bytes)).toBeNull();
    expect(await Bun.file((await cache.open(ID, KEY, "audio_1_0.m4s"))!).text()).toBe("a segment");
    expect(await readdir(cache.folder(ID, KEY))).toEqual(["audio_1_0.m4s"]);
  });

  test("by several at once leaves one whole file", async () => {
    const sizes = [1_000_000, 2_000_000, 3_000_000];
    await Promise.all(sizes.map((size) => cache.put(ID, KEY, "video_0.m4s", new Uint8Array(size).fill(size / 1e6))));
    const stored = await Bun.file((await cache.open(ID, KEY, "video_0.m4s"))!).bytes();
    expect(sizes).toContain(stored.length);
    expect(stored.every((byte) => byte === stored.length / 1e6)).toBeTrue();
    expect(await readdir(cache.folder(ID, KEY))).toEqual(["video_0.m4s"]);
  });

  test.each([
    [ID, KEY, "../video_0.m4s"],
    [ID, "..", "video_0.m4s"],
    ["..", KEY, "video_0.m4s"],
    [ID, KEY, "x.sh"],
  ])("S1: %j %j %j is refused", async (id, key, name) => {
    await expect(cache.put(id, key, name, bytes)).rejects.toThrow("is no place in the cache");
    expect(await readdir(root).catch(() => [])).toEqual([]);
  });

  test("counts as a request", async () => {
    const folder = await rendition(KEY, 5 * HOUR_MS);
    await cache.put(ID, KEY, "video_1.m4s", bytes);
    expect(Date.now() - (await stat(folder)).mtimeMs).toBeLessThan(HOUR_MS);
  });

  test("says why it cannot be, and does not throw", async () => {
    await mkdir(join(root, ID), { recursive: true });
    await writeFile(cache.folder(ID, KEY), "a file where the folder should be");
    expect((await cache.put(ID, KEY, "video_0.m4s", bytes)) as NodeJS.ErrnoException).toHaveProperty("code", "EEXIST");
  });

  test("evicts what is too much by then", async () => {
    const small = open(root, 20);
    await rendition(OTHER, HOUR_MS);
    await small.put(ID, KEY, "video_0.m4s", bytes);
    await until(async () => !(await readdir(join(root, ID))).includes(OTHER));
    expect(await small.open(ID, OTHER, "index.m3u8")).toBeNull();
    expect(await small.has(ID, KEY, "video_0.m4s")).toBeTrue();
  });
});
