/** A clock that stands still until somebody waits for it. */
import type { Clock } from "../../../../plugins/matching/anilist/limiter.ts";

export interface ImaginedClock extends Clock {
  /** How long each wait was, in milliseconds. */
  waits: number[];
  pass(ms: number): void;
}

export function imaginedClock(): ImaginedClock {
  let now = 0;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    wait: async (ms) => {
      waits.push(ms);
      now += ms;
    },
    pass: (ms) => {
      now += ms;
    },
  };
}
