import { expect, test } from "bun:test";
import { folderOf, groupFiles, groupKey } from "../../../plugins/matching/grouping.ts";
import type { Reading } from "../../../src/plugin.ts";
import { readingOf } from "./house.ts";

const file = (path: string, more: Partial<Reading> = {}) => ({
  mediaId: path,
  path,
  reading: { ...readingOf(path), ...more },
});

test.each<[string, string]>([
  ["Show - 01.mkv", ""],
  ["Show/Season 1/Show - 01.mkv", "Show/Season 1"],
])("the folder of %s is %p", (path, folder) => {
  expect(folderOf(path)).toBe(folder);
});

test("episodes of one title in one folder are one group, in the order in which they come", () => {
  const files = [file("a/Show - 01.mkv"), file("a/Other - 01.mkv"), file("a/Show - 02.mkv")];
  expect(groupFiles(files).map((group) => group.map(({ path }) => path))).toEqual([
    ["a/Show - 01.mkv", "a/Show - 02.mkv"],
    ["a/Other - 01.mkv"],
  ]);
});

test("case and width of a title do not part a group, nor does who released it", () => {
  expect(groupKey(file("Ｓhow - 01.mkv", { group: "A" }))).toBe(groupKey(file("show - 02.mkv", { group: "B" })));
});

test("a special stands with its series", () => {
  expect(groupKey(file("Show - 7.5.mkv", { kind: "special" }))).toBe(groupKey(file("Show - 07.mkv")));
});

test.each<[string, string, Partial<Reading>]>([
  ["folder", "b/Show - 01.mkv", {}],
  ["title", "a/Other - 01.mkv", {}],
  ["season", "a/Show - 01.mkv", { season: 2 }],
  ["part", "a/Show - 01.mkv", { part: 2 }],
  ["year", "a/Show - 01.mkv", { year: 2020 }],
  ["kind: a film", "a/Show - 01.mkv", { kind: "movie" }],
  ["kind: an OVA", "a/Show - 01.mkv", { kind: "ova" }],
  ["kind: an opening", "a/Show - 01.mkv", { kind: "extra" }],
  ["kind: live action", "a/Show - 01.mkv", { staged: true }],
])("another %s is another group", (_what, path, more) => {
  expect(groupKey(file(path, more))).not.toBe(groupKey(file("a/Show - 01.mkv")));
});

test("without a title of their own files go by that of the folder", () => {
  const of = (text: string) => file("a/03.mkv", { titles: [], folderTitles: [{ text, derived: false }] });
  expect(groupKey(of("Show"))).toBe(groupKey(of("show")));
  expect(groupKey(of("Show"))).not.toBe(groupKey(of("Other")));
});
