/** A loop that outlives the database's outages. */
import { isOutage } from "../db/outage.ts";
import { createAlarm } from "../lib/alarm.ts";
import type { Logger } from "../log.ts";

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;

export interface Loop {
  /** Starts the next round now, or right after the present one. */
  ring(): void;
  /** No more rounds; resolves when the present one has ended. */
  stop(): Promise<void>;
}

/**
 * Runs `work` again and again until stopped. After an error it pauses a little longer each time, up to 5 s, and says so once
 * until all is well again.
 * @param work one round; returns after how many milliseconds the next is due
 */
export function startLoop(name: string, log: Logger, work: () => Promise<number>): Loop {
  const alarm = createAlarm();
  let stopped = false;
  let failures = 0;

  const round = async (): Promise<number> => {
    try {
      const next = await work();
      if (failures > 0) log.info(`${name}: going on`);
      failures = 0;
      return next;
    } catch (error) {
      if (stopped) return 0;
      if (failures === 0) log[isOutage(error) ? "warn" : "error"](`${name}: trying again until it works`, { error });
      failures += 1;
      return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
    }
  };
  const rounds = (async () => {
    while (!stopped) {
      const pause = await round();
      if (!stopped) await alarm.wait(pause);
    }
  })();
  return {
    ring: alarm.ring,
    stop: () => {
      stopped = true;
      alarm.ring();
      return rounds;
    },
  };
}
