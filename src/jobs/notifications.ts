/** PostgreSQL's notifications, handed to the listeners of this process. */
import type { Sql } from "postgres";
import type { EventHub } from "../lib/event-hub.ts";
import { within } from "../lib/within.ts";
import type { Logger } from "../log.ts";

const CLOSE_MS = 1000;

/** New work of the kind that is the event's data. */
export const JOBS_TOPIC = "jobs";
/** The status or the progress of this job changed. */
export const jobTopic = (id: string): string => `job:${id}`;
/** The running job whose id is the event's data is to end. */
export const CANCELS_TOPIC = "job-cancels";
/** Notifications may have been missed: look again. */
export const RESUMED_TOPIC = "jobs-resumed";

/**
 * Listens on one connection of its own for all channels. postgres.js listens again by itself after the connection broke; what
 * was missed meanwhile is covered by `RESUMED_TOPIC`, and a listener that stays dead by everybody's polling. So a failure to
 * listen is no reason not to start.
 */
export async function listenForJobs(sql: Sql, events: EventHub, log: Logger): Promise<{ close(): Promise<void> }> {
  let closed = false;
  const channels: Record<string, (payload: string) => void> = {
    anicargo_jobs: (kind) => events.publish(JOBS_TOPIC, kind),
    anicargo_job_changes: (id) => events.publish(jobTopic(id)),
    anicargo_job_cancels: (id) => events.publish(CANCELS_TOPIC, id),
  };
  const subscriptions = await Promise.all(
    Object.entries(channels).map(async ([channel, publish]) => {
      try {
        return await sql.listen(
          channel,
          (payload) => closed || publish(payload),
          () => closed || events.publish(RESUMED_TOPIC),
        );
      } catch (error) {
        log.warn("the database's notifications cannot be heard; polling instead", { channel, error });
      }
    }),
  );
  return {
    // After a reconnect `unlisten` does not know its listener any more (postgres 3.4.9), and a silent database must not keep
    // us; the connection ends with the pool.
    close: async () => {
      closed = true;
      await within(Promise.all(subscriptions.map((subscription) => subscription?.unlisten())), CLOSE_MS);
    },
  };
}
