/** The `auto-match` job: a pass over the library, behind the queue. */
import { type Core, type Job, type JobDefinition, JobSnooze, type Json } from "../../src/plugin.ts";
import { limitsOf, type MatchPayload, matchPayload } from "./limits.ts";
import { summaryOf, waitingLine } from "./match-result.ts";
import { type Matching, standingOf } from "./service.ts";

declare global {
  interface AnicargoJobs {
    "auto-match": MatchPayload;
  }
}

/** Until the job that has to end first is asked after again. */
const WAIT_SECS = 2;
const FIRST_PAUSE_SECS = 60;
const LONGEST_PAUSE_SECS = 3600;

export function autoMatchJob(
  matching: Matching,
  sql: Core["sql"],
  jobs: Pick<Core["jobs"], "get">,
): JobDefinition<"auto-match"> {
  /** Runs in a row that Bangumi was out of reach for. */
  let outages = 0;
  return {
    kind: "auto-match",
    payload: matchPayload,
    concurrency: 1,
    async run({ payload, signal, progress, fence }) {
      if (payload.after && isActive(await jobs.get(payload.after)))
        throw new JobSnooze(WAIT_SECS, "waits for the index that stores what is new");
      const pass = await matching.autoMatch({ limits: limitsOf(payload), signal, progress, fence });
      if (pass.outage) {
        const pause = Math.min(LONGEST_PAUSE_SECS, FIRST_PAUSE_SECS * 2 ** outages++);
        // After too many requests Bangumi says itself how long it wants to be left alone.
        throw new JobSnooze(
          Math.max(pause, pass.outage.retryAfter ?? 0),
          waitingLine(pass.outage.message, pass.waiting),
        );
      }
      outages = 0;
      const result = await standingOf(sql, pass);
      matching.log.info(summaryOf(result));
      return { result: { ...result } as Json };
    },
  };
}

const isActive = (job: Job | null): boolean => job !== null && job.status !== "done" && job.status !== "failed";
