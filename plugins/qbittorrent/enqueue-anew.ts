import type { Core, Job } from "../../src/plugin.ts";

/**
 * Asks for a job that begins after this call. One that waits is shared; one that runs may have looked already where something is
 * new by now, and another comes after it.
 * @returns the job's id
 */
export async function enqueueAnew(jobs: Core["jobs"], kind: "index" | "qbittorrent-sync"): Promise<string> {
  for (let other = 0; ; other++) {
    const { id, created } = await jobs.enqueue(kind, {}, other > 0 ? { dedupKey: `another ${other}` } : {});
    if (created || mayBegin(await jobs.get(id))) return id;
  }
}

const mayBegin = (job: Job | null): boolean => job?.status === "queued" || job?.status === "retry";
