import { expect, test } from "bun:test";
import { within } from "../../../src/lib/within.ts";

const AN_HOUR = 3_600_000;

test("a promise that settles in time is in time, whichever way it settles", async () => {
  expect(await within(Promise.resolve(), AN_HOUR)).toBe(true);
  expect(await within(Promise.reject(new Error("no")), AN_HOUR)).toBe(true);
});

test("a promise that stays open is not waited for beyond the time", async () => {
  expect(await within(new Promise(() => {}), 1)).toBe(false);
});

test("a rejection after the time is nobody's unhandled rejection", async () => {
  const late = Promise.withResolvers<void>();
  expect(await within(late.promise, 1)).toBe(false);
  late.reject(new Error("too late"));
  await Bun.sleep(1);
});
