import { expect, test } from "bun:test";
import { split } from "../../../src/lib/split.ts";

test("what passes and what does not, both in the old order", () => {
  expect(split([1, 2, 3, 4], (number) => number % 2 === 0)).toEqual([
    [2, 4],
    [1, 3],
  ]);
});
