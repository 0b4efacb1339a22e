import { expect, test } from "bun:test";
import type { Presence } from "../../../src/db/presence.ts";
import { keepPresence } from "../../../src/db/presence-keeper.ts";
import { silentLogger } from "../../helpers/silent-logger.ts";

/** A presence that a test can lose, and that knows whether it was ended. */
function fakePresence() {
  const { promise: lost, resolve: lose } = Promise.withResolvers<void>();
  const presence = {
    ended: false,
    lost,
    lose,
    leave: async () => false,
    ensureDatabase: async () => undefined,
    end: async () => {
      presence.ended = true;
    },
  };
  return presence satisfies Presence;
}

/** A log that resolves when a line comes. */
function listener(text: string) {
  const { promise: heard, resolve } = Promise.withResolvers<void>();
  const hear = (line: string) => void (line.includes(text) && resolve());
  return { heard, log: { ...silentLogger, error: hear, warn: hear, info: hear } };
}

test("a lost presence is ended and replaced", async () => {
  const [first, second] = [fakePresence(), fakePresence()];
  const { heard, log } = listener("is back");
  const keeper = keepPresence(first, async () => second, false, log);
  first.lose();
  await heard;
  expect(first.ended).toBe(true);
  expect(await keeper.stop()).toBe(second);
  expect(second.ended).toBe(false);
});

test("who insists tries again after a failure", async () => {
  const [first, second] = [fakePresence(), fakePresence()];
  const { heard, log } = listener("is back");
  let attempts = 0;
  const join = async () => {
    if (++attempts === 1) throw new Error("not yet");
    return second;
  };
  const keeper = keepPresence(first, join, true, log);
  first.lose();
  await heard;
  expect(attempts).toBe(2);
  expect(await keeper.stop()).toBe(second);
});

test("who does not insist tries once", async () => {
  const first = fakePresence();
  const { heard, log } = listener("cannot be started again");
  let attempts = 0;
  const join = async () => {
    attempts++;
    throw new Error("never");
  };
  const keeper = keepPresence(first, join, false, log);
  first.lose();
  await heard;
  expect(await keeper.stop()).toBe(first);
  expect(attempts).toBe(1);
});

test("stopping does not wait for the next attempt", async () => {
  const first = fakePresence();
  const { heard, log } = listener("cannot be started again");
  const keeper = keepPresence(
    first,
    async () => {
      throw new Error("never");
    },
    true,
    log,
  );
  first.lose();
  await heard;
  expect(await keeper.stop()).toBe(first);
});
