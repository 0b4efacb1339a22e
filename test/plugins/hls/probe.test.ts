import { describe, expect, test } from "bun:test";
import { type FfprobeAnswer, readProbe } from "../../../plugins/hls/probe.ts";
import type { VideoTrack } from "../../../plugins/hls/track.ts";

const video = { index: 0, codec_type: "video", codec_name: "h264", width: 1920, height: 1080 };
const probe = (stream: object) => readProbe({ streams: [{ ...video, ...stream }] } as FfprobeAnswer).tracks[0];
const rateOf = (r_frame_rate: string, avg_frame_rate: string) =>
  (probe({ r_frame_rate, avg_frame_rate }) as VideoTrack).frameRate;

describe("a frame rate", () => {
  test("is the container's when its average agrees", () => {
    expect(rateOf("24000/1001", "2997/125")).toBe(24_000 / 1001);
  });

  test("is not known when it varies", () => {
    expect(rateOf("60/1", "2500/100")).toBeNull();
  });

  test.each(["0/0", "1/0", "", "fast", "-25/1/x"])("is not known of %j", (rate) => {
    expect(rateOf(rate, rate)).toBeNull();
  });
});

describe("the length", () => {
  const lengthOf = (format_name: string, start_time: string | undefined, duration: string | undefined) =>
    readProbe({ format: { format_name, start_time, duration } } as FfprobeAnswer).duration;

  test("is what ffprobe says", () => {
    expect(lengthOf("mpegts", "101.4", "5.0")).toBe(5);
    expect(lengthOf("avi", "0.0", "1420.5")).toBe(1420.5);
  });

  test("of Matroska by ffmpeg is counted from its begin", () => {
    expect(lengthOf("matroska,webm", "100.0", "105.0")).toBe(5);
    expect(lengthOf("matroska,webm", "-0.007", "20.0")).toBeCloseTo(20.007, 6);
  });

  test("of Matroska by mkvmerge is what it says", () => {
    expect(lengthOf("matroska,webm", "100.0", "5.0")).toBe(5);
  });

  test.each([undefined, "", "N/A", "-5", "0.000000", "inf", "nan", "9223372036854.775807"])(
    "is not known of %j",
    (duration) => {
      expect(lengthOf("avi", "0", duration)).toBeNull();
    },
  );
});

describe("what is not a track", () => {
  test.each<[string, object]>([
    ["a cover", { disposition: { attached_pic: 1 } }],
    ["a picture without a size", { width: 0, height: 0 }],
    ["data", { codec_type: "data" }],
    ["an attachment", { codec_type: "attachment", codec_name: "ttf" }],
    ["what has no type", { codec_type: undefined }],
  ])("%s", (_what, stream) => {
    expect(probe(stream)).toBeUndefined();
  });
});

test("languages and titles are found under either spelling of the tag", () => {
  expect(probe({ tags: { language: "jpn", TITLE: "Main" } })).toMatchObject({ language: "jpn", title: "Main" });
});

test.each([
  ["tt", true],
  ["bt", true],
  ["progressive", false],
  [undefined, false],
])("fields in the order %j: interlaced is %p", (field_order, interlaced) => {
  expect(probe({ field_order })).toMatchObject({ interlaced });
});

test("sound of which nothing is known is still a track", () => {
  const answer = readProbe({ streams: [{ index: 3, codec_type: "audio" }] });
  expect(answer.tracks).toEqual([
    {
      ...{ type: "audio", index: 3, codec: "unknown", language: null, title: null, default: false, forced: false },
      ...{ profile: null, channels: 0, sampleRate: 0 },
    },
  ]);
});

test("chapters are in nanoseconds", () => {
  const chapters = [{ start_time: "1.5", end_time: "90.090000", tags: { title: "Opening" } }, {}];
  expect(readProbe({ chapters }).chapters).toEqual([
    { start: 1.5e9, end: 90.09e9, title: "Opening" },
    { start: 0, end: null, title: "" },
  ]);
});

test("an empty answer is a file without tracks", () => {
  expect(readProbe({})).toEqual({ format: "", start: 0, duration: null, tracks: [], chapters: [], cut: null });
});
