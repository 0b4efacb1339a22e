import { expect, test } from "bun:test";
import { keyframesOf, slotCount } from "../../../../plugins/hls/thumbnails/slots.ts";

const secs = (...values: number[]) => values.map((value) => value * 1e9);

test("each ten seconds get the last keyframe before their middle", () => {
  expect(keyframesOf(secs(0, 4, 8, 12, 16, 24, 28), 30e9)).toEqual([1, 3, 5]);
});

test("a long group of pictures stands for all that it spans", () => {
  expect(keyframesOf(secs(0, 36, 38), 45e9)).toEqual([0, 0, 0, 0, 2]);
});

test("times count from the first picture", () => {
  expect(keyframesOf(secs(100, 104, 112), 118e9)).toEqual([1, 2]);
});

test("there is at least one, and never more than a day and a bit", () => {
  expect(keyframesOf([0], 0)).toEqual([0]);
  expect(slotCount(Number.POSITIVE_INFINITY)).toBe(10_000);
});
