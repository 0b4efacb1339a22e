import { describe, expect, test } from "bun:test";
import { episodesLifetime, isAiring, searchLifetime, subjectLifetime } from "../../../plugins/bangumi/freshness.ts";

const show = (date: string | null, eps = 12) => ({ date, eps });

describe("isAiring", () => {
  test.each([
    ["on its first day", show("2026-10-03"), null, "2026-10-03", true],
    ["a week before", show("2026-10-03"), null, "2026-09-26", true],
    ["a season before, though its episodes are dated", show("2026-10-03"), "2026-12-20", "2026-06-01", false],
    ["in its last week", show("2026-10-03"), null, "2026-12-26", true],
    ["half a year after", show("2026-10-03"), null, "2027-04-01", false],
    ["a break, with the last episode still to come", show("2026-10-03"), "2027-03-28", "2027-04-01", true],
    ["a cour, when the wiki does not count", show("2026-10-03", 0), null, "2026-12-28", true],
    ["and not longer", show("2026-10-03", 0), null, "2027-02-28", false],
    ["for ever, as its episodes tell", show("1999-10-20", 0), "2026-11-15", "2026-11-22", true],
    ["without a date", show(null), null, "2026-11-22", false],
    ["without a date, but with episodes", show(null), "2026-11-20", "2026-11-22", true],
    ["not cached", null, null, "2026-11-22", false],
  ])("%s", (_kind, subject, lastAirdate, today, airing) => {
    expect(isAiring(subject, lastAirdate, today)).toBe(airing);
  });
});

test("what changes holds shorter", () => {
  expect([subjectLifetime(true), subjectLifetime(false)]).toEqual([86_400, 604_800]);
  expect([episodesLifetime(true), episodesLifetime(false)]).toEqual([21_600, 604_800]);
  expect([searchLifetime(0), searchLifetime(1)]).toEqual([86_400, 604_800]);
});
