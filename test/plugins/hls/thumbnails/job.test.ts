import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { acquireLock } from "../../../../plugins/hls/lock.ts";
import { startTime } from "../../../../plugins/hls/owner.ts";
import type { Hls } from "../../../../plugins/hls/service.ts";
import { thumbnailsJob } from "../../../../plugins/hls/thumbnails/job.ts";
import { FatalJobError, type JobContext, JobSnooze, type Progress } from "../../../../src/plugin.ts";
import { until } from "../../../helpers/until.ts";
import { fixture, newFolder } from "../fixtures.ts";
import { type House, openHouse } from "../house.ts";
import { script } from "../script.ts";
import { brightness, film, secsOf } from "./films.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(60_000);

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

async function make(id: string, options: Partial<JobContext<"thumbnails">> = {}, hls: Hls = house.hls) {
  const { result } = await thumbnailsJob(hls).run({
    ...{ id: Bun.randomUUIDv7(), payload: { media_id: id }, attempt: 1, signal: new AbortController().signal },
    ...{ progress: () => {}, fence: async () => {} },
    ...options,
  });
  const { folder } = hls.thumbnailsOf(await hls.find(id));
  return { result: result as { media_id: string; made: number }, folder };
}

const foldersOf = (id: string) => readdir(join(house.cacheDir, "hls", id)).catch(() => []);

test("makes the thumbnails of an item once; the next job finds them", async () => {
  const progress: Progress[] = [];
  const id = await house.add(await film());
  const { result, folder } = await make(id, { progress: (now) => void progress.push(now) });
  expect(result).toEqual({ media_id: id, made: 5 });
  expect((await readdir(folder)).sort()).toEqual(["thumbnails.vtt", "thumbnails_0.jpg"]);
  expect(secsOf((await brightness(join(folder, "thumbnails_0.jpg")))[4]!)).toBeGreaterThan(42);
  expect(progress.at(-1)).toMatchObject({ total: 47, note: "drawing thumbnails" });
  expect((await make(id)).result).toEqual({ media_id: id, made: 0 });
  expect(await foldersOf(id)).toHaveLength(1);
});

test.each<[string, string[], string]>([
  ["only ffmpeg can read", ["-c:v", "mpeg4"], "film.avi"],
  [
    "begins at keyframes that are no fresh start",
    ["-c:v", "libx264", "-x264-params", "open-gop=1:scenecut=0", "-flags", "-cgop"],
    "film.mkv",
  ],
  ["is an MP4", ["-c:v", "libx264", "-preset", "ultrafast"], "film.mp4"],
])("makes those of a file that %s", async (_which, codec, name) => {
  const { result, folder } = await make(await house.add(await film({ codec, name })));
  expect(result.made).toBe(5);
  const [first, , , , last] = (await brightness(join(folder, "thumbnails_0.jpg"))).map(secsOf);
  expect(first).toBeLessThan(6);
  expect(last).toBeGreaterThan(38);
});

test("another one that makes them is waited for", async () => {
  const id = await house.add(await film());
  const { key } = house.hls.thumbnailsOf(await house.hls.find(id));
  const lock = (await acquireLock(house.hls.cache.lock(id, key), 3600))!;
  await expect(make(id)).rejects.toThrow(JobSnooze);
  await lock.release();
  expect((await make(id)).result.made).toBe(5);
});

describe("leaves nothing behind, and says why,", () => {
  test("when there is no picture, for good", async () => {
    const id = await house.add(await fixture("audio-only.mp4"));
    const error: unknown = await make(id).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FatalJobError);
    expect(String(error)).toContain("there is no video in this file");
    expect(await foldersOf(id)).toEqual([]);
  });

  test("when the item is unknown", async () => {
    await expect(make("00000000000000ff")).rejects.toThrow("no media file with this id");
  });

  test("R22: when ffmpeg is missing, for good, naming the key to set", async () => {
    const hls = house.with({ ffmpeg_path: "/nowhere/ffmpeg" });
    const error: unknown = await make(await house.add(await film()), {}, hls).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FatalJobError);
    expect(String(error)).toContain("hls.ffmpeg_path");
  });

  test("when ffmpeg fails; what it said goes to the log alone", async () => {
    const id = await house.add(await film());
    const program = await script("echo '/secret/path: broken' >&2; exit 187", "ffmpeg");
    await expect(make(id, {}, house.with({ ffmpeg_path: program }))).rejects.toThrow(
      "ffmpeg failed (exit code 187); the log has what it said",
    );
    expect(house.logged.at(-1)?.fields).toMatchObject({ how: "exit code 187", said: ["/secret/path: broken"] });
    expect(await foldersOf(id)).toEqual([]);
  });

  test("when no picture can be decoded, for good", async () => {
    const id = await house.add(await film());
    const hls = house.with({ ffmpeg_path: await script("exit 0", "ffmpeg") });
    const error: unknown = await make(id, {}, hls).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FatalJobError);
    expect(String(error)).toContain("no picture of this file can be decoded");
    expect(await foldersOf(id)).toEqual([]);
  });

  test("R6: when the file changed while it was read", async () => {
    const file = join(newFolder(), "film.mkv");
    await copyFile(await film(), file);
    const id = await house.add(file);
    const program = await script(`ffmpeg "$@" && echo >> '${file}'`, "ffmpeg");
    await expect(make(id, {}, house.with({ ffmpeg_path: program }))).rejects.toThrow("changed while it was read");
    expect(await foldersOf(id)).toEqual([]);
  });

  test("when the claim was lost meanwhile", async () => {
    const id = await house.add(await film());
    const fence = () => Promise.reject(new Error("lost"));
    await expect(make(id, { fence })).rejects.toThrow("lost");
    expect(await foldersOf(id)).toEqual([]);
  });

  test("when the job is cancelled; ffmpeg ends", async () => {
    const id = await house.add(await film());
    const pidFile = join(newFolder(), "pid");
    const program = await script(`echo $$ > ${pidFile}; exec sleep 1000`, "ffmpeg");
    const controller = new AbortController();
    const running = make(id, { signal: controller.signal }, house.with({ ffmpeg_path: program }));
    await until(() => existsSync(pidFile) && Bun.file(pidFile).size > 1);
    controller.abort(new Error("cancelled"));
    await expect(running).rejects.toThrow("cancelled");
    const pid = Number(await Bun.file(pidFile).text());
    await until(() => startTime(pid) === null);
    expect(await foldersOf(id)).toEqual([]);
  });
});

const mounted = async (folder: string, options: string): Promise<boolean> =>
  (await Bun.spawn(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], { stderr: "ignore" }).exited) === 0;

describe.skipIf(process.getuid?.() !== 0)("R23: on a disk that is", () => {
  /** A cache on a disk of its own; calls `use` unless the system does not allow it. */
  async function onDisk(bytes: number, use: (other: House) => Promise<void>): Promise<void> {
    const other = await openHouse();
    const root = join(other.cacheDir, "hls");
    await mkdir(root, { recursive: true });
    const allowed = await mounted(root, `size=${bytes}`);
    try {
      if (allowed) await use(other);
      else console.warn("SKIPPED: a small disk cannot be mounted here");
    } finally {
      if (allowed) await Bun.spawn(["umount", root]).exited;
      await other.close();
    }
  }
  const makeOn = (other: House, id: string, hls = other.hls) => make(id, {}, hls);

  test("nearly full, nothing is begun", () =>
    onDisk(8 << 20, async (other) => {
      const id = await other.add(await film());
      await expect(makeOn(other, id)).rejects.toThrow("(media.cache_dir) needs");
    }));

  test("filled by others meanwhile, that is what it says", () =>
    onDisk(80 << 20, async (other) => {
      const id = await other.add(await film());
      // ffmpeg says nothing of a full disk (STREAMING section 4).
      const program = await script('head -c 200M /dev/zero > filler; ffmpeg "$@"; exit 0', "ffmpeg");
      await expect(makeOn(other, id, other.with({ ffmpeg_path: program }))).rejects.toThrow(
        "(media.cache_dir) is full",
      );
      expect(await readdir(join(other.cacheDir, "hls", id)).catch(() => [])).toEqual([]);
    }));
});
