/** The `media-index` job: reads what is new in the library, so that playing it later starts at once. */
import { Type } from "typebox";
import { type Core, Gone, type JobDefinition, JobSnooze, NotFound } from "../../src/plugin.ts";
import { Unreadable } from "./ffprobe.ts";
import type { Hls } from "./service.ts";
import { confirmIndex, libraryVersion, listUnread } from "./store.ts";

declare global {
  interface AnicargoJobs {
    "media-index": Record<string, never>;
  }
}

const BATCH = 50;
/** Files missing in a row: their disk is away, and the rest of the library with it. */
const MAX_GONE = 20;
/** After so long it lets other jobs have its place. */
const TURN_MS = 20_000;
/** Behind everything that somebody waits for. */
export const BACKGROUND_PRIORITY = -10;

export const indexJob = (hls: Hls, sql: Core["sql"]): JobDefinition<"media-index"> => ({
  kind: "media-index",
  payload: Type.Object({}),
  concurrency: 1,
  async run(job) {
    const turnEnds = Date.now() + TURN_MS;
    const result = { indexed: 0, failed: 0 };
    let gone = 0;
    let last = "";
    for (;;) {
      const ids = await listUnread(sql, last, BATCH);
      for (const id of ids) {
        job.signal.throwIfAborted();
        if (Date.now() > turnEnds) throw new JobSnooze(1, "other jobs take their turn");
        const read = await readFile(hls, id);
        if (read !== "gone") await confirmIndex(sql, id);
        gone = read === "gone" ? gone + 1 : 0;
        if (read === "done") result.indexed++;
        else result.failed++;
        job.progress({ done: result.indexed + result.failed, note: "reading media files" });
        last = id;
      }
      if (ids.length === 0 || gone >= MAX_GONE) return { result };
    }
  },
});

async function readFile(hls: Hls, id: string): Promise<"done" | "unreadable" | "gone"> {
  try {
    await hls.index(await hls.find(id));
    return "done";
  } catch (error) {
    // Kept with the file, so that it is not read again until it changes.
    if (error instanceof Unreadable) return "unreadable";
    if (error instanceof Gone || error instanceof NotFound || isRefused(error)) return "gone";
    throw error;
  }
}

/** A file that may not be read, or cannot for now: the others can. */
const isRefused = (error: unknown): boolean =>
  ["EACCES", "EPERM", "EIO", "ESTALE"].includes((error as NodeJS.ErrnoException).code ?? "");

const LOOK_MS = 30_000;
/** What failed for a reason that passes, a disk that was away, is tried again. */
const RETRY_MS = 3_600_000;

export interface Survey {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Looks every so often whether the library holds files that have not been read, and asks for the job. */
export function createSurvey({ sql, jobs, log }: Pick<Core, "sql" | "jobs" | "log">): Survey {
  let timer: Timer | undefined;
  let running = Promise.resolve();
  let seen = "";
  let asked = 0;
  const look = async () => {
    const version = await libraryVersion(sql);
    if (version === seen && Date.now() - asked < RETRY_MS) return;
    const unread = await listUnread(sql, "", 1);
    if (unread.length > 0) {
      const { created } = await jobs.enqueue("media-index", {}, { priority: BACKGROUND_PRIORITY });
      // One that runs already may have passed the new files: look again.
      if (!created) return;
    }
    [seen, asked] = [version, Date.now()];
  };
  const survey = () => {
    running = look().catch((error) => log.warn("new media files could not be looked for", { error }));
  };
  return {
    async start() {
      survey();
      timer = setInterval(survey, LOOK_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
