import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { audioFacts } from "../../../../plugins/hls/codec/facts.ts";
import { readFlacFrame, readStreamInfo } from "../../../../plugins/hls/codec/flac.ts";
import { audioFrameSamples, isRandomAccess } from "../../../../plugins/hls/codec/frames.ts";
import { Damaged } from "../../../../plugins/hls/reader/model.ts";
import { encode, picture, sound } from "./encodes.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

describe("a player may begin", () => {
  const x264 = (params: string) => [...picture, "-c:v", "libx264", "-preset", "fast", "-x264-params", params];
  const randomAccess = async (args: string[]) => {
    const { track, frames } = await encode(args);
    return frames.map(({ data, key }) => [key, isRandomAccess(track, data)] as const);
  };

  test("with every keyframe of closed GOPs, and with no other frame", async () => {
    const all = await randomAccess(x264("keyint=6:min-keyint=6:scenecut=0"));
    expect(all.filter(([key]) => key).length).toBeGreaterThan(3);
    for (const [key, able] of all) expect(able).toBe(key);
  });

  test("with the first keyframe of open GOPs only", async () => {
    const all = await randomAccess(x264("keyint=6:min-keyint=6:scenecut=0:open-gop=1:bframes=3"));
    expect(all.filter(([key]) => key).map(([, able]) => able)).toEqual([true, false, false, false, false]);
  });

  test("with open GOPs of HEVC, which say of themselves which frames to leave out", async () => {
    const all = await randomAccess([
      ...[...picture, "-c:v", "libx265", "-preset", "fast", "-x265-params"],
      "log-level=error:keyint=6:min-keyint=6:scenecut=0:open-gop=1:bframes=3",
    ]);
    expect(all.filter(([key]) => key).length).toBeGreaterThan(2);
    for (const [key, able] of all) expect(able).toBe(key);
  });

  test("with any keyframe of other codecs, and with none that makes no sense", async () => {
    const { track, frames } = await encode([...picture, "-frames:v", "1", "-c:v", "libvpx-vp9"]);
    expect(isRandomAccess(track, frames[0]!.data)).toBeTrue();
    for (const codec of ["h264", "hevc"])
      for (const frame of ["", "00", "ffffffff65", "0000000065", "00000001"])
        expect(isRandomAccess({ ...track, codec }, Buffer.from(frame, "hex"))).toBeFalse();
  });
});

describe("a frame's samples are what ffmpeg counts:", () => {
  test.each<[string, string[]]>([
    ["AAC", ["-c:a", "aac"]],
    ["FLAC with its usual blocks, a rest at the end", ["-c:a", "flac"]],
    ["FLAC with blocks of 1000", ["-c:a", "flac", "-frame_size", "1000"]],
    ["FLAC with blocks of 192", ["-c:a", "flac", "-frame_size", "192"]],
    ["FLAC with blocks of 200", ["-c:a", "flac", "-frame_size", "200"]],
    ["FLAC with blocks of 1152", ["-c:a", "flac", "-frame_size", "1152"]],
    ...[2.5, 5, 10, 20, 40, 60, 80, 100, 120].map((ms): [string, string[]] => [
      `Opus with packets of ${ms} ms`,
      ["-c:a", "libopus", "-frame_duration", `${ms}`],
    ]),
    ["Opus for speech with packets of 10 ms", ["-c:a", "libopus", "-frame_duration", "10", "-application", "voip"]],
    [
      "Opus for speech with packets of 60 ms",
      ["-c:a", "libopus", "-b:a", "12k", "-frame_duration", "60", "-application", "voip"],
    ],
  ])("%s", async (_kind, args) => {
    const { track, frames } = await encode([...sound, ...args], "mka");
    const facts = audioFacts(track)!;
    expect(frames.length).toBeGreaterThan(3);
    // The last one may be cut short: the container says how much of it counts.
    for (const { data, samples } of frames.slice(0, -1).filter(({ samples }) => samples))
      expect(Math.abs(audioFrameSamples(track, facts, data) - samples)).toBeLessThan(track.sampleRate / 1000);
  });
});

describe("a FLAC frame says where it stands", () => {
  test("by its number", async () => {
    const { track, frames } = await encode([...sound, "-c:a", "flac", "-frame_size", "64"], "mka");
    expect(frames.length).toBeGreaterThan(300);
    const info = readStreamInfo(track.codecPrivate);
    expect(info).toEqual({ maxFrameSamples: 64, sampleRate: 48_000, channels: 1, bitDepth: 16 });
    for (const [number, { data }] of frames.entries())
      expect(readFlacFrame(data, info)).toEqual({ start: number * 64, samples: 64 });
  });

  test("by its first sample, where frames differ in size", () => {
    const frame = Buffer.from("fff970 18 f0918aab 0fff 00".replaceAll(" ", ""), "hex");
    const info = { maxFrameSamples: 8192, sampleRate: 48_000, channels: 2, bitDepth: 16 };
    expect(readFlacFrame(frame, info)).toEqual({ start: 0x112ab, samples: 4096 });
  });

  test.each(["", "fff8", "fff8c918", "0000c91800", "fff80918000000", "fff8c91880000000", "fff8c918ff00000000"])(
    "and %j is none",
    (bytes) => {
      const info = { maxFrameSamples: 4096, sampleRate: 48_000, channels: 2, bitDepth: 16 };
      expect(() => readFlacFrame(Buffer.from(bytes, "hex"), info)).toThrow(Damaged);
    },
  );
});

test.each(["", "ff", "ff00", "1b3f"])("an Opus packet of %j is none", (bytes) => {
  const track = { codec: "opus" } as Parameters<typeof audioFrameSamples>[0];
  const facts = { frameSamples: null } as Parameters<typeof audioFrameSamples>[1];
  expect(() => audioFrameSamples(track, facts, Buffer.from(bytes, "hex"))).toThrow(Damaged);
});
