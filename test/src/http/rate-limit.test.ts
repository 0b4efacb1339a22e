import { describe, expect, test } from "bun:test";
import type { Caller } from "../../../src/core.ts";
import { createRateLimit } from "../../../src/http/rate-limit.ts";
import { section } from "../../helpers/http.ts";

const alice: Caller = { userId: "alice", role: "user" };
const bob: Caller = { userId: "bob", role: "user" };

/** Asks for statuses: 200 when let in. */
function limiter(settings: Parameters<typeof section<"server">>[1]) {
  const limit = createRateLimit(section("server", settings));
  return async (caller: Caller | null, address = "192.0.2.1", unlimited = false) => {
    try {
      await limit({ address, unlimited, identify: async () => caller });
      return 200;
    } catch (error) {
      return (error as { status: number }).status;
    }
  };
}

describe("the rate", () => {
  test("is not limited by default", async () => {
    const ask = limiter({});
    for (let i = 0; i < 1000; i++) expect(await ask(null)).toBe(200);
  });

  test("S31 above it 429 comes, with the seconds until it is over", async () => {
    const limit = createRateLimit(section("server", { rate_limit_ip_per_minute: 1 }));
    const request = { address: "192.0.2.1", unlimited: false, identify: async () => null };
    await limit(request);
    const error = await limit(request).catch((error) => error);
    expect(error).toMatchObject({ status: 429, message: "rate limit exceeded" });
    expect(error.retryAfter).toBeWithin(1, 61);
  });

  test("is counted by user where there is one, else by address", async () => {
    const ask = limiter({ rate_limit_per_minute: 1 });
    expect([await ask(alice), await ask(alice)]).toEqual([200, 429]);
    expect([await ask(bob), await ask(null), await ask(null)]).toEqual([200, 200, 429]);
    expect(await ask(null, "192.0.2.2")).toBe(200);
  });

  test("of users and addresses fall back to the common one, each for itself", async () => {
    const ask = limiter({ rate_limit_per_minute: 1, rate_limit_user_per_minute: 2 });
    expect([await ask(alice), await ask(alice), await ask(alice)]).toEqual([200, 200, 429]);
    expect([await ask(null), await ask(null)]).toEqual([200, 429]);
  });

  test("of addresses alone leaves users alone", async () => {
    const ask = limiter({ rate_limit_ip_per_minute: 1 });
    expect([await ask(alice), await ask(alice), await ask(alice)]).toEqual([200, 200, 200]);
  });

  test("S30 is one for an IPv6 customer's whole /64", async () => {
    const ask = limiter({ rate_limit_ip_per_minute: 1 });
    expect([await ask(null, "2001:db8::1"), await ask(null, "2001:db8::ffff:1")]).toEqual([200, 429]);
    expect(await ask(null, "2001:db8:0:1::1")).toBe(200);
  });

  test("does not count what is free of it", async () => {
    const ask = limiter({ rate_limit_ip_per_minute: 1 });
    for (let i = 0; i < 5; i++) expect(await ask(null, "192.0.2.1", true)).toBe(200);
    expect(await ask(null)).toBe(200);
  });
});

describe("the lists", () => {
  test("who is allowed is never limited", async () => {
    const ask = limiter({
      rate_limit_per_minute: 1,
      rate_limit_allow_users: ["alice"],
      rate_limit_allow_ips: ["10.0.0.0/8"],
    });
    for (let i = 0; i < 3; i++) {
      expect(await ask(alice)).toBe(200);
      expect(await ask(null, "10.1.2.3")).toBe(200);
      expect(await ask(bob, "10.1.2.3")).toBe(200);
    }
    expect([await ask(bob), await ask(bob)]).toEqual([200, 429]);
  });

  test("who is blocked is refused, also without a rate and for what is free of it", async () => {
    const ask = limiter({ rate_limit_block_users: ["bob"], rate_limit_block_ips: ["2001:db8::/32"] });
    expect(await ask(bob)).toBe(403);
    expect(await ask(bob, "192.0.2.1", true)).toBe(403);
    expect(await ask(null, "2001:db8:1::1", true)).toBe(403);
    expect(await ask(alice)).toBe(200);
  });

  test("S30 a block wins over an allowance, where ranges overlap too", async () => {
    const ask = limiter({
      rate_limit_allow_ips: ["10.0.0.1", "10.0.0.0/8"],
      rate_limit_block_ips: ["10.0.0.0/24"],
      rate_limit_allow_users: ["bob"],
      rate_limit_block_users: ["bob"],
    });
    expect(await ask(null, "10.0.0.1")).toBe(403);
    expect(await ask(bob)).toBe(403);
    expect(await ask(alice, "10.0.0.1")).toBe(403);
    expect(await ask(null, "10.0.1.1")).toBe(200);
  });
});

test("a failure of the look at the user is not taken for a refusal", async () => {
  const limit = createRateLimit(section("server", { rate_limit_per_minute: 1 }));
  const away = { address: "192.0.2.1", unlimited: false, identify: () => Promise.reject(new Error("away")) };
  await expect(limit(away)).rejects.toThrow("away");
});
