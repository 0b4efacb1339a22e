/** When the next request may go out. */

/** Real in the program, imagined in tests. */
export interface Clock {
  /** Milliseconds since some moment. */
  now(): number;
  /** @throws when the program stops meanwhile */
  wait(ms: number): Promise<void>;
}

/**
 * Milliseconds from one request to the next. AniList allows 90 a minute, and only 30 in its "degraded state", which its
 * headers do not always tell; beside that it has a limit on bursts.
 * @see https://docs.anilist.co/guide/rate-limiting
 */
export const GAP_MS = 2000;

const MINUTE_MS = 60_000;

export interface Limiter {
  /** Runs `ask` when it is its turn: one at a time, in the order of asking, and with a gap between beginnings. */
  turn<T>(ask: () => Promise<T>): Promise<T>;
  /** What the server says that it allows: a longer gap is kept, a shorter one is not believed. */
  allow(requestsPerMinute: number): void;
  /** Nobody's turn comes before so many milliseconds have gone by. */
  rest(ms: number): void;
}

export function createLimiter(clock: Clock): Limiter {
  let next = clock.now();
  let gap = GAP_MS;
  let line: Promise<unknown> = Promise.resolve();
  return {
    turn(ask) {
      const mine = line.then(async () => {
        // Again, since a timer may be early by a millisecond.
        while (clock.now() < next) await clock.wait(next - clock.now());
        next = clock.now() + gap;
        return ask();
      });
      line = mine.catch(() => {});
      return mine;
    },
    allow(requestsPerMinute) {
      if (requestsPerMinute > 0) gap = Math.max(GAP_MS, MINUTE_MS / requestsPerMinute);
    },
    rest(ms) {
      next = Math.max(next, clock.now() + ms);
    },
  };
}
