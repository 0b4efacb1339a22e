import { expect, test } from "bun:test";
import { createLimiter, GAP_MS } from "../../../../plugins/matching/anilist/limiter.ts";
import { imaginedClock } from "./imagined-clock.ts";

const nothing = async () => {};

test("the first request goes at once, and each later one a gap after the one before it", async () => {
  const clock = imaginedClock();
  const limiter = createLimiter(clock);
  await limiter.turn(nothing);
  expect(clock.waits).toEqual([]);
  await limiter.turn(nothing);
  clock.pass(500);
  await limiter.turn(nothing);
  expect(clock.waits).toEqual([GAP_MS, GAP_MS - 500]);
});

test("a request begins only when the one before it has ended", async () => {
  const limiter = createLimiter(imaginedClock());
  const events: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = limiter.turn(async () => {
    events.push("first begins");
    await promise;
    events.push("first ends");
  });
  const second = limiter.turn(async () => void events.push("second begins"));
  resolve();
  await Promise.all([first, second]);
  expect(events).toEqual(["first begins", "first ends", "second begins"]);
});

test("a failure reaches its own caller and lets the next one through", async () => {
  const limiter = createLimiter(imaginedClock());
  const failed = limiter.turn(async () => {
    throw new Error("no");
  });
  const next = limiter.turn(async () => "yes");
  await expect(failed).rejects.toThrow("no");
  expect(await next).toBe("yes");
});

test("a server that allows less is believed, one that allows more is not, and one that says nothing changes nothing", async () => {
  const clock = imaginedClock();
  const limiter = createLimiter(clock);
  await limiter.turn(nothing);
  limiter.allow(10);
  await limiter.turn(nothing);
  limiter.allow(0);
  limiter.allow(Number.NaN);
  await limiter.turn(nothing);
  limiter.allow(1000);
  await limiter.turn(nothing);
  await limiter.turn(nothing);
  expect(clock.waits).toEqual([GAP_MS, 6000, 6000, GAP_MS]);
});

test("after a rest is ordered, nobody goes before it is over", async () => {
  const clock = imaginedClock();
  const limiter = createLimiter(clock);
  await limiter.turn(nothing);
  limiter.rest(60_000);
  limiter.rest(10);
  await limiter.turn(nothing);
  expect(clock.waits).toEqual([60_000]);
});

test("a timer that fires early is waited for again", async () => {
  const clock = imaginedClock();
  const limiter = createLimiter({ ...clock, wait: (ms) => clock.wait(Math.ceil(ms / 2)) });
  await limiter.turn(nothing);
  await limiter.turn(async () => expect(clock.now()).toBe(GAP_MS));
});
