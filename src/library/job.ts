/** The `index` job: a pass over the library, behind the queue. */
import type { Sql } from "postgres";
import { type Static, Type } from "typebox";
import type { CoreConfig } from "../config/schema.ts";
import { AppError } from "../errors.ts";
import { FatalJobError, type JobDefinition, type JobQueue, type Json } from "../jobs/job.ts";
import type { Logger } from "../log.ts";
import { excludedFolders } from "./excluded.ts";
import { summaryOf } from "./index-result.ts";
import { indexLibrary } from "./indexing.ts";

const payload = Type.Object({ allow_removals: Type.Optional(Type.Boolean()) }, { additionalProperties: false });

declare global {
  interface AnicargoJobs {
    index: Static<typeof payload>;
  }
}

/** Whoever asks while an index waits or runs gets that one, unless it asks for more than that one may do. */
export const enqueueIndex = (jobs: JobQueue, allowRemovals: boolean): Promise<{ id: string; created: boolean }> =>
  jobs.enqueue("index", allowRemovals ? { allow_removals: true } : {});

export function indexJob(
  sql: Sql,
  config: Pick<CoreConfig, "media" | "db" | "server">,
  log: Logger,
): JobDefinition<"index"> {
  const { media_dir } = config.media;
  return {
    kind: "index",
    payload,
    concurrency: config.server.max_scan_concurrency,
    async run({ payload: { allow_removals = false }, signal, progress, fence }) {
      if (media_dir === undefined) throw new FatalJobError("no library folder: set media.media_dir");
      const exclude = await excludedFolders(config);
      try {
        const { result, outside } = await indexLibrary({
          sql,
          root: media_dir,
          exclude,
          allowRemovals: allow_removals,
          signal,
          progress,
          fence,
        });
        // On the command line the command says it; to a server's log it is one line among others.
        for (const warning of result.warnings ?? []) log.info(warning);
        if (outside > 0) log.info(`links that lead out of the media folder and were not followed: ${outside}`);
        log.info(summaryOf(result));
        return { result: { ...result } as Json };
      } catch (error) {
        // No other attempt mounts a disk. The reason may be read by every user, its cause may not.
        if (error instanceof AppError)
          throw new FatalJobError(`${error.message}; nothing was removed`, { cause: error });
        throw error;
      }
    },
  };
}
