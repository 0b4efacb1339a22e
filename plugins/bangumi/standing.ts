/** How Bangumi and we stand: whether it may be asked at this moment, and what to tell of it. */
import { type Health, Unavailable } from "../../src/plugin.ts";
import { Overrun, type Trouble } from "./trouble.ts";

/** Bangumi's ban (HTTP 429) lasts an hour and comes without a word on when it ends. */
const REST_SECS = 3600;
const LONGEST_REST_SECS = 24 * 3600;
/** So many failures in a row, and it is spared (and our callers their waiting) for a while. */
const FAILURES = 3;
const PAUSE_SECS = 30;
/** How soon we learn of a rest that another process was told to take. */
const READ_AGAIN_MS = 10_000;
/** What to tell a caller when nothing is known of the end. */
const RETRY_SECS = 30;

/** Keeps a rest for other processes, and over a restart. Seconds that are left of it, by the database's clock. */
export interface RestMemory {
  read(): Promise<number>;
  save(secs: number): Promise<void>;
}

export interface Standing {
  /** Reads the memory too, now and then. @throws Unavailable while Bangumi is not to be asked */
  check(): Promise<void>;
  /** The same from what this process knows; at the last moment before a request goes out. */
  require(): void;
  succeeded(): void;
  /** @returns what to throw: the trouble in public words, with the time after which to ask again */
  failed(trouble: Trouble): Promise<Unavailable>;
  /** Asks nobody. */
  health(): Health;
}

export interface StandingOptions {
  /** None: the rest is this process's own. */
  memory?: RestMemory;
  /** Milliseconds since 1970. */
  now?: () => number;
}

export function createStanding({ memory, now = Date.now }: StandingOptions = {}): Standing {
  let restUntil = 0;
  let pauseUntil = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  let failures = 0;
  let last: { at: number; trouble: Trouble | null } | undefined;

  const secsTo = (time: number) => Math.ceil((time - now()) / 1000);
  const resting = () =>
    `Bangumi had too many requests and is left alone until ${minute(restUntil)}: set a lower bangumi.requests_per_second`;
  const unavailable = (trouble: Trouble, retryAfter: number) =>
    new Unavailable(trouble.message, { retryAfter, cause: trouble });

  const require = () => {
    if (restUntil > now()) throw new Unavailable(resting(), { retryAfter: secsTo(restUntil) });
    if (pauseUntil > now() && last?.trouble) throw unavailable(last.trouble, secsTo(pauseUntil));
  };

  return {
    require,
    async check() {
      if (memory && now() - readAt >= READ_AGAIN_MS) {
        readAt = now();
        restUntil = Math.max(restUntil, now() + 1000 * (await memory.read()));
      }
      require();
    },
    succeeded() {
      failures = 0;
      last = { at: now(), trouble: null };
    },
    async failed(trouble) {
      last = { at: now(), trouble };
      if (trouble instanceof Overrun) {
        const secs = Math.min(Math.max(1, trouble.secs ?? REST_SECS), LONGEST_REST_SECS);
        restUntil = Math.max(restUntil, now() + 1000 * secs);
        await memory?.save(secs);
        return new Unavailable(resting(), { retryAfter: secs, cause: trouble });
      }
      if (trouble.passing && ++failures >= FAILURES) pauseUntil = now() + 1000 * PAUSE_SECS;
      return unavailable(trouble, RETRY_SECS);
    },
    health() {
      if (restUntil > now()) return { ok: false, detail: resting() };
      if (!last) return { ok: true, detail: "not asked yet" };
      const { at, trouble } = last;
      return trouble
        ? { ok: false, detail: `${trouble.message} (${minute(at)})` }
        : { ok: true, detail: `answered at ${minute(at)}` };
    },
  };
}

/** `2026-11-22 15:04 UTC` */
const minute = (time: number): string => `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
