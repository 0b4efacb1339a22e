import { describe, expect, test } from "bun:test";
import { gridOf } from "../../../../plugins/hls/copy/grid.ts";

const secs = (...values: number[]): number[] => values.map((value) => value * 1e9);
const spans = (keyframes: number[], duration: number, longest = 6) =>
  gridOf(secs(...keyframes), duration * 1e9, longest).map(({ start, end }) => [start / 1e9, end / 1e9]);

describe("the grid of segments", () => {
  test("closes a segment when the next group of pictures would make it too long", () => {
    expect(spans([0, 2, 4, 5, 9], 11)).toEqual([
      [0, 5],
      [5, 11],
    ]);
  });

  test("takes a segment that is exactly as long as wanted", () => {
    expect(spans([0, 2, 4, 6, 8, 10], 12)).toEqual([
      [0, 6],
      [6, 12],
    ]);
  });

  test("never cuts a group of pictures", () => {
    expect(spans([0, 20, 21], 60)).toEqual([
      [0, 20],
      [20, 21],
      [21, 60],
    ]);
  });

  test("begins at the first keyframe, wherever that is", () => {
    expect(spans([0.021, 5], 6.5, 6)).toEqual([
      [0.021, 5],
      [5, 6.5],
    ]);
  });

  test("names the keyframes of each segment, without a hole", () => {
    const grid = gridOf(secs(0, 2, 4, 5, 9), 11e9, 6);
    expect(grid.map(({ from, to }) => [from, to])).toEqual([
      [0, 3],
      [3, 5],
    ]);
  });

  test("gives the last segment a length when the file claims to be shorter than it is", () => {
    expect(spans([0, 8], 7)).toEqual([
      [0, 8],
      [8, 8.001],
    ]);
  });

  test("is empty without a keyframe", () => {
    expect(gridOf([], 10e9, 6)).toEqual([]);
  });
});
