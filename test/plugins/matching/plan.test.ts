import { describe, expect, test } from "bun:test";
import { limitsOf } from "../../../plugins/matching/limits.ts";
import { type KnownFile, planMatching, taughtSubject } from "../../../plugins/matching/plan.ts";
import { readingOf } from "./house.ts";

const known = (path: string, more: Partial<KnownFile> = {}): KnownFile => ({
  ...{ mediaId: path, path, reading: readingOf(path), match: null, decision: null },
  ...more,
});
const options = { rules: "1", limits: limitsOf({}) };
const planned = (files: KnownFile[], more: Partial<typeof options> = {}) =>
  planMatching(files, { ...options, ...more });
const pendingOf = (...args: Parameters<typeof planned>) =>
  planned(...args).groups.flatMap(({ pending }) => pending.map(({ path }) => path));

/** The file as it is after a run that decided it. */
function decided(path: string, more: Partial<KnownFile> & { stale?: boolean } = {}): KnownFile {
  const { stale = false, ...rest } = more;
  const [group] = planned([known(path)]).groups;
  return known(path, { decision: { inputs: group!.pending[0]!.inputs, stale }, ...rest });
}

const auto = (subjectId: number) => ({ match: { subjectId, method: "auto" as const } });
const manual = (subjectId: number) => ({ match: { subjectId, method: "manual" as const } });

test("what was never looked at is looked at; what was is not", () => {
  const plan = planned([known("Show - 01.mkv"), decided("Show - 02.mkv"), decided("Show - 03.mkv", auto(7))]);
  expect(plan).toMatchObject({ scanned: 3, skipped: 2, groups: [{ pending: [{ path: "Show - 01.mkv" }] }] });
});

test("a match by hand is neither scanned nor looked at", () => {
  expect(planned([known("Show - 01.mkv", manual(7))])).toEqual({ scanned: 0, skipped: 0, groups: [] });
});

test("in vain looked at long ago: looked at again; matched long ago: not", () => {
  expect(
    pendingOf([decided("A - 01.mkv", { stale: true }), decided("B - 01.mkv", { stale: true, ...auto(7) })]),
  ).toEqual(["A - 01.mkv"]);
});

test("an opening is never looked at again", () => {
  expect(pendingOf([decided("A (NCOP).mkv", { stale: true })])).toEqual([]);
});

test.each<[string, Partial<typeof options>]>([
  ["rules", { rules: "2" }],
  ["lowest score", { limits: limitsOf({ min_candidate_score: 0.4 }) }],
  ["least confidence", { limits: limitsOf({ min_confidence: 0.8 }) }],
  ["number of candidates", { limits: limitsOf({ limit: 3 }) }],
])("another %s: everything is looked at again, what is matched too", (_what, more) => {
  expect(pendingOf([decided("A - 01.mkv", auto(7))], more)).toEqual(["A - 01.mkv"]);
});

test("another reading: looked at again; another path alone: not", () => {
  const file = decided("A - 01.mkv", auto(7));
  expect(pendingOf([{ ...file, reading: { ...file.reading, season: 2 } }])).toEqual(["A - 01.mkv"]);
  expect(pendingOf([{ ...file, path: "Moved/A - 01.mkv" }])).toEqual([]);
});

describe("a choice by hand", () => {
  test("teaches those of the group that have no match, or were taught before", () => {
    const group = [known("A - 01.mkv", manual(7)), known("A - 02.mkv"), known("A - 03.mkv", auto(7))];
    expect(taughtSubject(group)).toBe(7);
    expect(planned([...group, known("B - 01.mkv")]).groups.map(({ taught }) => taught)).toEqual([7, null]);
  });

  test("makes what was looked at in vain be looked at again, once", () => {
    const group = [known("A - 01.mkv", manual(7)), decided("A - 02.mkv")];
    const [again] = planned(group).groups;
    expect(again!.pending.map(({ path }) => path)).toEqual(["A - 02.mkv"]);
    const decision = { inputs: again!.pending[0]!.inputs, stale: false };
    expect(pendingOf([group[0]!, { ...group[1]!, decision }])).toEqual([]);
  });

  test("teaches nothing where the rules found another subject for a neighbour, or hands disagree", () => {
    expect(taughtSubject([known("A - 01.mkv", manual(7)), known("A - 02.mkv", auto(8))])).toBeNull();
    expect(taughtSubject([known("A - 01.mkv", manual(7)), known("A - 02.mkv", manual(8))])).toBeNull();
  });

  test("for an opening teaches nothing, and no match by the rules does", () => {
    expect(taughtSubject([known("A (NCOP).mkv", manual(7))])).toBeNull();
    expect(taughtSubject([known("A - 01.mkv", auto(7))])).toBeNull();
  });
});
