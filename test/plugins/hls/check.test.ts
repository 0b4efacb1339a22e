import { beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { copyFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkRendition, isWhole } from "../../../plugins/hls/check.ts";
import { RAW_PLAYLIST, renditionArgs } from "../../../plugins/hls/ffmpeg.ts";
import { probeFile } from "../../../plugins/hls/ffprobe.ts";
import { type Plan, planFor } from "../../../plugins/hls/plan.ts";
import { run } from "../../../plugins/hls/run.ts";
import { findTools } from "../../../plugins/hls/tools.ts";
import { fixture, newFolder } from "./fixtures.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

const tools = findTools("ffmpeg");
let folder: string;
let plan: Plan;

beforeEach(async () => {
  folder = newFolder();
  const file = await fixture("h264-aac.mkv");
  plan = planFor(await probeFile(tools, file), false);
  const { signal } = new AbortController();
  await run({ program: tools.ffmpeg, args: renditionArgs(plan, file, 2), cwd: folder, signal });
});

const rewrite = async (change: (text: string) => string) => {
  const path = join(folder, RAW_PLAYLIST);
  await writeFile(path, change(await Bun.file(path).text()));
};

test("what ffmpeg leaves when all is well passes", async () => {
  const list = await checkRendition(folder, plan);
  expect(list.segments.map(({ name }) => name)).toEqual(["seg_0.m4s", "seg_1.m4s", "seg_2.m4s"]);
});

describe("it does not pass", () => {
  test("without a playlist", async () => {
    await rm(join(folder, RAW_PLAYLIST));
    await expect(checkRendition(folder, plan)).rejects.toThrow("before the playlist was complete");
  });

  test("when the playlist has no end", async () => {
    await rewrite((text) => text.replace("#EXT-X-ENDLIST", ""));
    await expect(checkRendition(folder, plan)).rejects.toThrow("before the playlist was complete");
  });

  test("R23: when a segment is empty, as a full disk leaves it", async () => {
    await truncate(join(folder, "seg_2.m4s"), 0);
    await expect(checkRendition(folder, plan)).rejects.toThrow("seg_2.m4s of the rendition is missing or cut short");
  });

  test.each(["seg_1.m4s", "init.mp4"])("when %s is cut short", async (name) => {
    await truncate(join(folder, name), Bun.file(join(folder, name)).size - 1);
    await expect(checkRendition(folder, plan)).rejects.toThrow(`${name} of the rendition is missing or cut short`);
  });

  test("when a segment is missing", async () => {
    await rm(join(folder, "seg_0.m4s"));
    await expect(checkRendition(folder, plan)).rejects.toThrow("seg_0.m4s");
  });

  test("when it is shorter than the picture of the file", async () => {
    await rewrite((text) => text.replace(/#EXTINF:[^\n]+\nseg_0.m4s\n#EXTINF:[^\n]+\nseg_1.m4s\n/, ""));
    await expect(checkRendition(folder, plan)).rejects.toThrow("of 5 seconds can be read");
  });

  test("when it names files outside", async () => {
    await copyFile(join(folder, "seg_0.m4s"), join(folder, "../outside.m4s"));
    await rewrite((text) => text.replace("seg_0.m4s", "../outside.m4s"));
    await expect(checkRendition(folder, plan)).rejects.toThrow("unexpected way");
  });
});

test("a length that only the longest track has may be missed by more", async () => {
  await checkRendition(folder, { ...plan, duration: 6.9, exact: false });
  await expect(checkRendition(folder, { ...plan, duration: 9, exact: false })).rejects.toThrow("of 9 seconds");
  await checkRendition(folder, { ...plan, duration: null, exact: false });
});

test.each<[string, number[]]>([
  ["nothing", []],
  ["less than a header", [0, 0, 0]],
  ["a box that ends beyond the file", [0, 0, 0, 9, 1, 1, 1, 1]],
  ["a box shorter than its header, which would be read for ever", [0, 0, 0, 0, 1, 1, 1, 1]],
])("%s is no row of boxes", async (_kind, bytes) => {
  const path = join(folder, "x");
  await writeFile(path, Buffer.from(bytes));
  expect(await isWhole(path)).toBeFalse();
});

test("a box with a 64-bit length is read", async () => {
  const path = join(folder, "x");
  await writeFile(path, Buffer.from([0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 17, 5]));
  expect(await isWhole(path)).toBeTrue();
});
