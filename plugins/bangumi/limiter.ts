/** When the next request may go out: so many a second, so many at once, and nobody kept waiting by somebody else's flood. */
import { Unavailable } from "../../src/plugin.ts";

/** Who asks: somebody who waits for a page, or a job that has time. */
export type Lane = "people" | "jobs";

export interface LimiterOptions {
  /** Starts a second at most, evenly spaced; 0: no limit. */
  perSecond: number;
  /** Requests under way at most. */
  atOnce: number;
  /** People who may wait at most: who comes after them is told to come back. Jobs bound themselves. */
  peopleWaiting: number;
  /** Aborted when the process ends: nobody waits any longer. */
  signal: AbortSignal;
  clock?: Clock;
}

/** Milliseconds; a test brings its own. */
export interface Clock {
  now(): number;
  after(ms: number, ring: () => void): void;
}

const CLOCK: Clock = { now: () => performance.now(), after: (ms, ring) => void setTimeout(ring, ms) };

export interface Limiter {
  /**
   * Runs `work` when its turn comes. While both lanes wait they take turns: people need not wait for a job of thousands
   * to end, and a person who asks without end leaves half of the rate to the jobs.
   * @throws Unavailable when too many people wait already, or the process ends
   */
  run<T>(lane: Lane, work: () => Promise<T>): Promise<T>;
}

/** On its way a request may fall behind and come close to the next one: the rate is to hold where they arrive, too. */
const SLACK = 1.05;

export function createLimiter(options: LimiterOptions): Limiter {
  const { perSecond, atOnce, peopleWaiting, signal, clock = CLOCK } = options;
  const gapMs = perSecond > 0 ? (SLACK * 1000) / perSecond : 0;
  const waiting: Record<Lane, PromiseWithResolvers<void>[]> = { people: [], jobs: [] };
  let underway = 0;
  let notBefore = Number.NEGATIVE_INFINITY;
  let last: Lane = "jobs";
  let armed = false;

  const take = (): PromiseWithResolvers<void> | undefined => {
    const other = last === "people" ? "jobs" : "people";
    const lane = waiting[other].length > 0 ? other : last;
    last = lane;
    return waiting[lane].shift();
  };
  const admit = (): void => {
    while (underway < atOnce && waiting.people.length + waiting.jobs.length > 0) {
      const early = notBefore - clock.now();
      if (early > 0) {
        if (!armed) {
          clock.after(early, () => {
            armed = false;
            admit();
          });
        }
        armed = true;
        return;
      }
      notBefore = clock.now() + gapMs;
      underway++;
      take()?.resolve();
    }
  };
  const stopping = () => new Unavailable("the program is stopping");
  signal.addEventListener(
    "abort",
    () => {
      for (const turn of [...waiting.people.splice(0), ...waiting.jobs.splice(0)]) turn.reject(stopping());
    },
    { once: true },
  );

  return {
    async run(lane, work) {
      if (signal.aborted) throw stopping();
      if (lane === "people" && waiting.people.length >= peopleWaiting) {
        const secs = Math.ceil((2 * peopleWaiting * gapMs) / 1000) || 1;
        throw new Unavailable("too many people ask Bangumi at this moment: try again soon", { retryAfter: secs });
      }
      const turn = Promise.withResolvers<void>();
      waiting[lane].push(turn);
      admit();
      await turn.promise;
      try {
        return await work();
      } finally {
        underway--;
        admit();
      }
    },
  };
}
