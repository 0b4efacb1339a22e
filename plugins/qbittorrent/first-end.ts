import type { Core, Job } from "../../src/plugin.ts";

const LOOK_MS = 250;

/**
 * The job when it has ended, or when a run of it ended with "later" (Bangumi is out of reach): a person at a terminal is told, and
 * need not stay; the job does, in the queue.
 * @param finish see `Opened.finish`
 */
export async function firstEnd(jobs: Core["jobs"], id: string, finish: () => Promise<Job>): Promise<Job> {
  const before = await jobs.get(id);
  let over = false;
  const postponed = async (): Promise<Job> => {
    while (!over) {
      const job = await jobs.get(id);
      // Why it waited before we came is not news.
      if (job?.status === "retry" && job.started_at !== before?.started_at) return job;
      await Bun.sleep(LOOK_MS);
    }
    throw new Error("the job has ended");
  };
  try {
    return await Promise.race([finish(), postponed()]);
  } finally {
    over = true;
  }
}
