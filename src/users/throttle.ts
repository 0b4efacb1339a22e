/** Slows guessing down: counts failures, not attempts, so that whoever knows the password never meets it. */
import { RateLimiterMemory } from "rate-limiter-flexible";
import { TooManyRequests } from "../errors.ts";
import { boundedKey } from "../lib/bounded-key.ts";
import { ipNeighbourhood } from "../lib/ip-set.ts";

export interface Attempt {
  /** Whose password is tried; absent when it is a secret of nobody's (the invite code). */
  userId?: string;
  /** Where from: a canonical address. */
  address: string;
}

export interface Throttle {
  /** Throws `TooManyRequests` when there have been too many failures; called before the costly look at the password. */
  check(attempt: Attempt): Promise<void>;
  failed(attempt: Attempt): Promise<void>;
  succeeded(attempt: Attempt): void;
}

/** Failures in a minute. */
const LIMITS = {
  /** Of one address on one account: somebody who tries to remember. */
  pair: 10,
  /** Of one address, on whatever accounts. */
  address: 30,
  /** On one account, from anywhere: a botnet. */
  account: 60,
};
const MINUTE_SECS = 60;
const MAX_FAMILIAR = 1000;

export function createThrottle(): Throttle {
  const counter = (points: number) => new RateLimiterMemory({ points, duration: MINUTE_SECS });
  const counters = { pair: counter(LIMITS.pair), address: counter(LIMITS.address), account: counter(LIMITS.account) };
  /** Where accounts have been logged in to from: a botnet must not be able to lock their owners out. */
  const familiar = new Set<string>();

  const keys = ({ userId, address }: Attempt) => {
    const place = ipNeighbourhood(address);
    const all: [keyof typeof LIMITS, string][] = [["address", boundedKey(place)]];
    if (userId === undefined) return { all, pair: null };
    const pair = boundedKey(`${place} ${userId}`);
    all.push(["pair", pair], ["account", boundedKey(userId)]);
    return { all, pair };
  };

  return {
    async check(attempt) {
      const { all, pair } = keys(attempt);
      for (const [name, key] of all) {
        if (name === "account" && familiar.has(pair!)) continue;
        const state = await counters[name].get(key);
        if (!state || state.consumedPoints < LIMITS[name]) continue;
        throw new TooManyRequests("too many failed attempts, try again later", {
          retryAfter: state.msBeforeNext / 1000,
        });
      }
    },
    async failed(attempt) {
      for (const [name, key] of keys(attempt).all) await counters[name].penalty(key);
    },
    succeeded(attempt) {
      const { pair } = keys(attempt);
      if (pair === null) return;
      if (familiar.size >= MAX_FAMILIAR) familiar.delete(familiar.keys().next().value!);
      familiar.add(pair);
    },
  };
}
