/** When an encoder rests. */
import { expect, test } from "bun:test";
import { mayRun, type Situation } from "../../../../plugins/hls/encode/throttle.ts";

const idle: Situation = { wanted: null, abandoned: false, ahead: 0, contested: false, running: true };

test("it stops a minute ahead of its reader and goes on at half of that", () => {
  expect(mayRun({ ...idle, ahead: 59 })).toBeTrue();
  expect(mayRun({ ...idle, ahead: 60 })).toBeFalse();
  expect(mayRun({ ...idle, ahead: 31, running: false })).toBeFalse();
  expect(mayRun({ ...idle, ahead: 30, running: false })).toBeTrue();
});

test("it always runs for a viewer who waits", () => {
  expect(mayRun({ wanted: "now", abandoned: true, ahead: 99, contested: true, running: false })).toBeTrue();
});

test("it rests while a viewer waits for another one, also when a job waits for it", () => {
  expect(mayRun({ ...idle, contested: true })).toBeFalse();
  expect(mayRun({ ...idle, wanted: "later", contested: true })).toBeFalse();
  expect(mayRun({ ...idle, wanted: "later" })).toBeTrue();
});

test("it rests when whoever waited has gone away", () => {
  expect(mayRun({ ...idle, abandoned: true })).toBeFalse();
});
