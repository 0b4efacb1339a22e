/** What the library holds, made and played to the end. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { INIT, parsePlaylist, totalSecs } from "../../../plugins/hls/playlist.ts";
import { type FixtureName, fixture, play, probeStreams, release } from "./fixtures.ts";
import { type House, openHouse } from "./house.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

async function makeAndPlay(file: string, hls = house.hls) {
  const { folder } = await house.make(await house.add(file), {}, hls);
  const playlist = join(folder, "index.m3u8");
  const list = parsePlaylist(await Bun.file(playlist).text());
  return { folder, list, streams: await probeStreams(playlist), warnings: await play(playlist) };
}

const codecs = (streams: Record<string, string>[]) => [
  ...new Set(streams.map((stream) => `${stream.codec_name}/${stream.codec_tag_string}`)),
];

describe.each<[FixtureName, string[]]>([
  ["h264-aac.mkv", ["h264/avc1", "aac/mp4a"]],
  ["h264-aac-24.mkv", ["h264/avc1", "aac/mp4a"]],
  ["h264-aac-25.mkv", ["h264/avc1", "aac/mp4a"]],
  ["h264-aac-60.mkv", ["h264/avc1", "aac/mp4a"]],
  ["h264-aac.mp4", ["h264/avc1", "aac/mp4a"]],
  ["h264-aac.mov", ["h264/avc1", "aac/mp4a"]],
  ["h264-aac.flv", ["h264/avc1", "aac/mp4a"]],
  ["h264-aac.ts", ["h264/avc1", "aac/mp4a"]],
  ["h264-ac3.m2ts", ["h264/avc1", "aac/mp4a"]],
  ["h264-ac3.mkv", ["h264/avc1", "aac/mp4a"]],
  ["hi10p-flac.mkv", ["h264/avc1", "flac/fLaC"]],
  ["h264-mp3.mkv", ["h264/avc1", "aac/mp4a"]],
  ["h264-444.mkv", ["h264/avc1"]],
  ["hevc-aac.mkv", ["hevc/hvc1", "aac/mp4a"]],
  ["av1-opus.mkv", ["av1/av01", "opus/Opus"]],
  ["vp9-vorbis.webm", ["vp9/vp09", "aac/mp4a"]],
  ["packed.avi", ["h264/avc1", "aac/mp4a"]],
  ["mpeg4-mp3.avi", ["h264/avc1", "aac/mp4a"]],
  ["wmv2-wma.wmv", ["h264/avc1", "aac/mp4a"]],
  ["odd-size.ogm", ["h264/avc1", "aac/mp4a"]],
  ["silent.mkv", ["h264/avc1"]],
  ["late.mkv", ["h264/avc1", "aac/mp4a"]],
  ["late.ts", ["h264/avc1", "aac/mp4a"]],
  ["long-gop.mkv", ["h264/avc1", "aac/mp4a"]],
  ["late-picture.mkv", ["h264/avc1", "aac/mp4a"]],
  ["late-sound.mkv", ["h264/avc1", "aac/mp4a"]],
])("%s", (name, expected) => {
  test(`plays to the end without a warning, as ${expected.join(" and ")}`, async () => {
    const { folder, list, streams, warnings } = await makeAndPlay(await fixture(name));
    expect(warnings).toBe("");
    expect(codecs(streams).sort()).toEqual([...expected].sort());
    expect(totalSecs(list)).toBeCloseTo(5, 0);
    expect((await readdir(folder)).sort()).toEqual(
      ["index.m3u8", INIT, ...list.segments.map((segment) => segment.name)].sort(),
    );
    const starts = streams.map((stream) => Number(stream.start_time));
    expect(Math.min(...starts)).toBeLessThan(0.2);
    expect(Math.max(...starts)).toBeLessThan(name.startsWith("late-") ? 3.2 : 0.2);
  });
});

describe.each<FixtureName>(["h264-aac.mkv", "hi10p-flac.mkv", "packed.avi", "silent.mkv", "late.ts", "late-sound.mkv"])(
  "%s with transcode = true",
  (name) => {
    test("plays to the end as H.264 and AAC, in segments of the length that was asked for", async () => {
      const { list, streams, warnings } = await makeAndPlay(await fixture(name), house.with({ transcode: true }));
      expect(warnings).toBe("");
      expect(codecs(streams).sort()).toEqual(name === "silent.mkv" ? ["h264/avc1"] : ["aac/mp4a", "h264/avc1"]);
      expect(streams.find((stream) => stream.codec_type === "video")?.pix_fmt).toBe("yuv420p");
      expect(list.segments).toHaveLength(3);
      for (const { secs } of list.segments.slice(0, -1)) expect(Math.abs(secs - 2)).toBeLessThan(0.1);
    });
  },
);

test("a release with subtitles, a font, a cover and chapters plays its picture and sound, and writes nothing else", async () => {
  const { folder, streams, warnings } = await makeAndPlay(await release());
  expect(warnings).toBe("");
  expect(streams[0]).toMatchObject({ codec_name: "h264", width: 320 });
  expect(codecs(streams)).toHaveLength(2);
  expect((await readdir(folder)).filter((name) => !/^(index\.m3u8|init\.mp4|seg_\d\.m4s)$/.test(name))).toEqual([]);
});

test("lateness is in the segments' own times, not in an edit list, which Chromium passes over", async () => {
  const { folder } = await makeAndPlay(await fixture("late-picture.mkv"));
  const init = Buffer.from(await Bun.file(join(folder, INIT)).arrayBuffer());
  const edits = [...init.toString("latin1").matchAll(/elst\0\0\0\0/g)].map(({ index }) => index + 8);
  expect(edits).toHaveLength(2);
  for (const at of edits) {
    expect(init.readUInt32BE(at)).toBe(1);
    // The delay of reordered pictures, or nothing; -1 would be an empty edit.
    expect(init.readInt32BE(at + 8)).toBeGreaterThanOrEqual(0);
  }
});

test("a copied picture is bit by bit that of the source", async () => {
  const hash = async (path: string) => {
    const args = ["-v", "error", "-i", path, "-map", "0:V:0", "-fps_mode", "passthrough", "-f", "framemd5", "-"];
    const out = await new Response(Bun.spawn(["ffmpeg", ...args]).stdout).text();
    return out
      .split("\n")
      .filter((line) => /^\d/.test(line))
      .map((line) => line.split(",").at(-1));
  };
  const source = await fixture("hi10p-flac.mkv");
  const { folder } = await makeAndPlay(source);
  const frames = await hash(source);
  expect(frames).toHaveLength(120);
  expect(await hash(join(folder, "index.m3u8"))).toEqual(frames);
});
