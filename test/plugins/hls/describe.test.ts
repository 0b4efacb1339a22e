import { describe, expect, test } from "bun:test";
import { factsOf, indexFrom } from "../../../plugins/hls/describe.ts";
import type { Cut } from "../../../plugins/hls/media-index.ts";
import type { ContainerIndex } from "../../../plugins/hls/reader/model.ts";
import type { VideoTrack } from "../../../plugins/hls/track.ts";
import { containerIndex, mediaIndex, sourceTrack } from "./media.ts";

const found: Omit<Cut, "container"> = { facts: {}, delay: 83_000_000, randomAccess: true };
const describeOf = (container: Partial<ContainerIndex>) => indexFrom(containerIndex(container), found);
const rateOf = (frameDuration: number | null) =>
  (describeOf({ tracks: [sourceTrack({ frameDuration })] }).tracks[0] as VideoTrack).frameRate;

test.each([
  ["matroska", "matroska,webm"],
  ["mp4", "mov,mp4,m4a,3gp,3g2,mj2"],
] as const)("%s has ffmpeg's name", (format, name) => {
  expect(describeOf({ format }).format).toBe(name);
});

describe("the begin", () => {
  const sound = (start: number | null) => sourceTrack({ number: 2, index: 1, type: "audio", codec: "aac", start });

  test("is that of the first track, which may lie before zero", () => {
    expect(describeOf({ tracks: [sourceTrack({ start: 21e6 }), sound(-7e6)] }).start).toBe(-0.007);
    expect(describeOf({ tracks: [sourceTrack({ start: 21e6 }), sound(null)] }).start).toBe(0.021);
  });

  test("is not that of a subtitle", () => {
    const subtitle = sourceTrack({ number: 3, index: 2, type: "subtitle", codec: "ass", start: 0 });
    expect(describeOf({ tracks: [sourceTrack({ start: 21e6 }), subtitle] }).start).toBe(0.021);
  });

  test.each([[[]], [[sourceTrack({ start: null })]]])("is zero where nobody knows", (tracks) => {
    expect(describeOf({ tracks }).start).toBe(0);
  });
});

describe("the length", () => {
  const late = (duration: number, format: ContainerIndex["format"] = "matroska") =>
    describeOf({
      ...{ format, duration, tracks: [sourceTrack({ start: 100e9 })] },
      keyframes: { times: [100e9, 102e9], offsets: [0, 1] },
    }).duration;

  test("of a film that begins late is counted from there: ffmpeg writes at what time it ends", () => {
    expect(late(105e9)).toBe(5);
    expect(late(105e9, "mp4")).toBe(5);
  });

  test("of a film that begins late is what mkvmerge writes", () => {
    expect(late(5e9)).toBe(5);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 8 * 24 * 3600e9])(
    "of %p nanoseconds is not known",
    (duration) => {
      expect(describeOf({ duration }).duration).toBeNull();
    },
  );
});

describe("a frame rate", () => {
  test.each([
    [41_708_333, 24_000 / 1001],
    [41_708_375, 24_000 / 1001],
    [33_366_667, 30_000 / 1001],
    [16_683_333, 60_000 / 1001],
    [41_666_667, 24],
    [40_000_000, 25],
    [20_000_000, 50],
  ])("of %d nanoseconds a frame is %d", (frameDuration, rate) => {
    expect(rateOf(frameDuration)).toBe(rate);
  });

  test("that is no usual one stays what it is", () => {
    expect(rateOf(42_000_000)).toBeCloseTo(23.8095, 4);
  });

  test.each([null, 0])("is not known of %p", (frameDuration) => {
    expect(rateOf(frameDuration)).toBeNull();
  });
});

test("covers that are stored as tracks are none of the tracks, wherever they stand", () => {
  const cover = (number: number) => sourceTrack({ number, index: number - 1, codec: "mjpeg" });
  const tracks = [cover(1), sourceTrack({ number: 2, index: 1 }), cover(3)];
  expect(describeOf({ video: 2, tracks }).tracks.map(({ index }) => index)).toEqual([1]);
  // Of a film made of such pictures, they are the film.
  expect(describeOf({ video: 1, tracks: [cover(1)] }).tracks).toHaveLength(1);
});

test("tracks say what their codec's own headers say, and less without them", () => {
  const tracks = [
    sourceTrack({ title: "Picture", language: "jpn", default: true }),
    sourceTrack({ number: 2, index: 1, type: "audio", codec: "aac", sampleRate: 24_000, channels: 1 }),
    sourceTrack({ number: 3, index: 2, type: "subtitle", codec: "ass", forced: true }),
  ];
  const plain = indexFrom(containerIndex({ tracks }), found);
  expect(plain.tracks).toMatchObject([
    { type: "video", title: "Picture", language: "jpn", default: true, profile: null, pixelFormat: null },
    { type: "audio", profile: null, sampleRate: 24_000, channels: 1 },
    { type: "subtitle", codec: "ass", forced: true },
  ]);
  const { facts } = mediaIndex().cut!;
  expect(indexFrom(containerIndex({ tracks }), { ...found, facts }).tracks).toMatchObject([
    { profile: "High", pixelFormat: "yuv420p", width: 1920, height: 1080 },
    { profile: "LC", sampleRate: 48_000, channels: 2 },
    { type: "subtitle" },
  ]);
});

test("what goes into no segment as it is has no facts", () => {
  const picture = sourceTrack();
  const tracks = [
    picture,
    sourceTrack({ number: 2, index: 1 }),
    sourceTrack({ number: 3, index: 2, type: "audio", codec: "dts" }),
    sourceTrack({ number: 4, index: 3, type: "audio", codec: "aac", codecPrivate: new Uint8Array([0x11, 0x90]) }),
    sourceTrack({ number: 5, index: 4, type: "subtitle", codec: "ass" }),
  ];
  // Its avcC ends in the middle.
  expect(Object.keys(factsOf(tracks, picture, null))).toEqual(["3"]);
});
