/** Where encoded tracks are cut. */
import { expect, test } from "bun:test";
import { encodeGrid, leadOf, spanAt } from "../../../../plugins/hls/encode/grid.ts";

const lengths = (duration: number, segmentSecs: number, start = 0) =>
  encodeGrid(start, duration, segmentSecs).map((span) => (span.end - span.start) / 1e9);

test("the first segments are short, the others no longer than four seconds or than is wanted", () => {
  expect(lengths(20, 6)).toEqual([2, 2, 2, 4, 4, 4, 2]);
  expect(lengths(10, 3)).toEqual([2, 2, 2, 3, 1]);
  expect(lengths(4, 1)).toEqual([1, 1, 1, 1]);
});

test("a short rest is part of the last segment", () => {
  expect(lengths(10.3, 6)).toEqual([2, 2, 2, 4.3]);
  expect(lengths(0.2, 6)).toEqual([0.2]);
});

test("segments follow each other from where the film begins to where it ends", () => {
  const spans = encodeGrid(100.021, 1440.5, 6);
  expect(spans[0]!.start).toBe(100_021_000_000);
  expect(spans.at(-1)!.end).toBe(1_540_521_000_000);
  for (const [i, { start }] of spans.slice(1).entries()) expect(start).toBe(spans[i]!.end);
});

test("a film without a length has no segments", () => {
  expect(encodeGrid(0, 0, 6)).toEqual([]);
});

test("a time lies in the span that begins at or before it", () => {
  const spans = encodeGrid(0, 20, 6);
  expect([-1, 0, 1.999e9, 2e9, 6e9, 9.9e9, 18e9, 99e9].map((time) => spanAt(spans, time))).toEqual([
    0, 0, 0, 1, 3, 3, 6, 6,
  ]);
});

test("a film that begins before zero is moved there", () => {
  expect(leadOf(encodeGrid(-0.5, 10, 6))).toBe(500_000_000);
  expect(leadOf(encodeGrid(0.5, 10, 6))).toBe(0);
});
