/** The `remux` job: copies a file into a Matroska that our reader takes, so that it is cut like any other. */
import { open } from "node:fs/promises";
import { join } from "node:path";
import { Type } from "typebox";
import {
  AppError,
  EXIT,
  FatalJobError,
  type JobContext,
  type JobDefinition,
  JobSnooze,
  type MediaFile,
} from "../../src/plugin.ts";
import { readOurselves } from "./analyse.ts";
import { SOURCE } from "./cache-names.ts";
import { diskFull, isFull, requireSpace } from "./disk.ts";
import { removeFolder } from "./eviction.ts";
import { acquireLock } from "./lock.ts";
import { remuxArgs } from "./remux.ts";
import { run } from "./run.ts";
import { attempt, failure, LOCKED_SECS, saysFull } from "./run-job.ts";
import type { Hls } from "./service.ts";
import { findTools } from "./tools.ts";

declare global {
  interface AnicargoJobs {
    remux: { media_id: string };
  }
}

export const remuxJob = (hls: Hls): JobDefinition<"remux"> => ({
  kind: "remux",
  payload: Type.Object({ media_id: Type.String({ pattern: "^[0-9a-f]{16}$" }) }),
  concurrency: hls.config.max_hls_concurrency,
  run: (job) => attempt(hls, async () => ({ result: { media_id: job.payload.media_id, made: await remux(hls, job) } })),
});

/** Parts of the whole that may be missing: of a damaged file what can be read is copied. */
const SLACK = 0.5;

/**
 * @returns whether it was made now
 * @throws JobSnooze while another process makes it
 */
export async function remux(hls: Hls, job: Pick<JobContext<"remux">, "payload" | "signal" | "progress" | "fence">) {
  const media = await hls.find(job.payload.media_id);
  const { key, folder } = hls.remuxOf(media);
  if (await hls.remuxed(media)) return false;
  const { ffmpeg } = findTools(hls.config.ffmpeg_path);
  const index = await hls.index(media);

  const lock = await acquireLock(hls.cache.lock(media.id, key), hls.config.lock_timeout_secs);
  if (!lock) throw new JobSnooze(LOCKED_SECS, "another process is copying this file");
  try {
    // Published between the look and the lock.
    if (await hls.remuxed(media)) return false;
    await hls.cache.evict(media.size);
    await requireSpace(lock.output, media.size);
    const total = index.duration === null ? undefined : Math.max(1, Math.round(index.duration));
    const report = (secs: number) =>
      job.progress({ done: Math.min(Math.floor(secs), total ?? secs), total, note: "copying" });
    report(0);
    const result = await run({
      program: ffmpeg,
      args: remuxArgs(index, media.file),
      cwd: lock.output,
      signal: job.signal,
      onStart: lock.started,
      onProgress: report,
    });
    const file = join(lock.output, SOURCE);
    const whole = result.ended === "done" && (await isWhole(file, index.duration));
    if (!whole && (saysFull(result.said) || (await isFull(lock.output)))) throw diskFull();
    if (result.ended === "stalled" || result.killed) throw failure(hls, media, result);
    if (!whole) {
      await hls.giveUpCopy(media);
      throw new FatalJobError("this file cannot be copied: ask for it again, and it is transcoded", {
        cause: failure(hls, media, result),
      });
    }
    await refuseChanged(hls, media, key);
    await sync(file);
    await job.fence();
    // What cannot be read, as a power failure leaves it.
    await removeFolder(folder);
    await lock.publish(folder);
    return true;
  } finally {
    await lock.release();
  }
}

/** On a full disk ffmpeg ends with 0 and says nothing (STREAMING section 4). */
async function isWhole(file: string, duration: number | null): Promise<boolean> {
  const made = await readOurselves(file).catch(() => null);
  return made?.cut !== null && made?.cut !== undefined && (made.duration ?? 0) >= (duration ?? 0) * SLACK;
}

/** A power failure after the rename must not leave half of it: what can still be read would pass for a shorter film. */
async function sync(path: string): Promise<void> {
  const file = await open(path);
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Two versions of a file in one copy would break in the middle (HARDENING R6). */
async function refuseChanged(hls: Hls, { id }: MediaFile, key: string): Promise<void> {
  if (hls.remuxOf(await hls.find(id)).key !== key) {
    throw new AppError("the file changed while it was read", 500, EXIT.failed);
  }
}
