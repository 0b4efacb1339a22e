import { expect, test } from "bun:test";
import { doubtRemoval } from "../../../src/library/removal-guard.ts";

const all = { known: 100, missing: 1, empty: false, unreadable: false };

test.each([
  ["a few files gone", {}, undefined],
  ["half gone", { missing: 50 }, undefined],
  ["more than half gone", { missing: 51 }, "most"],
  ["more than half, but only ten", { known: 12, missing: 10 }, undefined],
  ["more than half, and eleven", { known: 12, missing: 11 }, "most"],
  ["all of a small library", { known: 10, missing: 10 }, undefined],
  ["an empty folder, one file known", { known: 1, missing: 1, empty: true }, "empty"],
  ["an empty folder, nothing known", { known: 0, missing: 0, empty: true }, undefined],
  ["an unreadable folder and something gone", { unreadable: true }, "unreadable"],
  ["an unreadable folder and nothing gone", { missing: 0, unreadable: true }, undefined],
] as const)("R1 %s", (_, situation, doubt) => {
  expect(doubtRemoval({ ...all, ...situation })).toBe(doubt);
});
