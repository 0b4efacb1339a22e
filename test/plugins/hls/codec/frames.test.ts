import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { audioFacts } from "../../../../plugins/hls/codec/facts.ts";
import { readFlacFrame, readStreamInfo } from "../../../../plugins/hls/codec/flac.ts";
import { audioFrameSamples, isRandomAccess } from "../../../../plugins/hls/codec/frames.ts";
import { Damaged } from "../../../../plugins/hls/reader/model.ts";
import { type Encode, encodes, picture, sound } from "./encodes.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

describe("a player may begin", () => {
  const x264 = (params: string) => ["-c", "libx264", "-preset", "fast", "-x264-params", params];
  const x265 = (params: string) => ["-c", "libx265", "-preset", "fast", "-x265-params", `log-level=error:${params}`];
  const CLOSED = "keyint=6:min-keyint=6:scenecut=0";
  const OPEN = `${CLOSED}:open-gop=1:bframes=3`;
  let [closed, open, hevc, vp9]: Encode[] = [];
  beforeAll(async () => {
    const recipes = [x264(CLOSED), x264(OPEN), x265(OPEN), ["-c", "libvpx-vp9", "-frames", "1"]];
    [closed, open, hevc, vp9] = await encodes(picture, recipes);
  });
  const randomAccess = ({ track, frames }: Encode) =>
    frames.map(({ data, key }) => [key, isRandomAccess(track, data)] as const);

  test("with every keyframe of closed GOPs, and with no other frame", () => {
    const all = randomAccess(closed!);
    expect(all.filter(([key]) => key).length).toBeGreaterThan(3);
    for (const [key, able] of all) expect(able).toBe(key);
  });

  test("with the first keyframe of open GOPs only", () => {
    const all = randomAccess(open!);
    expect(all.filter(([key]) => key).map(([, able]) => able)).toEqual([true, false, false, false, false]);
  });

  test("with open GOPs of HEVC, which say of themselves which frames to leave out", () => {
    const all = randomAccess(hevc!);
    expect(all.filter(([key]) => key).length).toBeGreaterThan(2);
    for (const [key, able] of all) expect(able).toBe(key);
  });

  test("with any keyframe of other codecs, and with none that makes no sense", () => {
    const { track, frames } = vp9!;
    expect(isRandomAccess(track, frames[0]!.data)).toBeTrue();
    for (const codec of ["h264", "hevc"])
      for (const frame of ["", "00", "ffffffff65", "0000000065", "00000001"])
        expect(isRandomAccess({ ...track, codec }, Buffer.from(frame, "hex"))).toBeFalse();
  });
});

describe("a frame's samples are what ffmpeg counts:", () => {
  const opus = (ms: number, ...more: string[]) => ["-c", "libopus", "-frame_duration", `${ms}`, ...more];
  const RECIPES: [kind: string, args: string[]][] = [
    ["AAC", ["-c", "aac"]],
    ["FLAC with its usual blocks, a rest at the end", ["-c", "flac"]],
    ...[1000, 192, 200, 1152].map((size): [string, string[]] => [
      `FLAC with blocks of ${size}`,
      ["-c", "flac", "-frame_size", `${size}`],
    ]),
    ...[2.5, 5, 10, 20, 40, 60, 80, 100, 120].map((ms): [string, string[]] => [
      `Opus with packets of ${ms} ms`,
      opus(ms),
    ]),
    ["Opus for speech with packets of 10 ms", opus(10, "-application", "voip")],
    ["Opus for speech with packets of 60 ms", opus(60, "-b", "12k", "-application", "voip")],
  ];
  let made: Encode[];
  beforeAll(async () => {
    made = await encodes(
      sound,
      RECIPES.map(([, args]) => args),
    );
  });

  test.each(RECIPES.map(([kind], i) => [kind, i] as const))("%s", (_kind, i) => {
    const { track, frames } = made[i]!;
    const facts = audioFacts(track)!;
    expect(frames.length).toBeGreaterThan(3);
    // The last one may be cut short: the container says how much of it counts.
    for (const { data, samples } of frames.slice(0, -1).filter(({ samples }) => samples))
      expect(Math.abs(audioFrameSamples(track, facts, data) - samples)).toBeLessThan(track.sampleRate / 1000);
  });
});

describe("a FLAC frame says where it stands", () => {
  test("by its number", async () => {
    const [made] = await encodes(sound, [["-c", "flac", "-frame_size", "64"]]);
    const { track, frames } = made!;
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
