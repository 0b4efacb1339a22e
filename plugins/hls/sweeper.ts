/** Tidies the cache when the server starts, and every so often. */
import type { Hls } from "./service.ts";

const PERIOD_MS = 3_600_000;

export interface Sweeper {
  start(): Promise<void>;
  /** Waits for a sweep that is under way. */
  stop(): Promise<void>;
}

export function createSweeper(hls: Pick<Hls, "sweep" | "log">): Sweeper {
  let timer: Timer | undefined;
  let running: Promise<void> = Promise.resolve();
  const sweep = () => {
    running = hls.sweep().catch((error) => hls.log.warn("the cache folder could not be tidied", { error }));
  };
  return {
    async start() {
      // Not waited for: a cache on a slow disk must not hold up the start.
      sweep();
      timer = setInterval(sweep, PERIOD_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
