import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { appendFile, copyFile, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ANY_CODEC } from "../../../plugins/hls/capabilities.ts";
import { acquireLock } from "../../../plugins/hls/lock.ts";
import { startTime } from "../../../plugins/hls/owner.ts";
import { fontsOf } from "../../../plugins/hls/subtitles/fonts.ts";
import { FatalJobError, JobSnooze, type Progress } from "../../../src/plugin.ts";
import { until } from "../../helpers/until.ts";
import { type FixtureName, fixture, newFolder, own, release } from "./fixtures.ts";
import { type House, openHouse } from "./house.ts";
import { script } from "./script.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const foldersOf = (id: string) => readdir(join(house.cacheDir, "hls", id)).catch(() => []);
const whyNot = (making: Promise<unknown>) => making.catch((reason: unknown) => reason);

test.each<[FixtureName, string]>([
  ["h264-aac.flv", "aac"],
  ["h264-aac.ts", "aac"],
  ["h264-ac3.m2ts", "ac3"],
])("%s becomes a file that can be cut, with its %s, once", async (name, sound) => {
  const id = await house.add(await fixture(name));
  const media = await house.hls.find(id);
  expect(await house.hls.show(media, ANY_CODEC)).toBeNull();
  const { result, file, index } = await house.remux(id);
  expect(result.made).toBeTrue();
  expect(file.startsWith(`${house.cacheDir}/`)).toBeTrue();
  expect(index.cut?.container.keyframes.times).toHaveLength(3);
  expect(index.tracks.map(({ codec }) => codec)).toEqual(["h264", sound]);
  expect((await house.remux(id)).result.made).toBeFalse();
  expect(await foldersOf(id)).toHaveLength(1);
  expect((await house.show(id)).file).toBe(file);
});

test("a file that can be cut, or that has to be encoded, is never copied", async () => {
  for (const name of ["h264-aac.mkv", "h264-aac.mp4", "packed.avi", "wmv2-wma.wmv"] as const) {
    const media = await house.hls.find(await house.add(await fixture(name)));
    expect((await house.hls.show(media, ANY_CODEC))?.file).toBe(media.file);
  }
  const media = await house.hls.find(await house.add(await fixture("h264-aac.ts")));
  expect((await house.with({ transcode: true }).show(media, ANY_CODEC))?.file).toBe(media.file);
});

test("progress is told in seconds of the film", async () => {
  const seen: Progress[] = [];
  await house.remux(await house.add(await fixture("h264-aac.ts")), { onProgress: (progress) => seen.push(progress) });
  expect(seen[0]).toEqual({ done: 0, total: 5, note: "copying" });
  expect(seen.map(({ done }) => done)).toEqual(seen.map(({ done }) => done).toSorted((a, b) => a - b));
});

test("R25: twenty who ask at once get one job", async () => {
  const media = await house.hls.find(await house.add(await fixture("h264-aac.ts")));
  const ids = await Promise.all(Array.from({ length: 20 }, () => house.hls.prepare(media, ANY_CODEC)));
  expect(new Set(ids).size).toBe(1);
  expect(await house.core.jobs.get(ids[0]!)).toMatchObject({ job_type: "remux", status: "queued" });
});

test("R25: of two that begin at once, one looks again later", async () => {
  const id = await house.add(await fixture("h264-aac.ts"));
  const ended = await Promise.allSettled([house.remux(id), house.remux(id)]);
  expect(ended.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const { reason } = ended.find((one) => one.status === "rejected") as PromiseRejectedResult;
  expect(reason).toBeInstanceOf(JobSnooze);
});

test("waits for another process that is making it, and takes over when that one is dead", async () => {
  const id = await house.add(await fixture("h264-aac.flv"));
  const { key } = house.hls.remuxOf(await house.hls.find(id));
  const theirs = (await acquireLock(house.hls.cache.lock(id, key), 3600))!;
  await expect(house.remux(id)).rejects.toThrow(JobSnooze);
  const owner = join(house.hls.cache.lock(id, key), "owner.json");
  await writeFile(owner, JSON.stringify({ ...(await Bun.file(owner).json()), started: "1" }));
  expect((await house.remux(id)).result.made).toBeTrue();
  await theirs.release();
});

test("R24: a copy that was evicted is asked for again, and made again", async () => {
  const id = await house.add(await fixture("h264-aac.flv"));
  const { file } = await house.remux(id);
  await rm(file, { recursive: true });
  expect(await house.hls.show(await house.hls.find(id), ANY_CODEC)).toBeNull();
  await rm(join(file, ".."), { recursive: true });
  expect((await house.remux(id)).result.made).toBeTrue();
});

test("R6: a replaced file has a copy of its own; the old one goes when nobody plays it", async () => {
  const path = await own("h264-aac.ts");
  const id = await house.add(path);
  const before = await house.remux(id);
  await copyFile(await fixture("h264-ac3.m2ts"), path);
  const after = await house.remux(id);
  expect(after.result.made).toBeTrue();
  expect(after.file).not.toBe(before.file);
  await utimes(join(before.file, ".."), 0, 0);
  await utimes(join(after.file, ".."), 0, 0);
  await house.hls.sweep();
  expect(existsSync(before.file)).toBeFalse();
  expect(existsSync(after.file)).toBeTrue();
});

test("the fonts of a copy are the copy's own, as its answer names them", async () => {
  const id = await house.add(await fixture("h264-aac.ts"));
  const { file } = await house.remux(id);
  // No stream of broadcasts brings fonts: what another copy would hold.
  await copyFile(await release(), file);
  const media = await house.hls.find(id);
  const { attachments } = (await house.hls.remuxed(media))!.index.cut!.container;
  const [{ name } = { name: "" }] = fontsOf(attachments).filter((font) => font.name.endsWith(".ttf"));
  const font = (await house.hls.font(media, name))!;
  expect(font.mediaType).toBe("font/ttf");
  expect((await new Response(font.body).bytes()).length).toBeGreaterThan(0);
});

describe("leaves nothing behind, and says why,", () => {
  test("when the file changed while it was read", async () => {
    const path = await own("h264-aac.ts");
    const id = await house.add(path);
    const ffmpeg = await script(`echo >> '${path}'\nexec ffmpeg "$@"`, "ffmpeg");
    await expect(house.remux(id, {}, house.with({ ffmpeg_path: ffmpeg }))).rejects.toThrow("changed while it was read");
    expect(await foldersOf(id)).toEqual([]);
  });

  test("R22: when ffmpeg is missing, for good, naming the key to set", async () => {
    const id = await house.add(await fixture("h264-aac.ts"));
    const error = await whyNot(house.remux(id, {}, house.with({ ffmpeg_path: "/nowhere/ffmpeg" })));
    expect(error).toBeInstanceOf(FatalJobError);
    expect((error as Error).message).toContain("hls.ffmpeg_path");
    expect(await foldersOf(id)).toEqual([]);
  });

  test.each<[string, string]>([
    ["fails", "echo '/secret/path: broken' >&2; exit 187"],
    ["ends well but has copied half of the film", 'ffmpeg "$@" && truncate -s 60000 source.mkv'],
    ["ends well and has copied nothing", "exit 0"],
  ])("when ffmpeg %s, for good: the film is encoded instead", async (_what, body) => {
    const id = await house.add(await fixture("h264-aac.ts"));
    const media = await house.hls.find(id);
    await house.hls.index(media);
    const hls = house.with({ ffmpeg_path: await script(body, "ffmpeg") });
    const error = await whyNot(house.remux(id, {}, hls));
    expect(error).toBeInstanceOf(FatalJobError);
    expect((error as Error).message).toBe("this file cannot be copied: ask for it again, and it is transcoded");
    expect(await foldersOf(id)).toEqual([]);
    expect((await hls.show(media, ANY_CODEC))?.stream.mode).toBe("transcode");
  });

  test("what ffmpeg said goes to the log alone", async () => {
    const id = await house.add(await fixture("h264-aac.ts"));
    await house.hls.index(await house.hls.find(id));
    const ffmpeg = await script("echo '/secret/path: broken' >&2; exit 187", "ffmpeg");
    const error = await whyNot(house.remux(id, {}, house.with({ ffmpeg_path: ffmpeg })));
    expect((error as Error).message).not.toContain("secret");
    expect(house.logged.at(-1)?.fields).toMatchObject({ how: "exit code 187", said: ["/secret/path: broken"] });
  });

  test("R23: when ffmpeg says that the disk is full", async () => {
    const id = await house.add(await fixture("h264-aac.ts"));
    const ffmpeg = await script("echo 'av_interleaved_write_frame(): No space left on device' >&2; exit 228", "ffmpeg");
    const hls = house.with({ ffmpeg_path: ffmpeg });
    await expect(house.remux(id, {}, hls)).rejects.toThrow("(media.cache_dir) is full");
    expect(await foldersOf(id)).toEqual([]);
  });

  test("when the job is cancelled; ffmpeg ends", async () => {
    const id = await house.add(await fixture("h264-aac.ts"));
    const pidFile = join(newFolder(), "pid");
    const ffmpeg = await script(`echo $$ > ${pidFile}; exec sleep 1000`, "ffmpeg");
    const controller = new AbortController();
    const making = house.remux(id, { signal: controller.signal }, house.with({ ffmpeg_path: ffmpeg }));
    await until(async () => existsSync(pidFile) && (await Bun.file(pidFile).text()) !== "");
    controller.abort(new Error("cancelled"));
    await expect(making).rejects.toThrow("cancelled");
    expect(startTime(Number(await Bun.file(pidFile).text()))).toBeNull();
    expect(await foldersOf(id)).toEqual([]);
  });

  test("when the job was handed to another worker meanwhile", async () => {
    const id = await house.add(await fixture("h264-aac.ts"));
    const fence = () => Promise.reject(new Error("the claim is lost"));
    await expect(house.remux(id, { fence })).rejects.toThrow("the claim is lost");
    expect(await foldersOf(id)).toEqual([]);
  });

  test("when the file is no video, for good", async () => {
    const path = join(newFolder(), "noise.ts");
    await appendFile(path, crypto.getRandomValues(new Uint8Array(50_000)));
    const error = await whyNot(house.remux(await house.add(path)));
    expect(error).toBeInstanceOf(FatalJobError);
    expect((error as Error).message).toBe("this file cannot be read as a video");
  });

  test("when the cache folder cannot be made", async () => {
    const blocked = await openHouse();
    await writeFile(blocked.cacheDir, "a file where a folder should be");
    const id = await blocked.add(await fixture("h264-aac.ts"));
    await expect(blocked.remux(id)).rejects.toThrow("the cache folder (media.cache_dir) cannot be written");
    await blocked.close();
  });
});
