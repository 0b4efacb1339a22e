import { describe, expect, test } from "bun:test";
import { type FfprobeAnswer, readProbe } from "../../../plugins/hls/probe.ts";

const video = { index: 0, codec_type: "video", codec_name: "h264", width: 1920, height: 1080 };
const probe = (stream: object, format_name = "matroska,webm") =>
  readProbe({ format: { format_name }, streams: [{ ...video, ...stream }] } as FfprobeAnswer).video[0];

describe("a track's duration", () => {
  test("in Matroska is in a tag, as the time of its end", () => {
    expect(probe({ start_time: "100.0", tags: { DURATION: "00:01:45.500000000" } })?.duration).toBe(5.5);
  });

  test("in Matroska of older mkvmerge is in a tag marked English", () => {
    expect(probe({ start_time: "0.0", tags: { "DURATION-eng": "00:23:40.020000000" } })?.duration).toBe(1420.02);
  });

  test("in Matroska is not what ffprobe calls so, which may be the file's", () => {
    expect(probe({ duration: "20.0" })?.duration).toBeNull();
  });

  test("elsewhere is what ffprobe says", () => {
    expect(probe({ start_time: "1.4", duration: "5.0" }, "mpegts")?.duration).toBe(5);
  });

  test("is not known when the tag is damaged", () => {
    expect(probe({ tags: { DURATION: "soon" } })?.duration).toBeNull();
  });
});

describe("a frame rate", () => {
  test("is the container's when its average agrees", () => {
    expect(probe({ r_frame_rate: "24000/1001", avg_frame_rate: "2997/125" })?.frameRate).toBeCloseTo(23.976, 3);
  });

  test("is not known when it varies", () => {
    expect(probe({ r_frame_rate: "60/1", avg_frame_rate: "2500/100" })?.frameRate).toBeNull();
  });

  test("is not known when nobody says", () => {
    expect(probe({ r_frame_rate: "0/0", avg_frame_rate: "0/0" })?.frameRate).toBeNull();
  });
});

test("a cover is not a video track", () => {
  expect(probe({ disposition: { attached_pic: 1 } })).toBeUndefined();
});

test("a track without a size is not a video track", () => {
  expect(probe({ width: 0, height: 0 })).toBeUndefined();
});

test("languages and titles are found under either spelling of the tag", () => {
  expect(probe({ tags: { language: "jpn", TITLE: "Main" } })).toMatchObject({ language: "jpn", title: "Main" });
});

test("an empty answer is a file without tracks", () => {
  expect(readProbe({})).toEqual({ container: "", start: 0, duration: null, video: [], audio: [], subtitles: [] });
});
