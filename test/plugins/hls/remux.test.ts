import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { copyFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { readOurselves } from "../../../plugins/hls/analyse.ts";
import { probeFile } from "../../../plugins/hls/ffprobe.ts";
import { remuxArgs } from "../../../plugins/hls/remux.ts";
import { findTools } from "../../../plugins/hls/tools.ts";
import { ffmpeg, fixture, newFolder, probeStreams, release } from "./fixtures.ts";
import { audioTrack, mediaIndex, subtitleTrack, videoTrack } from "./media.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

const tools = findTools("ffmpeg");

/** @returns the copy, made by the arguments that a probe of the file leads to */
async function remuxed(file: string): Promise<string> {
  const folder = newFolder();
  const args = remuxArgs(await probeFile(tools, file), file);
  const child = Bun.spawn([tools.ffmpeg, ...args], { cwd: folder, stdout: "ignore", stderr: "pipe" });
  const [said, code] = await Promise.all([child.stderr.text(), child.exited]);
  expect([code, said]).toEqual([0, ""]);
  return join(folder, "source.mkv");
}

const codecs = async (file: string) => (await probeStreams(file)).map(({ codec_name }) => codec_name);

test.each([
  ["h264-aac.ts", ["h264", "aac"]],
  ["h264-ac3.m2ts", ["h264", "ac3"]],
  ["h264-aac.flv", ["h264", "aac"]],
  ["late.ts", ["h264", "aac"]],
] as const)("%s becomes a file that our reader cuts", async (name, tracks) => {
  const copy = await remuxed(await fixture(name));
  expect(await codecs(copy)).toEqual([...tracks]);
  const index = await readOurselves(copy);
  expect(index?.cut?.facts[0]).toMatchObject({ codecString: expect.stringMatching(/^avc1\./) });
  expect(index?.duration).toBeCloseTo(5, 0);
});

test("the sound of a Blu-ray disc, which Matroska has no name for, becomes FLAC", async () => {
  const file = join(newFolder(), "disc.m2ts");
  await ffmpeg("-i", await fixture("h264-aac.mkv"), "-c:v", "copy", "-c:a", "pcm_bluray", file);
  expect(await codecs(await remuxed(file))).toEqual(["h264", "flac"]);
});

test("a subtitle at the end does not make ffmpeg hold the whole film in memory", () => {
  // Of 0, it would wait for the first subtitle with all that comes before.
  expect(remuxArgs(mediaIndex([videoTrack(), subtitleTrack()]), "/x")).not.toContain("-max_interleave_delta");
});

test("subtitles and fonts come along, covers do not", async () => {
  const copy = await remuxed(await release());
  const index = await readOurselves(copy);
  expect(index?.tracks.map(({ codec }) => codec).toSorted()).toEqual(["aac", "ass", "h264"]);
  expect(index?.cut?.container.attachments.map(({ mediaType }) => mediaType)).toEqual(["font/ttf", "font/otf"]);
});

describe("the tracks that are copied", () => {
  const mapped = (...args: Parameters<typeof remuxArgs>) => {
    const list = remuxArgs(...args);
    return list.filter((_, i) => list[i - 1] === "-map");
  };

  test("are the first picture, every sound, and the subtitles that Matroska takes", () => {
    const tracks = [
      subtitleTrack({ index: 0, codec: "hdmv_pgs_subtitle" }),
      videoTrack({ index: 1 }),
      videoTrack({ index: 2 }),
      audioTrack({ index: 3 }),
      audioTrack({ index: 4, codec: "pcm_bluray" }),
      subtitleTrack({ index: 5, codec: "dvb_teletext" }),
    ];
    expect(mapped(mediaIndex(tracks), "/x")).toEqual(["0:1", "0:3", "0:4", "0:0", "0:t?"]);
  });

  test("may be a picture alone", () => {
    expect(mapped(mediaIndex([videoTrack()]), "/x")).toEqual(["0:0", "0:t?"]);
  });

  test("keep their numbers when only some sounds need a filter", () => {
    const sounds = [audioTrack({ codec: "ac3" }), audioTrack({ index: 2 })];
    expect(remuxArgs(mediaIndex([videoTrack(), ...sounds]), "/x").join(" ")).toContain("-bsf:a:1 aac_adtstoasc");
  });
});

test.each(["-i.mkv", "concat:a|b", 'quo"te\n.mkv', "%d.mkv"])("S14: a file called %j is only opened", async (name) => {
  const file = join(newFolder(), name);
  await copyFile(await fixture("h264-aac.ts"), file);
  expect((await stat(await remuxed(file))).size).toBeGreaterThan(10_000);
});
