import { describe, expect, test } from "bun:test";
import { decoderConfig } from "../../../../plugins/hls/fmp4/esds.ts";
import { initSegment } from "../../../../plugins/hls/fmp4/init.ts";
import type { AudioFacts, VideoFacts } from "../../../../plugins/hls/reader/facts.ts";
import { Damaged } from "../../../../plugins/hls/reader/model.ts";
import { track } from "../copy/frames.ts";
import { find } from "../golden-segment.ts";

// What players make of these is in the golden test; here is what no fixture has.

const video = (codecString: string, pixelFormat: string): VideoFacts => ({
  type: "video",
  codecString,
  profile: null,
  pixelFormat,
  bitDepth: 8,
  interlaced: false,
});
const sound = (change: Partial<AudioFacts> = {}): AudioFacts => ({
  type: "audio",
  codecString: "fLaC",
  profile: null,
  sampleRate: 48_000,
  channels: 2,
  frameSamples: null,
  ...change,
});
const within = (bytes: Uint8Array, ...types: string[]): Uint8Array => types.reduce(find, bytes);
const after = (bytes: Uint8Array, type: string): Buffer => {
  const all = Buffer.from(bytes);
  return all.subarray(all.indexOf(type, 0, "latin1") + 4);
};
const vp9 = (codecString: string, pixelFormat: string) =>
  after(initSegment(track({ codec: "vp9" }), video(codecString, pixelFormat), 0), "vpcC");
const flac = (sampleRate: number) => {
  const codecPrivate = new Uint8Array(42);
  return initSegment(track({ type: "audio", codec: "flac", codecPrivate }), sound({ sampleRate }), 0);
};

describe("an initialization segment", () => {
  test("takes the delay away again", () => {
    const bytes = initSegment(track({ codec: "vp9" }), video("vp09.00.20.08", "yuv420p"), 100_000_000);
    const edits = Buffer.from(within(bytes, "moov", "trak", "edts", "elst"));
    expect(edits.readUInt32BE(12)).toBe(9000);
  });

  test("has no edit list where nothing is delayed", () => {
    const bytes = initSegment(track({ codec: "vp9" }), video("vp09.00.20.08", "yuv420p"), 0);
    expect(() => within(bytes, "moov", "trak", "edts")).toThrow("no edts");
  });

  test.each([
    ["vp09.00.20.08", "yuv420p", [0, 20, 0x82]],
    ["vp09.01.40.08", "yuv444p", [1, 40, 0x86]],
    ["vp09.03.50.10", "yuv422p10le", [3, 50, 0xa4]],
    ["vp09.01.40.08", "gbrp", [1, 40, 0x86]],
  ])("says of VP9 %s, %s, what players ask for", (codecString, pixelFormat, expected) => {
    expect([...vp9(codecString, pixelFormat).subarray(4, 7)]).toEqual(expected);
  });

  test.each([
    [48_000, 48_000],
    [96_000, 48_000],
    [192_000, 48_000],
    [88_200, 44_100],
  ])("writes a rate of %i Hz as one that fits: %i", (rate, written) => {
    expect(after(flac(rate), "fLaC").readUInt32BE(24)).toBe(written * 65_536);
  });

  test.each([
    ["h264", "has no header"],
    ["mpeg4", "is not a codec that MP4 takes"],
  ])("is not made of %s without a header", (codec, message) => {
    const make = () => initSegment(track({ codec }), video("avc1.640028", "yuv420p"), 0);
    expect(make).toThrow(Damaged);
    expect(make).toThrow(message);
  });

  test.each([
    ["aac", "has no header"],
    ["flac", "has no header"],
    ["opus", "has no header"],
    ["ac3", "is not a codec that MP4 takes"],
  ])("is not made of %s without a header", (codec, message) => {
    const make = () => initSegment(track({ type: "audio", codec }), sound(), 0);
    expect(make).toThrow(Damaged);
    expect(make).toThrow(message);
  });
});

test("a descriptor of MPEG-4 may be longer than seven bits say", () => {
  const bytes = decoderConfig(new Uint8Array(200));
  // 200 bytes, 13 and a head of 3 around them, and so on outwards; the first byte of a length says that it goes on.
  expect([...bytes.subarray(0, 3)]).toEqual([3, 0x81, 0x61]);
  expect(bytes).toHaveLength(3 + 0xe1);
});
