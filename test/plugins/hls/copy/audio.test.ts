import { describe, expect, test } from "bun:test";
import { audioSamples } from "../../../../plugins/hls/copy/audio.ts";
import type { AudioFacts } from "../../../../plugins/hls/reader/facts.ts";
import { framesAt, MS, track } from "./frames.ts";

const RATE = 48_000;
const FRAME = 1024;
const FRAME_MS = (FRAME / RATE) * 1000;
const facts: AudioFacts = {
  type: "audio",
  codecString: "mp4a.40.2",
  profile: "LC",
  sampleRate: RATE,
  channels: 2,
  frameSamples: FRAME,
};
const aac = (startMs = 0) =>
  track({ type: "audio", codec: "aac", codecPrivate: Uint8Array.of(0x11, 0x90), start: startMs * MS });
/** Milliseconds of `count` frames from `first` on, as Matroska rounds them. */
const rounded = (first: number, count: number, shiftMs = 0) =>
  Array.from({ length: count }, (_, i) => Math.round((first + i) * FRAME_MS + shiftMs));
const segment = (startMs: number, endMs: number) => ({ start: startMs * MS, end: endMs * MS });
const places = (samples: { dts: number }[]) => samples.map(({ dts }) => dts / FRAME);
const isSilence = ({ data }: { data: Uint8Array }) => data.length > 1;

describe("sound as samples", () => {
  test("lies on the codec's grid, whatever the container has rounded", () => {
    const samples = audioSamples(aac(), facts, framesAt(rounded(47, 4)), segment(1000, 1085));
    expect(places(samples)).toEqual([47, 48, 49, 50]);
    for (const { duration } of samples) expect(duration).toBe(FRAME);
  });

  test("has its grid through the first frame of the track", () => {
    const [sample] = audioSamples(aac(7), facts, framesAt(rounded(0, 1, 7)), segment(0, 28));
    expect(sample!.dts).toBe(336);
  });

  test("before zero is moved behind it", () => {
    const samples = audioSamples(aac(-21), facts, framesAt([-21, 0, 22]), segment(0, 43));
    expect(places(samples)).toEqual([0, 1, 2]);
  });

  test("keeps its own time behind a gap that is no whole number of frames", () => {
    const samples = audioSamples(aac(), facts, framesAt([0, 21, 53, 74]), segment(0, 96));
    expect(samples.map(({ dts }) => dts)).toEqual([0, 1024, 2544, 3552]);
    expect(samples.map(({ duration }) => duration)).toEqual([1024, 1520, 1008, 1024]);
  });

  test("does not go back when the container's times do", () => {
    const samples = audioSamples(aac(), facts, framesAt([0, 21, 21, 5]), segment(0, 85));
    const times = samples.map(({ dts }) => dts);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });

  test("may reach out of its segment, and from the one before into it, by a frame", () => {
    const samples = audioSamples(aac(), facts, framesAt(rounded(48, 46)), segment(1005, 2000));
    expect(samples.some(isSilence)).toBeFalse();
    expect(samples).toHaveLength(46);
  });
});

describe("what a track leaves out", () => {
  test("is silence before its first frame", () => {
    const samples = audioSamples(aac(320), facts, framesAt([320, 341]), segment(0, 362));
    expect(samples.map(isSilence)).toEqual([...new Array(15).fill(true), false, false]);
    expect(places(samples)).toEqual(Array.from({ length: 17 }, (_, i) => i));
  });

  test("is silence in the middle, on the grid", () => {
    const samples = audioSamples(aac(), facts, framesAt([...rounded(0, 3), ...rounded(10, 2)]), segment(0, 256));
    expect(samples.map(isSilence)).toEqual([false, false, false, ...new Array(7).fill(true), false, false]);
    expect(places(samples)).toEqual(Array.from({ length: 12 }, (_, i) => i));
  });

  test("is silence up to the end of the segment, and the next one goes on where it ends", () => {
    const [first, second] = [segment(0, 1000), segment(1000, 1500)];
    const before = audioSamples(aac(), facts, framesAt(rounded(0, 10)), first);
    const after = audioSamples(aac(), facts, [], second);
    expect(before.filter(isSilence)).toHaveLength(37);
    expect(after.every(isSilence)).toBeTrue();
    const end = before.at(-1)!;
    expect(after[0]!.dts).toBe(end.dts + end.duration);
    expect(after.at(-1)!.dts / RATE).toBeLessThan(1.5);
    expect((after.at(-1)!.dts + FRAME) / RATE).toBeGreaterThanOrEqual(1.5);
  });

  test("stays a hole where it is too short for players to mind", () => {
    const samples = audioSamples(aac(), facts, framesAt([...rounded(0, 2), ...rounded(4, 1)]), segment(0, 107));
    expect(samples.some(isSilence)).toBeFalse();
    expect(samples.map(({ duration }) => duration)).toEqual([FRAME, 3 * FRAME, FRAME]);
  });

  test("is one piece of silence in a segment that is shorter than one", () => {
    const samples = audioSamples(aac(), facts, [], segment(1001, 1006));
    expect(samples.map(({ duration }) => duration)).toEqual([240]);
    expect(samples.every(isSilence)).toBeTrue();
  });

  test("is filled up to a bound when a damaged file claims years of it", () => {
    const year = 365 * 86_400_000;
    const samples = audioSamples(aac(), facts, framesAt([0, year, 2 * year, 3 * year]), segment(0, 4 * year));
    expect(samples.length).toBeLessThan(50_000);
  });
});
