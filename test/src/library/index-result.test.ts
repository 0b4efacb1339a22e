import { expect, test } from "bun:test";
import { summaryOf, warningsOf } from "../../../src/library/index-result.ts";

test("the summary is the line of the contract", () => {
  expect(summaryOf({ scanned: 12, upserted: 3, parsed: 3, skipped: 9, removed: 0 })).toBe(
    "indexed 12 files (parsed 3, skipped 9, removed 0)",
  );
  expect(summaryOf({ scanned: 1, upserted: 1, parsed: 1, skipped: 0, removed: 2 })).toBe(
    "indexed 1 file (parsed 1, skipped 0, removed 2)",
  );
});

test("nothing is said when there is nothing to say", () => {
  expect(warningsOf({ doubt: undefined, kept: 0 }, [])).toEqual([]);
});

test("folders that cannot be read are named, the first five of them", () => {
  expect(warningsOf({ doubt: undefined, kept: 0 }, ["a", 'b"'])).toEqual([
    'could not read "a", "b\\"": what is known of them stays; check their permissions',
  ]);
  expect(warningsOf({ doubt: undefined, kept: 0 }, ["a", "b", "c", "d", "e", "f", "g"])[0]).toContain('"e" and 2 more');
});

test.each([
  ["empty", "the media folder is empty"],
  ["unreadable", "not every folder could be read"],
  ["most", "more than half of the library is gone at once"],
] as const)("held back removals (%s) say why, how many and what to do", (doubt, why) => {
  const [warning] = warningsOf({ doubt, kept: 3 }, []);
  expect(warning).toStartWith(why);
  expect(warning).toContain("3 files that cannot be found stay");
  expect(warning).toContain("--allow-removals");
});
