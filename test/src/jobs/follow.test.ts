import { describe, expect, test } from "bun:test";
import { followJob } from "../../../src/jobs/follow.ts";
import type { Job } from "../../../src/jobs/job.ts";
import { jobTopic, RESUMED_TOPIC } from "../../../src/jobs/notifications.ts";
import { createEventHub } from "../../../src/lib/event-hub.ts";
import { NEVER_MS } from "../../helpers/jobs.ts";
import { until } from "../../helpers/until.ts";

const JOB: Job = {
  id: "a",
  job_type: "test-job",
  status: "queued",
  attempts: 0,
  max_attempts: 3,
  progress: null,
  result: null,
  last_error: null,
  created_at: "2026-11-01T00:00:00.000Z",
  started_at: null,
  finished_at: null,
};

/** A job in memory that is followed; `change` is a write with its notification. */
function following({ pollMs = NEVER_MS } = {}) {
  const events = createEventHub();
  const stop = new AbortController();
  const seen: Job[] = [];
  let job: Job | null = JOB;
  let looks = 0;
  const set = (change: Partial<Job> | null) => {
    job = change && job && { ...job, ...change };
  };
  const find = async () => {
    looks += 1;
    return job;
  };
  const over = followJob({
    id: "a",
    find,
    events,
    pollMs,
    signal: stop.signal,
    onChange: (changed) => seen.push(changed),
  });
  const change = (values: Partial<Job> | null) => {
    set(values);
    events.publish(jobTopic("a"));
  };
  return { events, stop, seen, over, set, change, looks: () => looks };
}

describe("following a job", () => {
  test("shows it at once, at every change, and ends with it", async () => {
    const { seen, over, change } = following();
    await until(() => seen.length === 1);
    change({ status: "running" });
    await until(() => seen.length === 2);
    change({ status: "done" });
    await over;
    expect(seen.map(({ status }) => status)).toEqual(["queued", "running", "done"]);
  });

  test("a notification without a change shows nothing", async () => {
    const { events, seen, over, change, looks } = following();
    await until(() => seen.length === 1);
    events.publish(jobTopic("a"));
    await until(() => looks() === 2);
    change({ status: "failed" });
    await over;
    expect(seen).toHaveLength(2);
  });

  test("finds a change without its notification by polling, and after the notifications came back", async () => {
    const polling = following({ pollMs: 1 });
    polling.set({ status: "done" });
    await polling.over;
    const resumed = following();
    await until(() => resumed.seen.length === 1);
    resumed.set({ status: "done" });
    resumed.events.publish(RESUMED_TOPIC);
    await resumed.over;
    expect(resumed.seen.at(-1)?.status).toBe("done");
  });

  test("ends at once when told to, and leaves no subscription", async () => {
    const { events, stop, seen, over, change, looks } = following();
    await until(() => seen.length === 1);
    stop.abort();
    await over;
    change({ status: "done" });
    events.publish(RESUMED_TOPIC);
    expect(seen).toHaveLength(1);
    expect(looks()).toBe(1);
  });

  test("ends when the job is gone", async () => {
    const { seen, over, change } = following();
    await until(() => seen.length === 1);
    change(null);
    await over;
  });
});
