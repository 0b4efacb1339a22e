import { describe, expect, test } from "bun:test";
import { reorderOf } from "../../../../plugins/hls/copy/delay.ts";
import { videoSamples } from "../../../../plugins/hls/copy/video.ts";
import { framesAt, MS, track } from "./frames.ts";

/** Milliseconds back from ticks. */
const ms = (ticks: number): number => ticks / 90;
const decoded = (samples: { dts: number }[]) => samples.map(({ dts }) => ms(dts));
const shown = (samples: { dts: number; offset: number }[]) => samples.map(({ dts, offset }) => ms(dts + offset));
const durations = (samples: { duration: number }[]) => samples.map(({ duration }) => ms(duration));

describe("how far pictures are reordered", () => {
  test("is nothing where they are shown as they are decoded", () => {
    expect(reorderOf(framesAt([0, 40, 80]))).toBe(0);
  });

  test("is what the worst of them needs", () => {
    expect(reorderOf(framesAt([0, 160, 80, 40, 120]))).toBe(80 * MS);
  });
});

describe("pictures as samples", () => {
  const frames = framesAt([0, 160, 80, 40, 120]);

  test("are decoded in turn and shown late by the delay, never before they are decoded", () => {
    const samples = videoSamples(track(), frames, 200 * MS, 80 * MS);
    expect(decoded(samples)).toEqual([0, 40, 80, 120, 160]);
    expect(shown(samples)).toEqual([80, 240, 160, 120, 200]);
    expect(durations(samples)).toEqual([40, 40, 40, 40, 40]);
  });

  test("last until the first picture of the next part is shown", () => {
    const samples = videoSamples(track(), framesAt([1000, 1040]), 1120 * MS, 0);
    expect(durations(samples)).toEqual([40, 80]);
  });

  test("are decoded earlier where a later part reorders more than the delay allows", () => {
    const samples = videoSamples(track(), frames, 200 * MS, 41 * MS);
    expect(shown(samples)).toEqual([41, 201, 121, 81, 161]);
    for (const { offset } of samples) expect(offset).toBeGreaterThanOrEqual(0);
    for (const { duration } of samples) expect(duration).toBeGreaterThan(0);
    expect(decoded(samples)[0]).toBe(0);
    expect(decoded(samples).at(-1)! + durations(samples).at(-1)!).toBe(200);
  });

  test("stay in their part even when no decoding time is early enough", () => {
    const samples = videoSamples(track(), framesAt([1000, 1200, 1100]), 1300 * MS, 0);
    expect(samples.map(({ dts }) => dts)).toEqual([90_000, 98_999, 99_000]);
    expect(shown(samples)).toEqual([1000, 1200, 1100]);
  });

  test("of the same time get some of their own to be decoded", () => {
    const samples = videoSamples(track(), framesAt([100, 100, 140]), 180 * MS, 0);
    for (const { duration } of samples) expect(duration).toBeGreaterThan(0);
    expect(shown(samples)).toEqual([100, 100, 140]);
  });

  test("before zero are moved behind it, by as much as the delay says", () => {
    const lead = 50 * MS;
    const samples = videoSamples(track({ start: -lead }), framesAt([-50, 30, -10]), 70 * MS, lead + 40 * MS);
    expect(decoded(samples)).toEqual([0, 40, 80]);
    expect(shown(samples)).toEqual([40, 120, 80]);
  });

  describe("at the end of the film", () => {
    const last = (change: Parameters<typeof track>[0], times: number[], duration: number | null = null) => {
      const pictures = framesAt(times).map((frame) => ({ ...frame, duration }));
      return durations(videoSamples(track(change), pictures, null, 0)).at(-1);
    };

    test("last as long as they say", () => {
      expect(last({ frameDuration: 40 * MS }, [0, 40], 50 * MS)).toBe(50);
    });

    test("last as long as those of the track do", () => {
      expect(last({ frameDuration: 30 * MS }, [0, 40])).toBe(30);
    });

    test("last as long as the one before", () => {
      expect(last({}, [0, 20, 60])).toBe(40);
    });

    test("last a usual time when there is one alone", () => {
      expect(last({}, [0])).toBeCloseTo(1000 / 24, 1);
    });
  });
});
