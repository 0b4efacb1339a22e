/** Which head serves a request, and which one makes room. */
import { expect, test } from "bun:test";
import { encodeGrid } from "../../../../plugins/hls/encode/grid.ts";
import { headFor, roomIn, victimOf } from "../../../../plugins/hls/encode/places.ts";
import type { Work } from "../../../../plugins/hls/encode/work.ts";

const work = (key: string, type = "video") =>
  ({ key, track: { type }, spans: encodeGrid(0, 200, 6) }) as unknown as Work;
const head = (at: Partial<ReturnType<typeof plain>> = {}) => ({ ...plain(), ...at });
const plain = () => ({
  ...{ work: work("a"), range: { first: 3, end: 23 }, next: 5 },
  ...{ wanted: null as "now" | "later" | null, abandoned: false, usedAt: 1_000 },
});

test("a head serves what it is at and what it will come by within ten seconds", () => {
  const one = head();
  const served = Array.from({ length: 30 }, (_, number) => number).filter((number) =>
    headFor([one], work("a"), number),
  );
  // Segment 5 begins at 14 s, segment 7 at 22 s.
  expect(served).toEqual([5, 6, 7]);
  expect(headFor([one], work("b"), 5)).toBeUndefined();
});

test("sound is encoded so fast that a minute is waited for", () => {
  const one = head({ work: work("a", "audio") });
  expect(headFor([one], work("a", "audio"), 20)).toBe(one);
  expect(headFor([one], work("a", "audio"), 21)).toBeUndefined();
});

test("nothing is served beyond a head's end", () => {
  expect(headFor([head({ next: 22 })], work("a"), 23)).toBeUndefined();
});

test("only a head that begins still has its initialization segment to give", () => {
  expect(headFor([head()], work("a"), "init")).toBeUndefined();
  expect(headFor([head({ next: 3 })], work("a"), "init")).toBeDefined();
});

test("the head longest unused makes room, not one that a viewer waits for or has just read from", () => {
  const heads = [
    head({ usedAt: 100, wanted: "now" }),
    head({ usedAt: 4_000 }),
    head({ usedAt: 3_000 }),
    head({ usedAt: 9_800 }),
  ];
  expect(victimOf(heads, 10_000)).toBe(heads[2]);
  expect(victimOf([heads[0]!, heads[3]!], 10_000)).toBeUndefined();
  expect(roomIn([heads[0]!, heads[3]!], 10_000)).toBe(800);
  expect(roomIn([heads[0]!], 10_000)).toBeNull();
});

test("a head whose reader went away, and one that only a job waits for, make room at once", () => {
  for (const state of [{ abandoned: true }, { wanted: "later" as const }]) {
    const one = head({ usedAt: 10_000, ...state });
    expect(victimOf([one], 10_000)).toBe(one);
  }
});
