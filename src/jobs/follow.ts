/** Watching a job that may run anywhere. */
import { createAlarm } from "../lib/alarm.ts";
import type { EventHub } from "../lib/event-hub.ts";
import type { Job } from "./job.ts";
import { jobTopic, RESUMED_TOPIC } from "./notifications.ts";

export interface FollowOptions {
  id: string;
  find(id: string): Promise<Job | null>;
  events: EventHub;
  /** How often to look when no notification comes. */
  pollMs: number;
  /** Ends the following. */
  signal: AbortSignal;
  onChange(job: Job): void;
}

/** Whether nothing more happens to the job. */
export const hasEnded = (job: Job): boolean => job.status === "done" || job.status === "failed";

/**
 * Calls `onChange` with the job as it is, at once and after every change, until it has ended, is gone or the signal aborts.
 * Changes that come faster than they are read are seen as one.
 */
export async function followJob({ id, find, events, pollMs, signal, onChange }: FollowOptions): Promise<void> {
  const alarm = createAlarm();
  // Before the first look: a change between the two must not be missed.
  const unsubscribe = [events.subscribe(jobTopic(id), alarm.ring), events.subscribe(RESUMED_TOPIC, alarm.ring)];
  signal.addEventListener("abort", alarm.ring);
  let last: string | undefined;
  try {
    while (!signal.aborted) {
      const job = await find(id);
      if (!job || signal.aborted) return;
      const text = JSON.stringify(job);
      if (text !== last) onChange(job);
      last = text;
      if (hasEnded(job)) return;
      await alarm.wait(pollMs);
    }
  } finally {
    signal.removeEventListener("abort", alarm.ring);
    for (const end of unsubscribe) end();
  }
}
