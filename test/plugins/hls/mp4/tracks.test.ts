import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { audioFacts, videoFacts } from "../../../../plugins/hls/codec/facts.ts";
import { openMp4 } from "../../../../plugins/hls/mp4/open.ts";
import { ffmpeg, newFolder } from "../fixtures.ts";
import { changed, contentAt, type FilmName, film, memory, probe } from "./films.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

const open = async (path: string) => openMp4(memory(await Bun.file(path).bytes()));

test.each<FilmName>(["plain.mp4", "hevc-opus.mp4", "vp9-ac3.mp4", "sound-only.mp4", "fragments.mp4", "pcm.mov"])(
  "%s has the tracks that ffprobe finds",
  async (name) => {
    const { index } = await open(await film(name));
    const { streams } = await probe(await film(name));
    expect(
      index.tracks.map((track) => {
        const { index, type, codec, width, height } = track;
        if (type === "video") return [index, type, codec, width, height];
        const { channels, sampleRate } = audioFacts(track) ?? track;
        return [index, type, codec, channels, sampleRate];
      }),
    ).toEqual(
      streams.map(({ index, codec_type, codec_name, width, height, channels, sample_rate }) =>
        codec_type === "video"
          ? [index, codec_type, codec_name!, width!, height!]
          : [index, codec_type, codec_name!, channels!, Number(sample_rate)],
      ),
    );
    expect(index.video).toBe(name === "sound-only.mp4" ? null : 1);
    expect(index.keyframes.times.length > 0).toBe(name !== "sound-only.mp4");
  },
);

test.each<[FilmName, string, string | undefined]>([
  ["plain.mp4", "avc1.64000a", "mp4a.40.2"],
  ["head-first.mov", "avc1.64000a", "mp4a.40.2"],
  ["hevc-opus.mp4", "hvc1.1.6.L30.90", "Opus"],
  ["av1-flac.mp4", "av01.0.00M.08", "fLaC"],
  ["vp9-ac3.mp4", "vp09.00.10.08", undefined],
])("%s has the headers of its codecs: %s, %s", async (name, picture, sound) => {
  const container = await open(await film(name));
  const [video, audio] = container.index.tracks;
  expect(videoFacts(video!, (await container.keyframe(0)).data)?.codecString).toBe(picture);
  expect(audioFacts(audio!)).toEqual(
    sound === undefined ? null : expect.objectContaining({ codecString: sound, sampleRate: 48_000, channels: 1 }),
  );
});

test("frames last as long as the file says, unless they differ", async () => {
  const durations = async (name: FilmName) =>
    (await open(await film(name))).index.tracks.map((track) => track.frameDuration);
  expect(await durations("plain.mp4")).toEqual([Math.round(1001e9 / 24_000), Math.round(1024e9 / 48_000)]);
  expect(await durations("variable.mp4")).toEqual([null]);
});

describe("the length is that of the longest track", () => {
  test.each<[FilmName, number]>([
    ["plain.mp4", 6.006],
    ["late-sound.mp4", 7.5],
    ["fragments-dash.mp4", 6.006],
    ["pcm.mov", 6.006],
  ])("%s: %d s", async (name, secs) => {
    expect(Math.abs((await open(await film(name))).index.duration / 1e9 - secs)).toBeLessThan(0.025);
  });
});

describe("all that hangs on a film", () => {
  const subtitles = "1\n00:00:01,000 --> 00:00:02,500\nHello\n\n2\n00:00:04,000 --> 00:00:05,000\nWorld\n";
  const chapters =
    ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=2000\ntitle=Opening\n" +
    "[CHAPTER]\nTIMEBASE=1/1000\nSTART=2000\nEND=6000\ntitle=第二章\n";

  async function release(extension: string): Promise<string> {
    const folder = newFolder();
    const at = (name: string) => join(folder, name);
    await writeFile(at("lines.srt"), subtitles);
    await writeFile(at("chapters.txt"), chapters);
    await ffmpeg("-f", "lavfi", "-i", "color=red:s=64x64:d=1", "-frames:v", "1", at("cover.png"));
    await ffmpeg(
      ...["-i", await film("plain.mp4"), "-i", at("lines.srt"), "-i", at("chapters.txt"), "-i", at("cover.png")],
      ...[
        "-map",
        "0:a",
        "-map",
        "0:v",
        "-map",
        "1",
        "-map",
        "3",
        "-map_chapters",
        "2",
        "-c",
        "copy",
        "-c:s",
        "mov_text",
      ],
      ...["-disposition:v:1", "attached_pic", "-metadata:s:a:0", "language=jpn", "-metadata:s:a:0", "title=Commentary"],
      ...["-disposition:a:0", "0", "-metadata:s:s:0", "language=chi", at(`release.${extension}`)],
    );
    return at(`release.${extension}`);
  }

  test("is found in it", async () => {
    const path = await release("mp4");
    const { index } = await open(path);
    const { streams } = await probe(path);
    // Chapters are a track of texts, the cover is one of ffmpeg's streams: neither is played.
    const played = streams.filter(({ codec_type, disposition }) => codec_type !== "data" && !disposition.attached_pic);
    expect(index.tracks.map((track) => [track.index, track.type, track.codec, track.default])).toEqual(
      played.map((stream) => [stream.index, stream.codec_type, stream.codec_name!, stream.disposition.default === 1]),
    );
    expect(index.tracks.map(({ language, title }) => [language, title])).toEqual([
      ["jpn", "Commentary"],
      [null, null],
      ["chi", null],
    ]);
    expect(index.video).toBe(2);
  });

  test("has chapters, as Nero writes them", async () => {
    expect((await open(await release("mp4"))).index.chapters).toEqual([
      { start: 0, end: 2e9, title: "Opening" },
      { start: 2e9, end: null, title: "第二章" },
    ]);
  });

  test("has chapters, as QuickTime writes them", async () => {
    const bytes = Buffer.from(await Bun.file(await release("mov")).bytes());
    if (bytes.includes("chpl")) bytes.write("free", contentAt(bytes, "chpl") - 4);
    expect((await openMp4(memory(bytes))).index.chapters).toEqual([
      { start: 0, end: 2e9, title: "Opening" },
      { start: 2e9, end: 6e9, title: "第二章" },
    ]);
  });

  test("has subtitles, each line with its time", async () => {
    const container = await open(await release("mp4"));
    const frames = await container.track(container.index.tracks.find(({ type }) => type === "subtitle")!.number);
    const lines = frames.filter(({ data }) => data.length > 2);
    expect(lines.map(({ time, duration, data }) => [time, duration, Buffer.from(data.subarray(2)).toString()])).toEqual(
      [
        [1e9, 1.5e9, "Hello"],
        [4e9, 1e9, "World"],
      ],
    );
  });

  test("counts a cover that comes before the tracks, as ffmpeg does", async () => {
    const bytes = Buffer.from(await Bun.file(await release("mp4")).bytes());
    const moov = contentAt(bytes, "moov") - 8;
    const size = bytes.readUInt32BE(moov);
    const mvhd = moov + 8 + bytes.readUInt32BE(moov + 8);
    const udta = bytes.indexOf("udta", bytes.lastIndexOf("trak"), "latin1");
    const last = bytes.lastIndexOf("udta", moov + size, "latin1") - 4;
    expect(last).toBeGreaterThan(udta - 5);
    const tags = bytes.subarray(last, moov + size);
    const moved = Buffer.concat([
      bytes.subarray(0, mvhd),
      tags,
      bytes.subarray(mvhd, last),
      bytes.subarray(moov + size),
    ]);
    const path = join(newFolder(), "moved.mp4");
    await writeFile(path, moved);
    const { streams } = await probe(path);
    const said = streams.filter(({ disposition, codec_type }) => !disposition.attached_pic && codec_type !== "data");
    expect(said[0]!.index).toBe(1);
    expect((await open(path)).index.tracks.map(({ index }) => index)).toEqual(said.map(({ index }) => index));
  });
});

describe("what ffmpeg has to read", () => {
  test.each<[string, (file: Buffer) => void]>([
    ["a head that is missing", (file) => file.write("free", contentAt(file, "moov") - 4)],
    ["a head that is compressed", (file) => file.write("cmov", contentAt(file, "mvhd") - 4)],
    ["two tracks with one number", (file) => file.writeUInt32BE(1, contentAt(file, "tkhd", 1) + 12)],
    ["tables that are missing", (file) => file.write("free", contentAt(file, "stsz") - 4)],
    ["frames of two kinds in one track", (file) => file.writeUInt32BE(2, contentAt(file, "stsc") + 16)],
    ["chunks out of order", (file) => file.writeUInt32BE(1, contentAt(file, "stsc") + 8 + 12)],
    ["more frames than can be", (file) => file.writeUInt32BE(0xffff_ffff, contentAt(file, "stsz") + 8)],
    [
      "more of one size than can be",
      (file) => file.fill(0xff, contentAt(file, "stsz") + 4, contentAt(file, "stsz") + 12),
    ],
    ["frames without a place", (file) => file.writeUInt32BE(0, contentAt(file, "stco") + 4)],
  ])("is %s", async (_kind, change) => {
    await expect(openMp4(memory(await changed("plain.mp4", change)))).rejects.toMatchObject({ name: "Damaged" });
  });

  test("is a film without keyframes", async () => {
    const { index } = await openMp4(
      memory(await changed("plain.mp4", (file) => file.writeUInt32BE(0, contentAt(file, "stss") + 4))),
    );
    expect(index.obstacle).toContain("no keyframes");
  });

  test("is one of an unknown codec, of which nothing is read", async () => {
    const file = await changed("plain.mp4", (bytes) => bytes.write("encv", contentAt(bytes, "avc1", 1) - 4));
    const container = await openMp4(memory(file));
    expect(container.index).toMatchObject({ video: 1, keyframes: { times: [] }, obstacle: null });
    expect(container.index.tracks[0]!.codec).toBe("unknown");
    expect((await container.track(2)).length).toBeGreaterThan(200);
  });
});

test("a film that was cut short gives what is there, and says where nothing is", async () => {
  const whole = Buffer.from(await Bun.file(await film("head-first.mov")).bytes());
  const container = await openMp4(memory(whole.subarray(0, Math.floor(whole.length * 0.6))));
  expect((await container.part(0, 2, [1, 2])).frames.get(1)!.length).toBe(48);
  await expect(container.part(4, 6, [1, 2])).rejects.toMatchObject({
    name: "Damaged",
    message: expect.stringContaining("cut short"),
  });
});
