import { expect, test } from "bun:test";
import { backoffSecs } from "../../../src/jobs/backoff.ts";

const JUST_BELOW_1 = 1 - Number.EPSILON;

test("the wait doubles from 5 s with each failed attempt", () => {
  expect([1, 2, 3, 4, 5].map((attempt) => Math.round(backoffSecs(attempt, JUST_BELOW_1)))).toEqual([5, 10, 20, 40, 80]);
});

test("the wait is never longer than an hour", () => {
  expect(Math.round(backoffSecs(11, JUST_BELOW_1))).toBe(3600);
  expect(backoffSecs(100, JUST_BELOW_1)).toBeLessThanOrEqual(3600);
});

test("chance takes up to half of the wait away, so that jobs that failed together come back apart", () => {
  expect(backoffSecs(1, 0)).toBe(2.5);
  expect(backoffSecs(1, 0.5)).toBe(3.75);
  expect(backoffSecs(100, 0)).toBe(1800);
});
