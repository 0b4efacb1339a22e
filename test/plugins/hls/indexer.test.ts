import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { copyFile, rm, symlink, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Unreadable } from "../../../plugins/hls/ffprobe.ts";
import { createIndexer } from "../../../plugins/hls/indexer.ts";
import { silentLogger } from "../../helpers/silent-logger.ts";
import { fixture, newFolder } from "./fixtures.ts";
import { type House, openHouse } from "./house.ts";
import { script } from "./script.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** An ffprobe that counts its runs, and may wait for a file. */
async function counted(before = "") {
  const log = join(newFolder(), "runs");
  const ffprobe = await script(`echo run >> '${log}'\n${before}\nexec ffprobe "$@"`, "ffprobe");
  // ffprobe is looked for beside it.
  const ffmpeg = join(dirname(ffprobe), "ffmpeg");
  await symlink(ffprobe, ffmpeg);
  const runs = async () =>
    (await Bun.file(log).exists()) ? (await Bun.file(log).text()).trim().split("\n").length : 0;
  return { ffmpeg_path: ffmpeg, runs };
}

const indexer = (ffmpeg_path = "ffmpeg") => createIndexer(house.core.sql, silentLogger, { ffmpeg_path });

/** @returns the library's words for a copy of the fixture, in a place of its own */
async function added(name: Parameters<typeof fixture>[0]) {
  const file = join(newFolder(), name);
  await copyFile(await fixture(name), file);
  const id = await house.add(file);
  return { file, find: () => house.hls.find(id) };
}

describe("a file", () => {
  test("is read once, though many ask at once", async () => {
    const { ffmpeg_path, runs } = await counted();
    const media = await (await added("h264-aac.ts")).find();
    const readers = indexer(ffmpeg_path);
    const all = await Promise.all(Array.from({ length: 5 }, () => readers.index(media)));
    expect(new Set(all).size).toBe(1);
    expect(await runs()).toBe(1);
  });

  test("is not read again by the next process", async () => {
    const { ffmpeg_path, runs } = await counted();
    const { file, find } = await added("h264-aac.ts");
    const media = await find();
    const first = await indexer(ffmpeg_path).index(media);
    await rm(file);
    expect(await indexer(ffmpeg_path).index(media)).toEqual(first);
    expect(await runs()).toBe(1);
  });

  test("of our own readers is read without any program", async () => {
    const media = await (await added("h264-aac.mkv")).find();
    expect((await indexer("/nowhere/ffmpeg").index(media)).cut).not.toBeNull();
  });

  test("that is replaced is read again", async () => {
    const { file, find } = await added("h264-aac.mkv");
    const readers = indexer();
    expect((await readers.index(await find())).tracks).toHaveLength(2);
    await copyFile(await fixture("silent.mkv"), file);
    await utimes(file, 1, 1);
    expect((await readers.index(await find())).tracks).toHaveLength(1);
  });
});

describe("a file that cannot be read", () => {
  test("is an error, in the same words the next time, without a second look", async () => {
    const { ffmpeg_path, runs } = await counted();
    const file = join(newFolder(), "noise.mkv");
    await Bun.write(file, crypto.getRandomValues(new Uint8Array(50_000)));
    const media = await house.hls.find(await house.add(file));
    for (const readers of [indexer(ffmpeg_path), indexer(ffmpeg_path)]) {
      await expect(readers.index(media)).rejects.toThrow(Unreadable);
      await expect(readers.index(media)).rejects.toThrow("this file cannot be read as a video");
      expect(await readers.glance(media)).toBeNull();
    }
    expect(await runs()).toBe(1);
  });

  test("for want of ffprobe is tried again, since that passes", async () => {
    const media = await (await added("h264-aac.ts")).find();
    const readers = createIndexer(house.core.sql, silentLogger, { ffmpeg_path: "/nowhere/ffmpeg" });
    await expect(readers.index(media)).rejects.toThrow("ffmpeg not found");
    await expect(readers.index(media)).rejects.toThrow("ffmpeg not found");
    expect((await indexer().index(media)).tracks).toHaveLength(2);
  });

  test("because it went away is tried again", async () => {
    const { file, find } = await added("h264-aac.mkv");
    const media = await find();
    const readers = indexer();
    await rm(file);
    await expect(readers.index(media)).rejects.toThrow("ENOENT");
    await copyFile(await fixture("h264-aac.mkv"), file);
    expect((await readers.index(media)).tracks).toHaveLength(2);
  });
});

describe("a glance", () => {
  test("reads what can be read at once", async () => {
    const media = await (await added("h264-aac.mkv")).find();
    expect((await indexer().glance(media))?.tracks).toHaveLength(2);
  });

  test("does not wait for a slow reader, and what it finds out is kept", async () => {
    const gate = join(newFolder(), "gate");
    await Bun.spawn(["mkfifo", gate]).exited;
    const { ffmpeg_path, runs } = await counted(`read line < '${gate}'`);
    const media = await (await added("h264-aac.ts")).find();
    const readers = indexer(ffmpeg_path);
    expect(await readers.glance(media)).toBeNull();
    const index = readers.index(media);
    await Bun.spawn(["sh", "-c", `echo go > '${gate}'`]).exited;
    expect((await index).tracks).toHaveLength(2);
    expect(await readers.glance(media)).toBe(await index);
    expect(await runs()).toBe(1);
  });

  test("never starts a crowd of readers", async () => {
    const gate = join(newFolder(), "gate");
    await Bun.spawn(["mkfifo", gate]).exited;
    const { ffmpeg_path, runs } = await counted(`read line < '${gate}'`);
    const readers = indexer(ffmpeg_path);
    const many = await Promise.all(Array.from({ length: 8 }, async () => (await added("h264-aac.ts")).find()));
    const glances = await Promise.all(many.map((media) => readers.glance(media)));
    expect(glances).toEqual(many.map(() => null));
    const started = await runs();
    // Those that were started are let go before anything can fail.
    const open = Bun.spawn(["sh", "-c", `trap '' PIPE; while :; do echo go > '${gate}'; done`]);
    await Promise.all(many.map((media) => readers.index(media)));
    open.kill("SIGKILL");
    await open.exited;
    expect(started).toBeLessThanOrEqual(2);
  });
});
