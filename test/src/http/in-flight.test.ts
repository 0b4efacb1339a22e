import { expect, test } from "bun:test";
import { createInFlight } from "../../../src/http/in-flight.ts";

test("S32 the request after the last slot is refused, with a time to come back", () => {
  const slots = createInFlight(2);
  slots.enter();
  const leave = slots.enter();
  expect(() => slots.enter()).toThrow(expect.objectContaining({ status: 503, retryAfter: 1 }));
  leave();
  expect(() => slots.enter()).not.toThrow();
});

test("a slot is given back once, however often it is left", () => {
  const slots = createInFlight(2);
  slots.enter();
  const leave = slots.enter();
  leave();
  leave();
  expect(slots.count()).toBe(1);
});

test("0 is no bound", () => {
  const slots = createInFlight(0);
  for (let i = 0; i < 1000; i++) slots.enter();
  expect(slots.count()).toBe(1000);
});
