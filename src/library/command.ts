/** `anicargo scan` and `anicargo index`. */
import { resolve } from "node:path";
import { type CommandDef, command } from "../command.ts";
import type { LoadedConfig } from "../config/load.ts";
import { requireMediaDir } from "../config/media-dir.ts";
import type { Core } from "../core.ts";
import { AppError, EXIT, NoInput } from "../errors.ts";
import type { Job, Progress } from "../jobs/job.ts";
import { excludedFolders } from "./excluded.ts";
import { type IndexResult, summaryOf } from "./index-result.ts";
import { enqueueIndex } from "./job.ts";
import { mediaId } from "./media-id.ts";
import { MissingRoot } from "./root.ts";
import { walk } from "./walk.ts";

/** `anicargo scan [FOLDER]`: needs the configuration, not the database. */
export const scanCommand = (load: () => Promise<LoadedConfig>): CommandDef =>
  command({
    description: "Lists the media files found, with the ids that a first index gives them",
    examples: ["scan", "scan ~/Downloads --json"],
    args: {
      folder: { type: "positional", required: false, description: "A folder to list instead of media.media_dir" },
    },
    run: async ({ args, json, terminal }) => {
      const { core } = await load();
      const root = args.folder ? resolve(args.folder) : await requireMediaDir(core);
      const found = await walk(root, {
        exclude: await excludedFolders(core),
        onProgress: (done) => terminal.progress({ done, note: "files found" }),
      }).catch((error) => {
        if (error instanceof MissingRoot) throw new NoInput(`there is no folder ${root}`, { cause: error });
        throw error;
      });
      for (const { path, bytes, size, mtime } of found.files) {
        const id = mediaId(bytes ?? path);
        if (json) terminal.printJson({ id, size, path, modified_at: new Date(Math.floor(mtime / 1000)).toISOString() });
        else terminal.print(`${id}\t${size}\t${path}`);
      }
      if (found.outside > 0) terminal.note(`links that lead out of the folder and were not followed: ${found.outside}`);
      for (const path of found.unreadable) terminal.note(`cannot read ${path}: check its permissions`);
      return found.unreadable.length > 0 ? EXIT.someFailed : EXIT.done;
    },
  });

/** The part of an opened core that an index needs. */
type Open = <T>(
  use: (opened: {
    core: Core;
    finish(jobId: string, onProgress?: (progress: Progress) => void): Promise<Job>;
  }) => Promise<T>,
) => Promise<T>;

/** `anicargo index`: the job, run here, or followed where it runs already. */
export const indexCommand = (open: Open): CommandDef =>
  command({
    description:
      "Scans the media folder, parses the names and stores them; skips unchanged files, removes missing ones",
    examples: ["index", "index --json", "index --allow-removals"],
    args: {
      "allow-removals": {
        type: "boolean",
        description: "Remove what is gone, also when the folder is empty or more than half of the library is gone",
      },
    },
    run: ({ args, json, terminal }) =>
      open(async ({ core, finish }) => {
        const allowRemovals = args["allow-removals"] === true;
        // A folder that is gone is what the flag is for; a setting that is missing is not.
        if (!allowRemovals || core.config.media.media_dir === undefined) await requireMediaDir(core.config);
        const { id, created } = await enqueueIndex(core.jobs, allowRemovals);
        if (!created) terminal.note("an index is under way already, waiting for it");
        const job = await finish(id, terminal.progress);
        if (job.status !== "done") throw new AppError(`the index failed: ${job.last_error}`, 500, EXIT.failed);
        // PostgreSQL keeps JSON objects in an order of its own.
        const { scanned, upserted, parsed, skipped, removed, ...more } = job.result as unknown as IndexResult;
        const result: IndexResult = { scanned, upserted, parsed, skipped, removed, ...more };
        if (json) terminal.printJson(result);
        else terminal.print(summaryOf(result));
        if (result.growing) terminal.note(`still being written, left for the next index: ${result.growing}`);
        for (const warning of result.warnings ?? []) terminal.note(`warning: ${warning}`);
        return result.warnings ? EXIT.someFailed : EXIT.done;
      }),
  });
