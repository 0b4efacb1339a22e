import { describe, expect, test } from "bun:test";
import { cadenceOf, rateOf } from "../../../../plugins/hls/copy/cadence.ts";
import { MS } from "./frames.ts";

const film = 1001e9 / 24_000;
const rounded = (i: number, start = 0) => Math.round((start + i * film) / MS) * MS;

describe("the times that were meant", () => {
  test("are found again, however far from the begin", () => {
    const meant = cadenceOf({ frameDuration: 41_708_333, start: 0 });
    for (const i of [0, 1, 2, 3, 1000, 34_526]) expect(meant(rounded(i))).toBeCloseTo(i * film, 0);
  });

  test("are counted from the first picture", () => {
    const start = rounded(0, 21 * MS);
    expect(cadenceOf({ frameDuration: 41_708_333, start })(rounded(5, start))).toBeCloseTo(start + 5 * film, 0);
  });

  test("are those of the file where a picture is not on the grid", () => {
    expect(cadenceOf({ frameDuration: 40 * MS, start: 0 })(50 * MS)).toBe(50 * MS);
  });

  test("are those of the file where nothing tells how long a frame is", () => {
    expect(cadenceOf({ frameDuration: null, start: 0 })(41 * MS)).toBe(41 * MS);
    expect(cadenceOf({ frameDuration: 41_708_333, start: null })(41 * MS)).toBe(41 * MS);
  });
});

test.each([
  [41_708_333, 24_000 / 1001],
  [41_666_667, 24],
  [40_000_000, 25],
  [33_366_667, 30_000 / 1001],
  [16_683_333, 60_000 / 1001],
  [80_000_000, 12.5],
])("%i ns is the length of a frame at %f a second", (length, rate) => {
  expect(rateOf(length)).toBeCloseTo(rate, 6);
});
