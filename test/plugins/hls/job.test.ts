import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { copyFile, cp, readdir, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { acquireLock } from "../../../plugins/hls/lock.ts";
import { startTime } from "../../../plugins/hls/owner.ts";
import { parsePlaylist } from "../../../plugins/hls/playlist.ts";
import { FatalJobError, JobSnooze, type Progress } from "../../../src/plugin.ts";
import { until } from "../../helpers/until.ts";
import { fixture, newFolder, play } from "./fixtures.ts";
import { type House, openHouse } from "./house.ts";
import { script } from "./script.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** A copy that the test may change. */
async function own(name: Parameters<typeof fixture>[0]): Promise<string> {
  const path = join(newFolder(), name);
  await copyFile(await fixture(name), path);
  return path;
}

const foldersOf = (id: string) => readdir(join(house.cacheDir, "hls", id)).catch(() => []);

/** The real ffmpeg behind a script that may do something first; counts its runs. */
async function wrapped(before = ""): Promise<{ path: string; runs(): Promise<number> }> {
  const log = join(newFolder(), "runs");
  const path = await script(`echo run >> '${log}'\n${before}\nexec ffmpeg "$@"`, "ffmpeg");
  return { path, runs: async () => (existsSync(log) ? (await Bun.file(log).text()).trim().split("\n").length : 0) };
}

test("makes a rendition once; the next job finds it", async () => {
  const ffmpeg = await wrapped();
  const hls = house.with({ ffmpeg_path: ffmpeg.path });
  const id = await house.add(await fixture("h264-aac.mkv"));
  expect((await house.make(id, {}, hls)).result).toMatchObject({ media_id: id, made: true });
  expect((await house.make(id, {}, hls)).result).toMatchObject({ media_id: id, made: false });
  expect(await ffmpeg.runs()).toBe(1);
  expect(await foldersOf(id)).toHaveLength(1);
});

test("R25: two that begin at once make one ffmpeg; the other looks again later", async () => {
  const ffmpeg = await wrapped();
  const hls = house.with({ ffmpeg_path: ffmpeg.path });
  const id = await house.add(await fixture("h264-aac.mkv"));
  const ended = await Promise.allSettled([house.make(id, {}, hls), house.make(id, {}, hls)]);
  expect(ended.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const { reason } = ended.find((one) => one.status === "rejected") as PromiseRejectedResult;
  expect(reason).toBeInstanceOf(JobSnooze);
  expect(await ffmpeg.runs()).toBe(1);
});

test("R25: twenty who ask at once get one job", async () => {
  const media = await house.hls.find(await house.add(await fixture("silent.mkv")));
  const ids = await Promise.all(Array.from({ length: 20 }, () => house.hls.enqueue(media)));
  expect(new Set(ids).size).toBe(1);
});

test("progress goes up to the length of the file", async () => {
  const seen: Progress[] = [];
  const id = await house.add(await fixture("hi10p-flac.mkv"));
  await house.make(id, { onProgress: (progress) => seen.push(progress) }, house.with({ transcode: true }));
  expect(seen[0]).toEqual({ done: 0, total: 5, note: "transcoding" });
  expect(seen.at(-1)).toEqual({ done: 5, total: 5, note: "transcoding" });
  expect(seen.map(({ done }) => done)).toEqual(seen.map(({ done }) => done).toSorted((a, b) => a - b));
});

test("S14, S15: odd names of the file and of the cache folder do no harm", async () => {
  const odd = await openHouse();
  const file = join(newFolder(), "-i 100% %d [01] colon:'quote'\n.mkv");
  await copyFile(await fixture("h264-aac.mkv"), file);
  (odd.core.config.media as { cache_dir: string }).cache_dir = join(newFolder(), "out 100%d x:y");
  const { folder } = await odd.make(await odd.add(file), {}, odd.with({}));
  expect(await play(join(folder, "index.m3u8"))).toBe("");
  await odd.close();
});

test("playlist_len = N keeps the last N segments, on disk as well", async () => {
  const { folder } = await house.make(
    await house.add(await fixture("h264-aac.mkv")),
    {},
    house.with({ playlist_len: 2 }),
  );
  const list = parsePlaylist(await Bun.file(join(folder, "index.m3u8")).text());
  expect(list).toMatchObject({ sequence: 1, ended: true });
  expect((await readdir(folder)).sort()).toEqual(["index.m3u8", "init.mp4", "seg_1.m4s", "seg_2.m4s"]);
  expect(await play(join(folder, "index.m3u8"))).toBe("");
});

test("segment_secs is what a copy aims at: no segment is shorter, but for the last", async () => {
  const { folder } = await house.make(
    await house.add(await fixture("h264-aac.mkv")),
    {},
    house.with({ segment_secs: 4 }),
  );
  const list = parsePlaylist(await Bun.file(join(folder, "index.m3u8")).text());
  expect(list.segments.map(({ secs }) => Math.round(secs))).toEqual([4, 1]);
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

  test("that changed while it was read leaves nothing", async () => {
    const file = await own("h264-aac.mkv");
    const id = await house.add(file);
    const ffmpeg = await wrapped(`echo >> '${file}'`);
    await expect(house.make(id, {}, house.with({ ffmpeg_path: ffmpeg.path }))).rejects.toThrow(
      "changed while it was read",
    );
    expect(await foldersOf(id)).toEqual([]);
  });
});

describe("leaves nothing behind, and says why,", () => {
  test("when a download is still being written", async () => {
    const file = await own("h264-aac.mkv");
    await truncate(file, Math.floor(Bun.file(file).size / 2));
    const id = await house.add(file);
    const error: unknown = await house.make(id).catch((reason: unknown) => reason);
    expect(String(error)).toContain("of 5 seconds can be read: the file is damaged or still being written");
    // Tried again: it may have grown by then (R5).
    expect(error).not.toBeInstanceOf(FatalJobError);
    expect(await foldersOf(id)).toEqual([]);
  });

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

  test("R22: when ffmpeg is missing, for good, naming the key to set", async () => {
    const id = await house.add(await fixture("silent.mkv"));
    const error: unknown = await house
      .make(id, {}, house.with({ ffmpeg_path: "/nowhere/ffmpeg" }))
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FatalJobError);
    expect((error as Error).message).toContain("hls.ffmpeg_path");
  });

  test("when ffmpeg fails; what it said goes to the log alone", async () => {
    const id = await house.add(await fixture("silent.mkv"));
    const ffmpeg = await script("echo '/secret/path: broken' >&2; exit 187", "ffmpeg");
    await expect(house.make(id, {}, house.with({ ffmpeg_path: ffmpeg }))).rejects.toThrow(
      "ffmpeg failed (exit code 187); the log has what it said",
    );
    expect(house.logged.at(-1)?.fields).toMatchObject({ how: "exit code 187", said: ["/secret/path: broken"] });
    expect(await foldersOf(id)).toEqual([]);
  });

  test("R23: when ffmpeg says that the disk is full", async () => {
    const id = await house.add(await fixture("silent.mkv"));
    const ffmpeg = await script("echo 'av_interleaved_write_frame(): No space left on device' >&2; exit 228", "ffmpeg");
    await expect(house.make(id, {}, house.with({ ffmpeg_path: ffmpeg }))).rejects.toThrow("(media.cache_dir) is full");
  });

  test("R23: when the disk is full and ffmpeg does not notice", async () => {
    const id = await house.add(await fixture("h264-aac.mkv"));
    const ffmpeg = await script('ffmpeg "$@" && : > seg_2.m4s', "ffmpeg");
    await expect(house.make(id, {}, house.with({ ffmpeg_path: ffmpeg }))).rejects.toThrow("seg_2.m4s");
    expect(await foldersOf(id)).toEqual([]);
  });

  test("when the job is cancelled; ffmpeg ends", async () => {
    const id = await house.add(await fixture("silent.mkv"));
    const pidFile = join(newFolder(), "pid");
    const ffmpeg = await script(`echo $$ > ${pidFile}; exec sleep 1000`, "ffmpeg");
    const controller = new AbortController();
    const making = house.make(id, { signal: controller.signal }, house.with({ ffmpeg_path: ffmpeg }));
    await until(async () => existsSync(pidFile) && (await Bun.file(pidFile).text()) !== "");
    controller.abort(new Error("cancelled"));
    await expect(making).rejects.toThrow("cancelled");
    expect(startTime(Number(await Bun.file(pidFile).text()))).toBeNull();
    expect(await foldersOf(id)).toEqual([]);
  });

  test("when the job was handed to another worker meanwhile: nothing is published", async () => {
    const id = await house.add(await fixture("silent.mkv"));
    const fence = () => Promise.reject(new Error("the claim is lost"));
    await expect(house.make(id, { fence })).rejects.toThrow("the claim is lost");
    expect(await foldersOf(id)).toEqual([]);
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
  const { key } = house.hls.rendition(await house.hls.find(id));
  const theirs = (await acquireLock(house.hls.cache.lock(id, key), 3600))!;
  await expect(house.make(id)).rejects.toThrow(JobSnooze);
  const owner = join(house.hls.cache.lock(id, key), "owner.json");
  await writeFile(owner, JSON.stringify({ ...(await Bun.file(owner).json()), started: "1" }));
  expect((await house.make(id)).result.made).toBeTrue();
  await theirs.release();
});

test("probes a file once for as long as it is the same", async () => {
  const log = join(newFolder(), "probes");
  const tools = newFolder();
  await symlink(Bun.which("ffmpeg")!, join(tools, "ffmpeg"));
  await cp(await script(`echo probe >> '${log}'\nexec '${Bun.which("ffprobe")}' "$@"`), join(tools, "ffprobe"));
  const hls = house.with({ ffmpeg_path: join(tools, "ffmpeg") });
  const file = await own("silent.mkv");
  const media = await hls.find(await house.add(file));
  await Promise.all([hls.prober.probe(media), hls.prober.probe(media)]);
  await hls.prober.probe(media);
  expect(await Bun.file(log).text()).toBe("probe\n");
  await truncate(file, Bun.file(file).size - 1000);
  await hls.prober.probe(await hls.find(media.id));
  expect(await Bun.file(log).text()).toBe("probe\nprobe\n");
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
    const id = await house.add(file);
    expect(await house.hls.describe(id)).toEqual({});
    expect(await house.hls.describe("00000000000000ff")).toEqual({});
  });

  test("that leaves the library takes its probe along", async () => {
    const id = await house.add(await fixture("silent.mkv"));
    await house.hls.describe(id);
    expect(await house.core.sql`select from media_probes where media_id = ${id}`).toHaveLength(1);
    await house.remove(id);
    expect(await house.core.sql`select from media_probes where media_id = ${id}`).toHaveLength(0);
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
    const making = full.make(id, {}, full.with({ transcode: true, ffmpeg_path: ffmpeg }));
    await expect(making).rejects.toThrow("the disk of the cache folder (media.cache_dir) is full");
    expect(await readdir(join(disk, "cache/hls", id))).toEqual([]);
    await full.close();
  });
});
