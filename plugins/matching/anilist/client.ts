/** Asking AniList over HTTP: politely, and no more after it has refused. */
import { boundedText } from "../../../src/lib/bounded-text.ts";
import { Unavailable, version } from "../../../src/plugin.ts";
import { type Clock, createLimiter } from "./limiter.ts";
import type { AniListWork } from "./model.ts";
import { readAnswer, SEARCH } from "./schema.ts";

/** Milliseconds from the question to the last byte of the answer. */
const DEADLINE_MS = 15_000;
/** Ten works are some 10 kB. */
const MAX_BYTES = 1 << 20;
/** "You will receive a 1 minute timeout", says the documentation of rate limits. */
const REFUSED_MS = 60_000;
/** A refusal for longer than this is not waited for. */
const LONGEST_WAIT_MS = 120_000;
/** How long nothing is asked after it was out of reach: an outage of AniList is met with a 403, and with patience. */
export const OUTAGE_MS = 600_000;

const USER_AGENT = `anicargo/anicargo/${version} (${process.platform}-${process.arch})`;

export interface Client {
  /** @throws Unavailable when AniList is out of reach, or was a moment ago; the signal's reason when that is aborted */
  search(title: string): Promise<AniListWork[]>;
}

/**
 * @param signal aborted when the program stops
 * @see https://docs.anilist.co/guide/rate-limiting for 429, and https://docs.anilist.co/guide/considerations for 403
 */
export function createClient(url: string, signal: AbortSignal, clock: Clock, deadlineMs = DEADLINE_MS): Client {
  const limiter = createLimiter(clock);
  let closedUntil = clock.now();
  const close = (reason: string, ms = OUTAGE_MS, cause?: unknown): Unavailable => {
    closedUntil = clock.now() + ms;
    return new Unavailable(reason, { cause });
  };

  /** @returns null when it refused and may be asked again after a rest */
  async function ask(title: string): Promise<AniListWork[] | null> {
    // Here and not before the turn: what stood in line behind the one that failed is spared its failure.
    if (clock.now() < closedUntil) throw new Unavailable("AniList was out of reach a moment ago");
    let status: number;
    let headers: Headers;
    let text: string;
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json", "user-agent": USER_AGENT },
        body: JSON.stringify({ query: SEARCH, variables: { title } }),
        redirect: "error",
        signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]),
      });
      ({ status, headers } = response);
      text = await boundedText(response, MAX_BYTES, () => new Error(`the answer is larger than ${MAX_BYTES} bytes`));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw close("AniList cannot be reached", OUTAGE_MS, error);
    }
    limiter.allow(Number(headers.get("x-ratelimit-limit")));
    if (status === 429) {
      const rest = Number(headers.get("retry-after")) * 1000 || REFUSED_MS;
      if (rest > LONGEST_WAIT_MS) throw close("AniList refuses for long", rest);
      limiter.rest(rest);
      return null;
    }
    const works = status === 200 ? readAnswer(parse(text)) : null;
    if (!works) throw close(`AniList answers with ${status} and no works`, OUTAGE_MS, new Error(text.slice(0, 300)));
    return works;
  }

  return {
    async search(title) {
      const works = (await limiter.turn(() => ask(title))) ?? (await limiter.turn(() => ask(title)));
      if (!works) throw close("AniList refuses again after a rest");
      return works;
    },
  };
}

/** An error page is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
