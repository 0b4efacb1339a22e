import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { appendFile, copyFile, readdir, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ANY_CODEC, capabilitiesOf, EVERY_PLAYER } from "../../../plugins/hls/capabilities.ts";
import { acquireLock } from "../../../plugins/hls/lock.ts";
import { startTime } from "../../../plugins/hls/owner.ts";
import { FatalJobError, JobSnooze, type Progress } from "../../../src/plugin.ts";
import { until } from "../../helpers/until.ts";
import { type FixtureName, fixture, newFolder, own, play } from "./fixtures.ts";
import { type House, openHouse } from "./house.ts";
import { readMediaList, secsOf } from "./lists.ts";
import { script } from "./script.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

const NOWHERE = { ffmpeg_path: "/nowhere/ffmpeg" };

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const foldersOf = (id: string) => readdir(join(house.cacheDir, "hls", id)).catch(() => []);

/** Whether an item has a rendition that would be served as a whole. */
const isComplete = async (id: string, hls = house.hls) => (await hls.complete(await hls.find(id), ANY_CODEC)) !== null;

/** The real ffmpeg behind a script that may do something first; counts its runs. */
async function wrapped(before = ""): Promise<{ path: string; runs(): Promise<number> }> {
  const log = join(newFolder(), "runs");
  const path = await script(`echo run >> '${log}'\n${before}\nexec ffmpeg "$@"`, "ffmpeg");
  return { path, runs: async () => (existsSync(log) ? (await Bun.file(log).text()).trim().split("\n").length : 0) };
}

test("a copied rendition is made without ffmpeg, once; the next job finds it", async () => {
  const hls = house.with(NOWHERE);
  const id = await house.add(await fixture("h264-aac.mkv"));
  expect((await house.make(id, {}, hls)).result).toMatchObject({ media_id: id, made: true });
  expect((await house.make(id, {}, hls)).result).toMatchObject({ media_id: id, made: false });
  expect(await foldersOf(id)).toHaveLength(1);
});

test("a file that our readers do not take is copied first, by the same job", async () => {
  const ffmpeg = await wrapped();
  const hls = house.with({ ffmpeg_path: ffmpeg.path });
  const id = await house.add(await fixture("h264-aac.ts"));
  const { result, folder } = await house.make(id, {}, hls);
  expect(result.made).toBeTrue();
  expect(await ffmpeg.runs()).toBe(1);
  expect(await play(join(folder, "index.m3u8"))).toBe("");
});

test("each kind of player has a rendition of its own, and those that take the same share one", async () => {
  const id = await house.add(await fixture("hi10p-flac.mkv"));
  const made = async (codecs: string) =>
    (await house.make(id, { capabilities: capabilitiesOf(codecs, null) })).result.made;
  expect(await made("all")).toBeTrue();
  expect(await made("h264-10,flac")).toBeFalse();
  expect(await made("h264,aac")).toBeTrue();
  expect(await foldersOf(id)).toHaveLength(2);
});

test("R25: two that begin at once make one ffmpeg for each track; the other looks again later", async () => {
  const ffmpeg = await wrapped();
  const hls = house.with({ ffmpeg_path: ffmpeg.path, transcode: true });
  const id = await house.add(await fixture("silent.mkv"));
  const ended = await Promise.allSettled([house.make(id, {}, hls), house.make(id, {}, hls)]);
  expect(ended.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const { reason } = ended.find((one) => one.status === "rejected") as PromiseRejectedResult;
  expect(reason).toBeInstanceOf(JobSnooze);
  // One of them asks whether the encoder works.
  expect(await ffmpeg.runs()).toBe(1);
});

test("R25: twenty who ask at once get one job; a player that takes other codecs gets another", async () => {
  const media = await house.hls.find(await house.add(await fixture("silent.mkv")));
  const ids = await Promise.all(Array.from({ length: 20 }, () => house.hls.enqueue(media, ANY_CODEC)));
  expect(new Set(ids).size).toBe(1);
  expect(await house.hls.enqueue(media, EVERY_PLAYER)).not.toBe(ids[0]!);
});

test("progress counts the files that are made", async () => {
  const seen: Progress[] = [];
  const id = await house.add(await fixture("hi10p-flac.mkv"));
  const hls = house.with({ transcode: true });
  const { folder } = await house.make(id, { onProgress: (progress) => seen.push(progress) }, hls);
  const total = (await readdir(folder)).length - 1;
  expect(seen).toEqual(Array.from({ length: total }, (_, done) => ({ done, total, note: "transcoding" })));
});

test("S14, S15: odd names of the file and of the cache folder do no harm", async () => {
  const odd = await openHouse();
  (odd.core.config.media as { cache_dir: string }).cache_dir = join(newFolder(), "out 100%d x:y");
  for (const [name, config] of [
    ["h264-aac.ts", {}],
    ["h264-ac3.mkv", {}],
    ["h264-aac.mkv", { transcode: true }],
  ] as const) {
    const file = join(newFolder(), `-i 100% %d [01] colon:'quote'\n.${name.split(".")[1]}`);
    await copyFile(await fixture(name), file);
    const { folder } = await odd.make(await odd.add(file), {}, odd.with(config));
    expect(await play(join(folder, "index.m3u8"))).toBe("");
  }
  await odd.close();
});

test("playlist_len = N keeps the last N segments, on disk as well", async () => {
  const id = await house.add(await fixture("h264-aac.mkv"));
  const { folder } = await house.make(id, {}, house.with({ playlist_len: 2 }));
  const list = readMediaList(await Bun.file(join(folder, "video.m3u8")).text());
  expect(list).toMatchObject({ sequence: 1, ended: true });
  expect((await readdir(folder)).filter((name) => name.endsWith(".m4s")).sort()).toEqual([
    ...["audio_1_1.m4s", "audio_1_2.m4s", "video_1.m4s", "video_2.m4s"],
  ]);
  expect(await play(join(folder, "index.m3u8"))).toBe("");
});

test("segment_secs is what no copied segment exceeds, unless a group of pictures does", async () => {
  const secs = async (name: FixtureName) => {
    const { folder } = await house.make(await house.add(await fixture(name)), {}, house.with({ segment_secs: 4 }));
    const list = readMediaList(await Bun.file(join(folder, "video.m3u8")).text());
    return list.segments.map((segment) => Math.round(segment.secs));
  };
  expect(await secs("h264-aac-24.mkv")).toEqual([4, 1]);
  expect(await secs("h264-aac.mkv")).toEqual([2, 3]);
  expect(await secs("long-gop.mkv")).toEqual([5]);
});

test("a job that is run again goes on where it stopped", async () => {
  const id = await house.add(await fixture("h264-aac.mkv"));
  const controller = new AbortController();
  const stop = ({ done }: Progress) => {
    if (done === 5) controller.abort(new Error("the worker is stopped"));
  };
  await expect(house.make(id, { signal: controller.signal, onProgress: stop })).rejects.toThrow(
    "the worker is stopped",
  );
  expect(await isComplete(id)).toBeFalse();
  const folder = join(house.cacheDir, "hls", id, (await foldersOf(id))[0]!);
  const left = await readdir(folder);
  expect(left.length).toBeGreaterThan(3);
  const times = () => Promise.all(left.map(async (name) => (await stat(join(folder, name))).mtimeMs));
  const before = await times();
  expect((await house.make(id)).result.made).toBeTrue();
  expect(await times()).toEqual(before);
  expect(await play(join(folder, "index.m3u8"))).toBe("");
});

test("what can neither be cut nor copied is transcoded", async () => {
  const ffmpeg = await script('case "$*" in *source.mkv*) exit 1 ;; esac\nexec ffmpeg "$@"', "ffmpeg");
  const hls = house.with({ ffmpeg_path: ffmpeg });
  const id = await house.add(await fixture("h264-aac.ts"));
  const { folder } = await house.make(id, {}, hls);
  expect((await house.show(id, ANY_CODEC, hls)).stream.mode).toBe("transcode");
  expect(await play(join(folder, "index.m3u8"))).toBe("");
});

describe("a replaced file", () => {
  test("R6: gets a rendition of its own, and the old one stays for who plays it", async () => {
    const file = await own("h264-aac.mkv");
    const id = await house.add(file);
    const before = await house.make(id);
    await copyFile(await fixture("hi10p-flac.mkv"), file);
    const after = await house.make(id);
    expect(after.result.made).toBeTrue();
    expect(await foldersOf(id)).toHaveLength(2);
    // Nobody has asked for it for a long time.
    await utimes(before.folder, 0, 0);
    await house.hls.sweep();
    expect(await foldersOf(id)).toEqual([after.folder.split("/").at(-1)!]);
  });

  test("R5: that is still being downloaded has one of what is there, and of all when it is whole", async () => {
    const file = await own("h264-aac.mkv");
    const whole = Bun.file(file).size;
    await truncate(file, Math.floor(whole / 2));
    const id = await house.add(file);
    const secs = async () => {
      const { folder } = await house.make(id);
      expect(await play(join(folder, "index.m3u8"))).toBe("");
      return secsOf(readMediaList(await Bun.file(join(folder, "video.m3u8")).text()));
    };
    const before = await secs();
    expect(before).toBeGreaterThan(1);
    expect(before).toBeLessThan(4);
    await copyFile(await fixture("h264-aac.mkv"), file);
    expect(await secs()).toBeCloseTo(5, 0);
  });

  test("that changed while it was read has no rendition", async () => {
    const file = await own("h264-aac.mkv");
    const id = await house.add(file);
    const change = async ({ done }: Progress) => void (done === 3 && (await appendFile(file, "more")));
    await expect(house.make(id, { onProgress: change })).rejects.toThrow("changed while it was read");
    expect(await isComplete(id)).toBeFalse();
  });
});

describe("there is no rendition, and the reason is told,", () => {
  test.each<[string, string, () => Promise<string>]>([
    ["there is no picture", "there is no video in this file", () => fixture("audio-only.mp4")],
    [
      "the file is noise",
      "this file cannot be read as a video",
      async () => {
        const file = join(newFolder(), "noise.mkv");
        await writeFile(file, crypto.getRandomValues(new Uint8Array(50_000)));
        return file;
      },
    ],
    [
      "the file is all but empty",
      "this file is too short to be a video",
      async () => {
        const file = join(newFolder(), "short.mkv");
        await writeFile(file, "short");
        return file;
      },
    ],
  ])("when %s, for good", async (_kind, message, file) => {
    const id = await house.add(await file());
    const error: unknown = await house.make(id).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FatalJobError);
    expect((error as Error).message).toBe(message);
    expect(await foldersOf(id)).toEqual([]);
  });

  test("when the item is unknown", async () => {
    await expect(house.make("00000000000000ff")).rejects.toThrow("no media file with this id");
  });

  test.each<[string, FixtureName, object]>([
    ["to encode", "silent.mkv", { transcode: true }],
    ["to make a copy that can be cut", "h264-aac.flv", {}],
  ])("R22: when ffmpeg is needed %s and missing, for good, naming the key to set", async (_what, name, config) => {
    const id = await house.add(await fixture(name));
    // What it is was found out while there was one.
    await house.hls.index(await house.hls.find(id));
    const error: unknown = await house
      .make(id, {}, house.with({ ...config, ...NOWHERE }))
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FatalJobError);
    expect((error as Error).message).toContain("hls.ffmpeg_path");
  });

  test("when ffmpeg fails again and again; what it said goes to the log alone", async () => {
    const id = await house.add(await fixture("silent.mkv"));
    const ffmpeg = await script("echo '/secret/path: broken' >&2; exit 187", "ffmpeg");
    const hls = house.with({ ffmpeg_path: ffmpeg, transcode: true });
    await expect(house.make(id, {}, hls)).rejects.toThrow("ffmpeg failed (exit code 187); the log has what it said");
    expect(house.logged.at(-1)?.fields).toMatchObject({ how: "exit code 187", said: ["/secret/path: broken"] });
    expect(await isComplete(id, hls)).toBeFalse();
  });

  test("when the job is cancelled; ffmpeg ends with its owner", async () => {
    const id = await house.add(await fixture("silent.mkv"));
    const pidFile = join(newFolder(), "pid");
    const ffmpeg = await script(`echo $$ > ${pidFile}; exec sleep 1000`, "ffmpeg");
    const controller = new AbortController();
    const hls = house.with({ ffmpeg_path: ffmpeg, transcode: true });
    const making = house.make(id, { signal: controller.signal }, hls);
    await until(async () => existsSync(pidFile) && (await Bun.file(pidFile).text()) !== "");
    controller.abort(new Error("cancelled"));
    await expect(making).rejects.toThrow("cancelled");
    await hls.close();
    expect(startTime(Number(await Bun.file(pidFile).text()))).toBeNull();
    expect(await isComplete(id)).toBeFalse();
    // The lock is gone with the job.
    expect((await foldersOf(id)).filter((name) => name.includes(".tmp"))).toEqual([]);
  });

  test("when the job was handed to another worker meanwhile: nothing is complete", async () => {
    const id = await house.add(await fixture("silent.mkv"));
    const fence = () => Promise.reject(new Error("the claim is lost"));
    await expect(house.make(id, { fence })).rejects.toThrow("the claim is lost");
    expect(await isComplete(id)).toBeFalse();
  });

  test("when the cache folder cannot be made", async () => {
    const blocked = await openHouse();
    await writeFile(blocked.cacheDir, "a file where a folder should be");
    const id = await blocked.add(await fixture("silent.mkv"));
    await expect(blocked.make(id)).rejects.toThrow("the cache folder (media.cache_dir) cannot be written");
    await blocked.close();
  });
});

test("waits for another process that is making it, and takes over when that one is dead", async () => {
  const id = await house.add(await fixture("silent.mkv"));
  const { key } = (await house.show(id)).stream;
  const theirs = (await acquireLock(house.hls.cache.lock(id, key), 3600))!;
  await expect(house.make(id)).rejects.toThrow(JobSnooze);
  const owner = join(house.hls.cache.lock(id, key), "owner.json");
  await writeFile(owner, JSON.stringify({ ...(await Bun.file(owner).json()), started: "1" }));
  expect((await house.make(id)).result.made).toBeTrue();
  await theirs.release();
});

describe("an entry of the library", () => {
  test("is described by its tracks", async () => {
    const { tracks } = await house.hls.describe(await house.add(await fixture("hi10p-flac.mkv")));
    expect(tracks).toMatchObject([
      { index: 0, type: "video", codec: "h264", pixel_format: "yuv420p10le", width: 320, height: 180 },
      { index: 1, type: "audio", codec: "flac", channels: 1, sample_rate: 48_000 },
    ]);
  });

  test("says nothing of a file that cannot be read, or is not there", async () => {
    const file = join(newFolder(), "text.mkv");
    await writeFile(file, "text");
    expect(await house.hls.describe(await house.add(file))).toEqual({});
    expect(await house.hls.describe("00000000000000ff")).toEqual({});
  });

  test("that leaves the library takes along what is known of it", async () => {
    const id = await house.add(await fixture("silent.mkv"));
    await house.hls.describe(id);
    expect(await house.core.sql`select from media_indexes where media_id = ${id}`).toHaveLength(1);
    await house.remove(id);
    expect(await house.core.sql`select from media_indexes where media_id = ${id}`).toHaveLength(0);
  });
});

const mount = async (folder: string, bytes: number) =>
  (await Bun.spawn(["mount", "-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder], { stderr: "ignore" }).exited) ===
  0;

describe("R23: on a disk that is really full", () => {
  const disk = newFolder();
  let mounted = false;
  beforeAll(async () => {
    mounted = await mount(disk, 64 * 2 ** 20 + 300_000);
    if (!mounted) console.warn("SKIPPED: a small disk cannot be mounted without being root");
  });
  afterAll(async () => {
    if (mounted) await Bun.spawn(["umount", disk]).exited;
  });

  /** A library whose cache folder is on that disk. */
  async function openOnDisk(): Promise<House> {
    const full = await openHouse();
    (full.core.config.media as { cache_dir: string }).cache_dir = join(disk, "cache");
    return full;
  }

  test("a copy that cannot fit is refused before it begins", async () => {
    if (!mounted) return;
    const full = await openOnDisk();
    const id = await full.add(await fixture("h264-aac.mkv"));
    await expect(full.make(id, {}, full.with({}))).rejects.toThrow("needs 1 MiB more");
    await full.close();
  });

  test("one that runs out of space in the middle is no rendition, and says so", async () => {
    if (!mounted) return;
    const full = await openOnDisk();
    const id = await full.add(await fixture("h264-aac.mkv"));
    // Behind the back of the check, which lets a transcode begin.
    const ffmpeg = await script(`head -c 67300000 /dev/zero > '${disk}/filler'\nexec ffmpeg "$@"`, "ffmpeg");
    const hls = full.with({ transcode: true, ffmpeg_path: ffmpeg });
    await expect(full.make(id, {}, hls)).rejects.toThrow("the disk of the cache folder (media.cache_dir) is full");
    expect(await hls.complete(await hls.find(id), ANY_CODEC)).toBeNull();
    await full.close();
  });
});
