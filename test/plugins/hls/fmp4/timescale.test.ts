import { describe, expect, test } from "bun:test";
import { ticks, VIDEO_TIMESCALE } from "../../../../plugins/hls/fmp4/timescale.ts";

describe("nanoseconds as ticks", () => {
  test("are exact for milliseconds of video", () => {
    expect(ticks(1_234_567_000_000, VIDEO_TIMESCALE)).toBe(111_111_030);
  });

  test("are rounded to the nearest one", () => {
    expect(ticks(21_333_333, 48_000)).toBe(1024);
    expect(ticks(-21_333_333, 48_000)).toBe(-1024);
  });

  test("are exact after years", () => {
    const decade = 315_360_000;
    expect(ticks(decade * 1e6 * 1e3, 192_000)).toBe((decade * 192_000) / 1);
  });
});
