/** Looking for completed torrents every so often, by one process at a time. */

import { createAlarm } from "../../src/lib/alarm.ts";
import { AppError, type Core } from "../../src/plugin.ts";
import { isSetUp } from "./config.ts";
import type { Downloads } from "./service.ts";
import { takeTurn } from "./store.ts";

export interface Recurring {
  start(): Promise<void>;
  /** Waits for a look that is under way. */
  stop(): Promise<void>;
}

/**
 * A look is not a job, since most find nothing, and a job a minute would bury the others: only what is new becomes one. The
 * processes on one database take turns, so that qBittorrent is asked once an interval.
 */
export function createRecurring(
  { sql, log, config: { server }, signal }: Pick<Core, "sql" | "log" | "config" | "signal">,
  downloads: Pick<Downloads, "config" | "survey" | "requestSync">,
): Recurring {
  const { sync_interval_secs: interval } = downloads.config;
  const alarm = createAlarm();
  let stopped = false;
  let rounds = Promise.resolve();
  let trouble: string | undefined;

  /** @returns seconds until the next one */
  const round = async (): Promise<number> => {
    try {
      const wait = await takeTurn(sql, interval);
      if (wait > 0) return wait;
      const surveyed = await downloads.survey(signal);
      if (surveyed.some(({ finding }) => finding.is === "new")) await downloads.requestSync();
      if (trouble !== undefined) log.info("completed torrents are looked for again");
      trouble = undefined;
    } catch (error) {
      if (stopped || signal.aborted) return interval;
      // Once, until it is another one: the same line a minute helps nobody.
      const { message } = error as Error;
      if (message !== trouble)
        log.warn(error instanceof AppError ? message : "cannot look for completed torrents", { error });
      trouble = message;
    }
    return interval;
  };

  return {
    async start() {
      // A process without workers leaves this to those that have some.
      if (interval === 0 || server.job_workers === 0 || !isSetUp(downloads.config)) return;
      rounds = (async () => {
        while (!stopped) {
          const secs = await round();
          if (!stopped) await alarm.wait(secs * 1000);
        }
      })();
    },
    async stop() {
      stopped = true;
      alarm.ring();
      await rounds;
    },
  };
}
