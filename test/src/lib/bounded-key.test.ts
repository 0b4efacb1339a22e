import { expect, test } from "bun:test";
import { boundedKey, MAX_KEYS } from "../../../src/lib/bounded-key.ts";

test("one text has one key", () => {
  expect(boundedKey("192.0.2.1")).toBe(boundedKey("192.0.2.1"));
});

test("S30 a flood of different texts has a bounded number of keys, and few texts rarely share one", () => {
  const flood = new Set(Array.from({ length: 4 * MAX_KEYS }, (_, i) => boundedKey(`flood ${i}`)));
  expect(flood.size).toBeLessThanOrEqual(MAX_KEYS);
  const household = new Set(Array.from({ length: 20 }, (_, i) => boundedKey(`guest ${i}`)));
  expect(household.size).toBeGreaterThan(15);
});
