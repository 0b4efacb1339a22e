/** Subtitles that only ffmpeg can read, with the real one. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { startTime } from "../../../../plugins/hls/owner.ts";
import { Damaged } from "../../../../plugins/hls/reader/model.ts";
import { type ExtractOptions, extractSubtitles } from "../../../../plugins/hls/subtitles/extract.ts";
import { until } from "../../../helpers/until.ts";
import { ffmpeg, fixture, newFolder } from "../fixtures.ts";
import { script } from "../script.ts";
import { file, merged, written } from "./files.ts";
import { HEAD } from "./frames.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

const extract = async (path: string, options: Partial<ExtractOptions> = {}): Promise<string> =>
  Buffer.from(
    await extractSubtitles({
      ...{ ffmpeg: Bun.which("ffmpeg")!, file: path, index: 1, form: "vtt", signal: new AbortController().signal },
      ...options,
    }),
  ).toString();

test("MP4's own text becomes WebVTT, on the clock that our segments have", async () => {
  const srt = await file("a.srt", "1\n00:00:01,500 --> 00:00:02,000\nHello & <i>you</i>\n");
  const path = join(newFolder(), "colon: 100%d.mp4");
  await ffmpeg("-i", await fixture("silent.mkv"), "-i", srt, "-c:v", "copy", "-c:s", "mov_text", path);
  expect(await extract(path)).toBe(
    "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n00:00:01.500 --> 00:00:02.000\nHello &amp; <i>you</i>\n",
  );
});

test("a script stays as it is", async () => {
  const lines = "Dialogue: 0,0:00:01.00,0:00:02.00,Sign,,0,0,0,,{\\pos(1,2)}x";
  const path = await merged(await fixture("silent.mkv"), await file("a.ass", `${HEAD}${lines}\n`));
  expect(await extract(path, { form: "ass" })).toBe(`${await written(path, "ass")}`);
});

test("S41: more than the bound is an error, not memory", async () => {
  const path = await merged(await fixture("silent.mkv"), await file("a.ass", `${HEAD}; ${"x".repeat(100_000)}\n`));
  await expect(extract(path, { form: "ass", most: 10_000 })).rejects.toThrow(Damaged);
});

test("a track that is none is an error, with what ffmpeg said as its cause", async () => {
  const error = (await extract(await fixture("silent.mkv")).catch((reason: unknown) => reason)) as Error;
  expect(error).toBeInstanceOf(Damaged);
  expect(error.message).not.toContain("silent.mkv");
  expect(String(error.cause)).toContain("matches no streams");
});

test("S8, S10: a playlist that is named like a video is not opened", async () => {
  const path = await file("a.mkv", `#EXTM3U\n#EXTINF:5,\n${await fixture("late.ts")}\n#EXT-X-ENDLIST\n`);
  await expect(extract(path)).rejects.toThrow(Damaged);
});

test("a program that ends well and says nothing is an error all the same", async () => {
  await expect(extract("/nowhere", { ffmpeg: await script("exit 0", "ffmpeg") })).rejects.toThrow("no subtitles");
});

/** A program that tells its number and then hangs. */
const hanging = async () => {
  const pidFile = join(newFolder(), "pid");
  const program = await script(`echo $$ > ${pidFile}; exec sleep 1000`, "ffmpeg");
  const pid = async () =>
    Number(
      (
        await Bun.file(pidFile)
          .text()
          .catch(() => "")
      ).trim(),
    );
  return { program, pid };
};

test("S11: one that hangs is ended", async () => {
  const { program, pid } = await hanging();
  await expect(extract("/nowhere", { ffmpeg: program, timeoutMs: 500 })).rejects.toThrow(Damaged);
  expect(startTime(await pid())).toBeNull();
});

test("one that nobody waits for any more is ended, and the reason thrown", async () => {
  const { program, pid } = await hanging();
  const controller = new AbortController();
  const asked = extract("/nowhere", { ffmpeg: program, signal: controller.signal });
  await until(async () => (await pid()) > 0);
  controller.abort(new Error("gone"));
  await expect(asked).rejects.toThrow("gone");
  await until(async () => startTime(await pid()) === null);
  await expect(extract("/nowhere", { ffmpeg: program, signal: controller.signal })).rejects.toThrow("gone");
});
