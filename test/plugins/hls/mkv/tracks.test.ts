import { describe, expect, test } from "bun:test";
import { ID } from "../../../../plugins/hls/mkv/ids.ts";
import { openMatroska, resumeMatroska } from "../../../../plugins/hls/mkv/open.ts";
import { Damaged } from "../../../../plugins/hls/reader/model.ts";
import { memory } from "./fuzz.ts";
import {
  AUDIO,
  block,
  cluster,
  cue,
  el,
  film,
  float,
  key,
  SUBTITLE,
  text,
  track,
  uint,
  VIDEO,
  video,
} from "./write.ts";

const hex = (digits: string) => Buffer.from(digits.replaceAll(" ", ""), "hex");
const codecPrivate = (bytes: Uint8Array) => el(ID.codecPrivate, bytes);
/** Every track has a frame that is a keyframe. */
async function indexOf(...tracks: Uint8Array[]) {
  const frames = [1, 2, 3, 4, 5].map((number) => key(number, 0, `frame ${number}`));
  return (await openMatroska(memory(film({ tracks, clusters: [cluster(0, ...frames)] })))).index;
}
const only = async (entry: Uint8Array) => (await indexOf(entry)).tracks[0]!;

describe("codecs", () => {
  test.each([
    ["V_MPEGH/ISO/HEVC", "hevc"],
    ["V_AV1", "av1"],
    ["V_MPEG4/ISO/ASP", "mpeg4"],
    ["V_SOMETHING", "unknown"],
    ["V_constructor", "unknown"],
  ])("%s is %s", async (id, name) => expect((await only(track(1, VIDEO, id))).codec).toBe(name));

  test.each([
    ["A_AAC/MPEG4/LC", "aac"],
    ["A_DTS/LOSSLESS", "dts"],
    ["A_OPUS", "opus"],
    ["A_TRUEHD", "truehd"],
    ["A_MPEG/L3", "mp3"],
    ["A_PCM/INT/LIT", "pcm_s24le"],
    ["A_PCM/INT/BIG", "pcm_s24be"],
    ["A_PCM/FLOAT/IEEE", "pcm_f24le"],
    ["A_PCM/OTHER", "unknown"],
  ])("%s is %s", async (id, name) => {
    expect((await only(track(1, AUDIO, id, el(ID.audio, uint(ID.bitDepth, 24))))).codec).toBe(name);
  });

  test("of eight bits have no order of bytes", async () => {
    for (const id of ["A_PCM/INT/LIT", "A_PCM/INT/BIG"])
      expect((await only(track(1, AUDIO, id, el(ID.audio, uint(ID.bitDepth, 8))))).codec).toBe("pcm_u8");
  });

  test("in the way of AVI are told by their own header, and are ffmpeg's to cut", async () => {
    const header = (fourcc: string) =>
      codecPrivate(Buffer.concat([Buffer.alloc(16), Buffer.from(fourcc), Buffer.alloc(20)]));
    for (const [fourcc, name] of [
      ["H264", "h264"],
      ["xvid", "mpeg4"],
      ["????", "unknown"],
    ] as const) {
      const index = await indexOf(track(1, VIDEO, "V_MS/VFW/FOURCC", header(fourcc)));
      expect(index.tracks[0]!.codec).toBe(name);
      expect(index.obstacle).toBe("its video is stored in the way of AVI");
    }
  });

  test("of sound in the way of Windows are told by their header, which is taken off", async () => {
    const header = (tag: string) => codecPrivate(hex(`${tag} 0200 80bb0000 00000000 0400 1000 0200 1190`));
    for (const [tag, name] of [
      ["ff00", "aac"],
      ["0020", "ac3"],
      ["5500", "mp3"],
      ["0100", "pcm_s16le"],
      ["9999", "unknown"],
    ] as const) {
      const found = await only(track(1, AUDIO, "A_MS/ACM", header(tag)));
      expect(found.codec).toBe(name);
      expect(Buffer.from(found.codecPrivate)).toEqual(hex("1190"));
    }
    expect((await only(track(1, AUDIO, "A_MS/ACM"))).codec).toBe("unknown");
  });
});

describe("how long a frame lasts", () => {
  const audio = (rate: number) => el(ID.audio, float(ID.samplingFrequency, rate));
  const streamInfo = (smallest: string) => codecPrivate(hex(`664c6143 80000022 ${smallest} 1000 000000`));
  test.each([
    ["is said", track(1, AUDIO, "A_VORBIS", uint(ID.defaultDuration, 5)), 5],
    ["is the codec's", track(1, AUDIO, "A_AAC", audio(48_000)), 21_333_333],
    ["is the codec's at low rates", track(1, AUDIO, "A_MPEG/L3", audio(24_000)), 24_000_000],
    ["is in FLAC's header", track(1, AUDIO, "A_FLAC", audio(48_000), streamInfo("1000")), 85_333_333],
    ["differs", track(1, AUDIO, "A_FLAC", audio(48_000), streamInfo("0010")), null],
    ["is not known", track(1, AUDIO, "A_FLAC", audio(48_000)), null],
    ["is not known without a rate", track(1, AUDIO, "A_AAC", audio(-1)), null],
  ])("%s", async (_, entry, duration) => expect((await only(entry)).frameDuration).toBe(duration));
});

describe("tracks", () => {
  test("keep the numbers that ffmpeg gives them, whatever is left out", async () => {
    const { tracks, video: number } = await indexOf(
      track(1, 0x20, "X_CONTROL"),
      track(2, VIDEO, "A_WRONG"),
      track(3, VIDEO, "V_AV1", uint(ID.flagEnabled, 0)),
      track(4, VIDEO, "V_AV1"),
      track(5, AUDIO, "A_AAC"),
    );
    expect(tracks.map((entry) => [entry.number, entry.index])).toEqual([
      [4, 1],
      [5, 2],
    ]);
    expect(number).toBe(4);
  });

  test("that are covers are not the video, unless there is nothing else", async () => {
    expect((await indexOf(track(1, VIDEO, "V_MJPEG"), track(2, VIDEO, "V_AV1"), track(3, VIDEO, "V_VP9"))).video).toBe(
      2,
    );
    expect((await indexOf(track(1, AUDIO, "A_AAC"), track(2, VIDEO, "V_MJPEG"))).video).toBe(2);
  });

  test("with a clock of their own are left to ffmpeg", async () => {
    const odd = track(2, AUDIO, "A_AAC", float(ID.trackTimestampScale, 1.5));
    expect((await indexOf(video, odd)).obstacle).toBe("a track has a clock of its own");
  });

  test("have a language, which can be nobody's", async () => {
    const languageOf = async (...more: Uint8Array[]) => (await only(track(1, AUDIO, "A_AAC", ...more))).language;
    expect(await languageOf()).toBe("eng");
    expect(await languageOf(text(ID.language, "und"))).toBeNull();
    expect(await languageOf(text(ID.language, "chi"), text(ID.languageBcp47, "zh-Hant"))).toBe("zh-Hant");
  });

  test("of WebM's subtitles lose the two lines in front of each text", async () => {
    const lines = track(3, SUBTITLE, "D_WEBVTT/SUBTITLES");
    const clusters = [cluster(0, key(1, 0, "i"), block(3, 0, "1\nline:0\nhello\nworld"), block(3, 5, "odd"))];
    const container = await openMatroska(memory(film({ tracks: [video, lines], clusters })));
    const frames = await container.track(3);
    expect(frames.map(({ data }) => Buffer.from(data).toString())).toEqual(["hello\nworld", "odd"]);
  });
});

test.each([
  ["Lavf60.3.100", 1],
  ["mkvmerge v74.0.0", 1],
  ["a program that writes cues for some lines", 2],
])("lines are read by the cues of %s: %d of two", async (writingApp, count) => {
  const lines = track(3, SUBTITLE, "S_TEXT/UTF8");
  const picture = key(1, 0, "i");
  const clusters = [cluster(0, picture, block(3, 10, "one"), block(3, 20, "two"))];
  const first = uint(ID.timestamp, 0).length + picture.length;
  const cues = ([place]: number[]) => [cue(1, 0, place!), cue(3, 10, place!, uint(ID.cueRelativePosition, first))];
  const info = [text(ID.writingApp, writingApp), float(ID.duration, 1000)];
  const container = await openMatroska(memory(film({ info, tracks: [video, lines], clusters, cues })));
  expect(await container.track(3)).toHaveLength(count);
});

test("a line that is not where the index says is damage", async () => {
  const lines = track(3, SUBTITLE, "S_TEXT/UTF8");
  const source = memory(film({ tracks: [video, lines], clusters: [cluster(0, key(1, 0, "i"), block(3, 10, "one"))] }));
  const { index } = await openMatroska(source);
  index.subtitleBlocks[3]![1]! -= 1;
  await expect(resumeMatroska(source, index).track(3)).rejects.toThrow(Damaged);
  await expect(resumeMatroska(source, index).track(9)).rejects.toThrow(Damaged);
});
