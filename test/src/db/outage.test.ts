import { expect, test } from "bun:test";
import { isOutage } from "../../../src/db/outage.ts";

const withCode = (code: string) => Object.assign(new Error("x"), { code });

test("a database that is away, starting, stopping, full or read-only is an outage", () => {
  for (const code of [
    "ECONNREFUSED",
    "CONNECTION_CLOSED",
    "ENOENT",
    "08006",
    "53300",
    "53100",
    "57P01",
    "57P03",
    "25006",
  ])
    expect([code, isOutage(withCode(code))]).toEqual([code, true]);
});

test("a statement that is wrong, a duplicate, a pool that we closed and anything else is none", () => {
  for (const code of ["42601", "23505", "57014", "CONNECTION_ENDED", "22P05"])
    expect([code, isOutage(withCode(code))]).toEqual([code, false]);
  for (const thrown of [new Error("x"), "ECONNREFUSED", null, { code: "ECONNREFUSED" }])
    expect(isOutage(thrown)).toBe(false);
});
