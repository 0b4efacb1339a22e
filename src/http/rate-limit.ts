/** Requests a minute, by user or by address; who is always let in and who never is. */
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { CoreConfig } from "../config/schema.ts";
import type { Caller } from "../core.ts";
import { Forbidden, TooManyRequests } from "../errors.ts";
import { boundedKey } from "../lib/bounded-key.ts";
import { ipNeighbourhood, ipSet } from "../lib/ip-set.ts";

type Settings = Pick<
  CoreConfig["server"],
  | "rate_limit_per_minute"
  | "rate_limit_user_per_minute"
  | "rate_limit_ip_per_minute"
  | "rate_limit_allow_users"
  | "rate_limit_allow_ips"
  | "rate_limit_block_users"
  | "rate_limit_block_ips"
>;

export interface LimitedRequest {
  /** Canonical, or `unknown`. */
  address: string;
  /** Whether this one is free of the rate (not of the block lists). */
  unlimited: boolean;
  /** The user of a valid token, else null; asked only when it matters. */
  identify(): Promise<Caller | null>;
}

/** Throws `Forbidden` or `TooManyRequests`; a block list wins over an allow list. */
export type RateLimit = (request: LimitedRequest) => Promise<void>;

const MINUTE_SECS = 60;

export function createRateLimit(settings: Settings): RateLimit {
  const ofUser = limiter(settings.rate_limit_user_per_minute || settings.rate_limit_per_minute);
  const ofAddress = limiter(settings.rate_limit_ip_per_minute || settings.rate_limit_per_minute);
  const allowedUsers = new Set(settings.rate_limit_allow_users);
  const blockedUsers = new Set(settings.rate_limit_block_users);
  const isAllowed = ipSet(settings.rate_limit_allow_ips);
  const isBlocked = ipSet(settings.rate_limit_block_ips);
  const limited = ofUser !== null || ofAddress !== null;

  return async ({ address, unlimited, identify }) => {
    if (isBlocked(address)) throw new Forbidden("access denied");
    if (!limited && blockedUsers.size === 0) return;
    // Somebody with a token that is not valid is nobody: else every made-up token would come with fresh requests.
    const caller = await identify();
    if (caller && blockedUsers.has(caller.userId)) throw new Forbidden("access denied");
    if (unlimited || isAllowed(address) || (caller && allowedUsers.has(caller.userId))) return;
    if (caller) await consume(ofUser, caller.userId);
    else await consume(ofAddress, boundedKey(ipNeighbourhood(address)));
  };
}

const limiter = (perMinute: number): RateLimiterMemory | null =>
  perMinute > 0 ? new RateLimiterMemory({ points: perMinute, duration: MINUTE_SECS }) : null;

async function consume(limiter: RateLimiterMemory | null, key: string): Promise<void> {
  try {
    await limiter?.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw new TooManyRequests("rate limit exceeded", { retryAfter: refusal.msBeforeNext / 1000 });
  }
}
