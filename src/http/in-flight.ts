import { Unavailable } from "../errors.ts";

export interface InFlight {
  /**
   * Takes a slot for a request.
   * @returns a function that gives it back; calling it again does nothing
   * @throws Unavailable when all are taken
   */
  enter(): () => void;
  /** Slots taken now. */
  count(): number;
}

/**
 * Bounds how many requests are worked on at once. A request holds its slot until its answer is there or its client is
 * gone; what is sent after that (event streams, media) waits for the network and not for us, so it holds none.
 * @param max 0: no bound
 */
export function createInFlight(max: number): InFlight {
  let taken = 0;
  return {
    enter() {
      if (max > 0 && taken >= max) throw new Unavailable("too many requests at once, try again", { retryAfter: 1 });
      taken++;
      let held = true;
      return () => {
        if (held) taken--;
        held = false;
      };
    },
    count: () => taken,
  };
}
