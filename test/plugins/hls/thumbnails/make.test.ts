/** Thumbnails of real films, by both ways: what they show, and that they show it at the right time. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { copyFile, readdir, truncate } from "node:fs/promises";
import { join } from "node:path";
import type { Container } from "../../../../plugins/hls/reader/model.ts";
import { Damaged } from "../../../../plugins/hls/reader/model.ts";
import { FfmpegFailed, makeThumbnails, NoThumbnails, type Work } from "../../../../plugins/hls/thumbnails/make.ts";
import { fixture, newFolder } from "../fixtures.ts";
import { script } from "../script.ts";
import { brightness, cut, film, secsOf } from "./films.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(60_000);

interface Made {
  count: number;
  folder: string;
  progress: number[];
}

async function make(file: string, options: Partial<Work> = {}): Promise<Made> {
  const folder = options.folder ?? newFolder();
  const progress: number[] = [];
  const count = await makeThumbnails({
    ...{ ffmpeg: Bun.which("ffmpeg")!, file, picture: { index: 0, codec: "h264" }, cuttable: null, folder },
    ...{
      signal: new AbortController().signal,
      onStart: async () => {},
      onProgress: (secs) => void progress.push(secs),
    },
    ...options,
  });
  return { count, folder, progress };
}
const makeFed = (file: string, options: Partial<Work> = {}) =>
  cut(file, (cuttable) => make(file, { cuttable, ...options }));

/** The seconds that the thumbnails of the first sheet show. */
const shown = async ({ folder, count }: Made): Promise<number[]> =>
  (await brightness(join(folder, "thumbnails_0.jpg"))).slice(0, count).map(secsOf);

const CODECS: Record<string, string[]> = {
  h264: ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-sc_threshold", "0"],
  "h264 of 10 bits": ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p10le", "-sc_threshold", "0"],
  "hevc with open groups": [
    ...["-c:v", "libx265", "-preset", "ultrafast"],
    ...["-x265-params", "log-level=error:open-gop=1:scenecut=0:keyint=20"],
  ],
  av1: ["-c:v", "libsvtav1", "-preset", "12"],
  vp9: ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"],
};

describe.each(Object.entries(CODECS))("of %s", (name, codec) => {
  test("show the keyframe before the middle of their ten seconds; those that are read are all that is read", async () => {
    const made = await makeFed(await film({ codec }));
    expect(made.count).toBe(5);
    const times = await shown(made);
    for (const [i, expected] of [4, 12, 24, 32, 44].entries()) expect(Math.abs(times[i]! - expected)).toBeLessThan(2);
    expect((await readdir(made.folder)).sort()).toEqual(["thumbnails.vtt", "thumbnails_0.jpg"]);
  });

  test("show about the same where ffmpeg reads the whole file", async () => {
    const made = await make(await film({ codec }), { picture: { index: 0, codec: name.split(" ")[0]! } });
    expect(made.count).toBe(5);
    const times = await shown(made);
    for (const [i, middle] of [5, 15, 25, 35, 45].entries()) {
      expect(times[i]).toBeGreaterThan(middle - 5.5);
      expect(times[i]).toBeLessThan(middle + 1);
    }
  });
});

test("of H.264 with open groups come from the whole file, each in its time", async () => {
  const codec = ["-c:v", "libx264", "-bf", "3", "-x264-params", "open-gop=1:scenecut=0", "-flags", "-cgop"];
  const made = await make(await film({ codec }));
  const times = await shown(made);
  for (const [i, middle] of [5, 15, 25, 35, 45].entries()) expect(Math.abs(times[i]! - middle)).toBeLessThan(2);
});

test.each([
  ["an AVI", "film.avi", ["-c:v", "mpeg4", "-bf", "2"], "mpeg4"],
  ["a transport stream that begins late", "film.ts", [...CODECS.h264!, "-output_ts_offset", "100"], "h264"],
  ["an MPEG-2 program stream", "film.mpg", ["-c:v", "mpeg2video", "-r", "25"], "mpeg2video"],
])("of %s count from its begin", async (_what, name, codec, kind) => {
  const made = await make(await film({ codec, name }), { picture: { index: 0, codec: kind } });
  expect(made.count).toBe(5);
  const times = await shown(made);
  expect(times[0]).toBeLessThan(6);
  expect(Math.abs(times[4]! - 44)).toBeLessThan(3);
});

test("go on on a second sheet, and progress to the end of the film", async () => {
  const made = await makeFed(await film({ secs: 1_025 }));
  expect(made.count).toBe(103);
  expect((await readdir(made.folder)).sort()).toEqual(["thumbnails.vtt", "thumbnails_0.jpg", "thumbnails_1.jpg"]);
  const list = await Bun.file(join(made.folder, "thumbnails.vtt")).text();
  expect(list).toEndWith("00:17:00.000 --> 00:17:10.000\nthumbnails_1.jpg#xywh=640,0,320,320\n");
  expect(made.progress.at(-1)).toBeGreaterThan(1_000);
  expect(made.progress.at(-1)).toBeLessThan(1_040);
});

test("are as wide as high as the picture is to be shown, but no taller than twice their width", async () => {
  const heightOf = async (size: string, ...output: string[]) => {
    const { folder } = await makeFed(await film({ secs: 6, size, codec: [...CODECS.h264!, ...output] }));
    return /xywh=0,0,320,(\d+)/.exec(await Bun.file(join(folder, "thumbnails.vtt")).text())?.[1];
  };
  expect(await heightOf("128x72")).toBe("180");
  // Few pixels for a wide picture: a DVD's.
  expect(await heightOf("72x48", "-aspect", "16:9")).toBe("180");
  expect(await heightOf("16x640")).toBe("640");
});

test("read but a small part of a file", async () => {
  const file = await film({ secs: 100, size: "320x180", codec: [...CODECS.h264!, "-vf", "noise=alls=40:allf=t"] });
  let read = 0;
  const made = await cut(
    file,
    (cuttable) => make(file, { cuttable }),
    (length) => (read += length),
  );
  expect(made.count).toBe(10);
  expect(read).toBeLessThan(Bun.file(file).size / 2);
});

describe("a damaged file", () => {
  test("that is cut short has thumbnails of what is there", async () => {
    const whole = await film();
    const path = join(newFolder(), "short.mkv");
    await copyFile(whole, path);
    await truncate(path, Math.floor(Bun.file(whole).size * 0.6));
    const made = await make(path);
    expect(made.count).toBeGreaterThan(1);
    expect(made.count).toBeLessThan(5);
  });

  test("whose keyframes are not where its index says is left to ffmpeg", async () => {
    const file = await film();
    const made = await cut(file, ({ container, track, facts }) => {
      const lying: Container = {
        ...container,
        keyframe: async (number) => {
          if (number > 3) throw new Damaged("not there");
          return container.keyframe(number);
        },
      };
      return make(file, { cuttable: { container: lying, track, facts } });
    });
    expect(made.count).toBe(5);
    expect(Math.abs((await shown(made))[4]! - 45)).toBeLessThan(2);
  });

  test("whose keyframes are noise has thumbnails of the file as ffmpeg reads it", async () => {
    const file = await film();
    const made = await cut(file, ({ container, track, facts }) => {
      const noise: Container = {
        ...container,
        keyframe: async (number) => ({ ...(await container.keyframe(number)), data: new Uint8Array(500).fill(7) }),
      };
      return make(file, { cuttable: { container: noise, track, facts } });
    });
    expect(made.count).toBe(5);
  });

  test("of which nothing can be shown has none", async () => {
    await expect(make(await film(), { ffmpeg: await script("exit 0", "ffmpeg") })).rejects.toThrow(NoThumbnails);
  });

  test("that is no film at all fails with what ffmpeg said", async () => {
    const path = join(newFolder(), "noise.mkv");
    await Bun.write(path, new Uint8Array(50_000).fill(0xa5));
    const error: unknown = await make(path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FfmpegFailed);
    expect((error as FfmpegFailed).result.said.join("\n")).toContain("Invalid data");
  });
});

test("S8: a playlist that is named like a film is not opened", async () => {
  const path = join(newFolder(), "film.mkv");
  await Bun.write(path, `#EXTM3U\n#EXTINF:5,\n${await fixture("late.ts")}\n#EXT-X-ENDLIST\n`);
  await expect(make(path)).rejects.toThrow(FfmpegFailed);
});

test("a sheet that is cut short is not taken for one: the disk is full, and ffmpeg does not say so", async () => {
  const program = await script('ffmpeg "$@" && truncate -s 1000 thumbnails_0.jpg', "ffmpeg");
  await expect(makeFed(await film(), { ffmpeg: program })).rejects.toThrow(NoThumbnails);
});

test("an abort ends ffmpeg, though it waits for more, and throws the reason", async () => {
  const controller = new AbortController();
  const file = await film();
  const started = Promise.withResolvers<number>();
  const asked = cut(file, ({ container, track, facts }) => {
    const slow: Container = { ...container, keyframe: () => new Promise(() => {}) };
    return make(file, {
      ...{ cuttable: { container: slow, track, facts }, signal: controller.signal },
      onStart: async (pid) => started.resolve(pid),
    });
  });
  const pid = await started.promise;
  controller.abort(new Error("cancelled"));
  await expect(asked).rejects.toThrow("cancelled");
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});
