import { isOutage } from "../db/outage.ts";
import { createAlarm } from "../lib/alarm.ts";

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;

/**
 * Does a database call, and again for as long as the database cannot be reached, so that a restart of PostgreSQL does not cost
 * the work behind it.
 * @param giveUp ends the repeating: the last error is thrown then
 */
export async function persist<T>(call: () => Promise<T>, giveUp: AbortSignal): Promise<T> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
    try {
      return await call();
    } catch (error) {
      if (!isOutage(error) || giveUp.aborted) throw error;
    }
    const alarm = createAlarm();
    giveUp.addEventListener("abort", alarm.ring, { once: true });
    await alarm.wait(pause);
    giveUp.removeEventListener("abort", alarm.ring);
  }
}
