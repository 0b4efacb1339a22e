import { describe, expect, test } from "bun:test";
import { type Attempt, createThrottle } from "../../../src/users/throttle.ts";

const alice = { userId: "alice", address: "192.0.2.1" };

async function fail(throttle: ReturnType<typeof createThrottle>, attempt: Attempt, times: number) {
  for (let i = 0; i < times; i++) await throttle.failed(attempt);
}
const refused = (throttle: ReturnType<typeof createThrottle>, attempt: Attempt) =>
  throttle.check(attempt).then(
    () => false,
    (error: { status: number; retryAfter: number }) => error.status === 429 && error.retryAfter > 0,
  );

describe("S31 failed attempts", () => {
  test("of one address on one account are slowed down after ten, and no others with them", async () => {
    const throttle = createThrottle();
    await fail(throttle, alice, 9);
    expect(await refused(throttle, alice)).toBe(false);
    await fail(throttle, alice, 1);
    expect(await refused(throttle, alice)).toBe(true);
    expect(await refused(throttle, { userId: "bob", address: "192.0.2.1" })).toBe(false);
    expect(await refused(throttle, { userId: "alice", address: "192.0.2.2" })).toBe(false);
  });

  test("of one address are slowed down on whatever accounts", async () => {
    const throttle = createThrottle();
    for (let i = 0; i < 30; i++) await throttle.failed({ userId: `user${i}`, address: "2001:db8::1" });
    expect(await refused(throttle, { userId: "another", address: "2001:db8::2" })).toBe(true);
    expect(await refused(throttle, { address: "2001:db8::3" })).toBe(true);
    expect(await refused(throttle, alice)).toBe(false);
  });

  test("on one account from everywhere are slowed down, but not for those who have been in from there", async () => {
    const throttle = createThrottle();
    throttle.succeeded(alice);
    for (let i = 0; i < 60; i++) await throttle.failed({ userId: "alice", address: `198.51.100.${i}` });
    expect(await refused(throttle, { userId: "alice", address: "203.0.113.1" })).toBe(true);
    expect(await refused(throttle, alice)).toBe(false);
  });

  test("on no account in particular count by address", async () => {
    const throttle = createThrottle();
    throttle.succeeded({ address: "192.0.2.1" });
    await fail(throttle, { address: "192.0.2.1" }, 30);
    expect(await refused(throttle, { address: "192.0.2.1" })).toBe(true);
    expect(await refused(throttle, { address: "192.0.2.2" })).toBe(false);
  });

  test("who was right before is not counted for it", async () => {
    const throttle = createThrottle();
    for (let i = 0; i < 2000; i++) throttle.succeeded({ userId: `user${i}`, address: "192.0.2.9" });
    expect(await refused(throttle, { userId: "user1", address: "192.0.2.9" })).toBe(false);
  });
});
