/** What the library holds, played to its end: as it is made on demand, and as a rendition on disk. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ANY_CODEC, EVERY_PLAYER } from "../../../plugins/hls/capabilities.ts";
import type { Hls } from "../../../plugins/hls/service.ts";
import { type FixtureName, fixture, play, probeStreams, release } from "./fixtures.ts";
import { type House, openHouse } from "./house.ts";
import { addressesOf, readMediaList, secsOf } from "./lists.ts";
import { type Serving, serving } from "./serving.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(60_000);

let house: House;
let http: Serving;
beforeAll(async () => {
  house = await openHouse();
  http = await serving(house.hls);
});
afterAll(async () => {
  await http.stop();
  await house.close();
});

/** Puts a file into the library, and makes what has to be made before it can be played. */
async function add(file: string): Promise<string> {
  const id = await house.add(file);
  if (!(await house.hls.show(await house.hls.find(id), ANY_CODEC))) await house.remux(id);
  return id;
}

async function makeAndPlay(id: string, hls?: Hls) {
  const { folder } = await house.make(id, {}, hls);
  const playlist = join(folder, "index.m3u8");
  const list = readMediaList(await Bun.file(join(folder, "video.m3u8")).text());
  const [streams, warnings] = await Promise.all([probeStreams(playlist), play(playlist)]);
  return { folder, list, streams, warnings };
}

const codecs = (streams: Record<string, string>[]) =>
  [...new Set(streams.map((stream) => `${stream.codec_name}/${stream.codec_tag_string}`))].sort();

const AVC_AAC = ["aac/mp4a", "h264/avc1"];

describe.each<[FixtureName, string, string[]]>([
  ["h264-aac.mkv", "copy", AVC_AAC],
  ["h264-aac-24.mkv", "copy", AVC_AAC],
  ["h264-aac-25.mkv", "copy", AVC_AAC],
  ["h264-aac-60.mkv", "copy", AVC_AAC],
  ["h264-aac.mp4", "copy", AVC_AAC],
  ["h264-aac.mov", "copy", AVC_AAC],
  ["h264-aac.flv", "copy", AVC_AAC],
  ["h264-aac.ts", "copy", AVC_AAC],
  ["h264-ac3.m2ts", "transcode_audio", AVC_AAC],
  ["h264-ac3.mkv", "transcode_audio", AVC_AAC],
  ["hi10p-flac.mkv", "copy", ["flac/fLaC", "h264/avc1"]],
  ["h264-mp3.mkv", "transcode_audio", AVC_AAC],
  ["h264-444.mkv", "transcode", ["h264/avc1"]],
  ["hevc-aac.mkv", "copy", ["aac/mp4a", "hevc/hvc1"]],
  ["av1-opus.mkv", "copy", ["av1/av01", "opus/Opus"]],
  ["vp9-vorbis.webm", "transcode_audio", ["aac/mp4a", "vp9/vp09"]],
  ["packed.avi", "transcode", AVC_AAC],
  ["mpeg4-mp3.avi", "transcode", AVC_AAC],
  ["wmv2-wma.wmv", "transcode", AVC_AAC],
  ["odd-size.ogm", "transcode", AVC_AAC],
  ["silent.mkv", "copy", ["h264/avc1"]],
  ["late.mkv", "copy", AVC_AAC],
  ["late.ts", "copy", AVC_AAC],
  ["long-gop.mkv", "copy", AVC_AAC],
  ["late-picture.mkv", "copy", AVC_AAC],
  ["late-sound.mkv", "copy", AVC_AAC],
])("%s", (name, mode, expected) => {
  test(`plays to its end without a warning, by ${mode}, as ${expected.join(" and ")}`, async () => {
    const id = await add(await fixture(name));
    const { stream } = await house.show(id);
    expect(stream.mode).toBe(mode as typeof stream.mode);
    // On demand first: nothing of it is on disk.
    const playlist = await http.playlist(id);
    const [said, onDemand] = await Promise.all([play(playlist), probeStreams(playlist)]);
    expect(said).toBe("");
    expect(codecs(onDemand)).toEqual(expected);

    const { folder, list, streams, warnings } = await makeAndPlay(id);
    expect(warnings).toBe("");
    expect(codecs(streams)).toEqual(expected);
    const starts = streams.map((stream) => Number(stream.start_time));
    const ends = stream.index.start + stream.index.duration!;
    // From the first picture to the end of the film.
    expect(Math.abs(Math.max(...starts) + secsOf(list) - ends)).toBeLessThan(0.2);
    expect(Math.max(...starts) - Math.min(...starts)).toBeLessThan(name === "late-picture.mkv" ? 3.2 : 0.2);
    const tracks = ["video", ...stream.plan.audio.map(({ track }) => `audio_${track.index}`)];
    const names = await Promise.all(
      tracks.map(async (track) => {
        const { segments } = readMediaList(await Bun.file(join(folder, `${track}.m3u8`)).text());
        return [`${track}.m3u8`, `init_${track}.mp4`, ...segments.map((segment) => segment.name)];
      }),
    );
    expect((await readdir(folder)).sort()).toEqual(["index.m3u8", ...names.flat()].sort());
  });
});

describe.each<FixtureName>(["h264-aac.mkv", "hi10p-flac.mkv", "packed.avi", "silent.mkv", "late.ts", "late-sound.mkv"])(
  "%s with transcode = true",
  (name) => {
    test("plays to its end as H.264 and AAC, in segments of the length that was asked for", async () => {
      const hls = house.with({ transcode: true });
      const id = await house.add(await fixture(name));
      const live = await serving(hls);
      expect(await play(await live.playlist(id))).toBe("");
      await live.stop();
      const { list, streams, warnings } = await makeAndPlay(id, hls);
      expect(warnings).toBe("");
      expect(codecs(streams)).toEqual(name === "silent.mkv" ? ["h264/avc1"] : AVC_AAC);
      expect(streams.find((stream) => stream.codec_type === "video")?.pix_fmt).toBe("yuv420p");
      expect(list.segments.length).toBeGreaterThanOrEqual(2);
      for (const { secs } of list.segments.slice(0, -1)) expect(secs).toBe(2);
      expect(list.target).toBe(Math.ceil(Math.max(...list.segments.map(({ secs }) => secs))));
    });
  },
);

test("a copied rendition holds the very bytes that are made on demand, under the same names", async () => {
  const id = await add(await fixture("hi10p-flac.mkv"));
  const addresses = await addressesOf(await http.playlist(id));
  const onDemand = new Map<string, Buffer>();
  for (const address of addresses) {
    const name = new URL(address).pathname.split("/").at(-1)!;
    if (!name.endsWith(".m3u8")) onDemand.set(name, Buffer.from(await (await fetch(address)).arrayBuffer()));
  }
  const { folder } = await house.make(id);
  const onDisk = (await readdir(folder)).filter((name) => !name.endsWith(".m3u8"));
  expect(onDisk.sort()).toEqual([...onDemand.keys()].sort());
  for (const [name, bytes] of onDemand) {
    expect(Buffer.from(await Bun.file(join(folder, name)).arrayBuffer()).equals(bytes)).toBeTrue();
  }
});

test("a transcoded rendition has the names and times that are served on demand, of a copy made elsewhere", async () => {
  const file = await fixture("hi10p-flac.mkv");
  const id = await add(file);
  const { folder } = await house.make(id, { capabilities: EVERY_PLAYER });
  const here = await Bun.file(join(folder, "video.m3u8")).text();
  const other = await openHouse();
  const live = await serving(other.hls);
  const playlist = await live.playlist(await other.add(file), "aac");
  const there = await (await fetch(new URL(`video.m3u8${new URL(playlist).search}`, playlist))).text();
  await live.stop();
  await other.close();
  const plain = (text: string) => text.replace(/\?[^"\n]*/g, "");
  expect(plain(there)).toBe(plain(here));
  expect(there).not.toBe(here);
});

test("a release with subtitles, a font, a cover and chapters plays its picture and sound, and writes what a browser takes of its subtitles", async () => {
  const id = await add(await release());
  const { folder, streams, warnings } = await makeAndPlay(id);
  // All that this ffmpeg has to say of subtitles in a playlist.
  const ours = (said: string) =>
    said.split("\n").filter((line) => line && !line.includes("Can't support the subtitle"));
  expect(ours(warnings)).toEqual([]);
  expect(ours(await play(await http.playlist(id)))).toEqual([]);
  expect(streams.find(({ codec_type }) => codec_type === "video")).toMatchObject({ codec_name: "h264", width: 320 });
  expect(codecs(streams)).toEqual(AVC_AAC);
  const others = (await readdir(folder)).filter((name) => !/^(index|(init_)?(video|audio_\d)(_\d+)?)\.\w+$/.test(name));
  expect(others.sort()).toEqual(["subtitles_0.m3u8", "subtitles_0.vtt"]);
});

test("lateness is in the segments' own times, not in an edit list, which Chromium passes over", async () => {
  const { folder } = await makeAndPlay(await add(await fixture("late-picture.mkv")));
  const inits = (await readdir(folder)).filter((name) => name.startsWith("init_"));
  expect(inits).toHaveLength(2);
  for (const name of inits) {
    const init = Buffer.from(await Bun.file(join(folder, name)).arrayBuffer());
    for (const { index } of init.toString("latin1").matchAll(/elst\0\0\0\0/g)) {
      expect(init.readUInt32BE(index + 8)).toBe(1);
      // The delay of reordered pictures, or nothing; -1 would be an empty edit.
      expect(init.readInt32BE(index + 16)).toBeGreaterThanOrEqual(0);
    }
  }
});

test("a copied picture is bit by bit that of the source, on demand and on disk", async () => {
  const hash = async (path: string) => {
    const args = ["-v", "error", "-i", path, "-map", "0:V:0", "-fps_mode", "passthrough", "-f", "framemd5", "-"];
    const out = await new Response(Bun.spawn(["ffmpeg", ...args]).stdout).text();
    return out
      .split("\n")
      .filter((line) => /^\d/.test(line))
      .map((line) => line.split(",").at(-1));
  };
  const source = await fixture("hi10p-flac.mkv");
  const id = await add(source);
  const frames = await hash(source);
  expect(frames).toHaveLength(120);
  expect(await hash(await http.playlist(id))).toEqual(frames);
  const { folder } = await makeAndPlay(id);
  expect(await hash(join(folder, "index.m3u8"))).toEqual(frames);
});
