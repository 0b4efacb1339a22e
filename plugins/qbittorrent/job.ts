/** The `qbittorrent-sync` job. */
import { Type } from "typebox";
import { AppError, type Core, FatalJobError, type JobDefinition, Unavailable } from "../../src/plugin.ts";
import type { Downloads, SyncPass } from "./service.ts";
import { countsOf, summaryOf } from "./words.ts";

declare global {
  interface AnicargoJobs {
    "qbittorrent-sync": Record<string, never>;
  }
}

/** After which a sync that nobody repeats looks once more at what was on its way. */
const LOOK_AGAIN_SECS = 30;

export const syncJob = (
  downloads: Downloads,
  jobs: Core["jobs"],
  log: Core["log"],
): JobDefinition<"qbittorrent-sync"> => ({
  kind: "qbittorrent-sync",
  payload: Type.Object({}, { additionalProperties: false }),
  concurrency: 1,
  async run({ signal }) {
    const pass = await downloads.sync(signal).catch((error) => {
      // A refused login is not tried again: qBittorrent bans who keeps trying.
      if (error instanceof AppError && !(error instanceof Unavailable)) {
        throw new FatalJobError(error.message, { cause: error });
      }
      throw error;
    });
    const counts = countsOf(pass.surveyed);
    log.info(summaryOf(counts));
    if (downloads.config.sync_interval_secs === 0 && isUnderWay(pass)) {
      // Those who want to look again at about the same time share one job, which is never the one that runs now.
      const dedupKey = `again ${Math.ceil(Date.now() / 1000 / LOOK_AGAIN_SECS)}`;
      await jobs.enqueue("qbittorrent-sync", {}, { dedupKey, delaySecs: LOOK_AGAIN_SECS });
    }
    return {
      result: { ...counts, index_job: pass.jobs?.index ?? null, auto_match_job: pass.jobs?.autoMatch ?? null },
    };
  },
});

/** An index may fail, and what is being moved or checked completes without another call of qBittorrent's. */
const isUnderWay = ({ surveyed, jobs }: SyncPass): boolean =>
  jobs !== null || surveyed.some(({ finding }) => finding.is === "waiting" && finding.passes);
