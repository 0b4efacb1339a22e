/** The `hls` job: makes the rendition of one item. */
import { rm, writeFile } from "node:fs/promises";
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
import { checkRendition, Incomplete } from "./check.ts";
import { diskError, diskFull, isFull, requireSpace } from "./disk.ts";
import { RAW_PLAYLIST, renditionArgs } from "./ffmpeg.ts";
import { Unreadable } from "./ffprobe.ts";
import { acquireLock } from "./lock.ts";
import { type Plan, planFor } from "./plan.ts";
import { lastSegments, type MediaPlaylist, PLAYLIST, renderPlaylist } from "./playlist.ts";
import type { Probe } from "./probe.ts";
import { type RunResult, run } from "./run.ts";
import type { Hls, Rendition } from "./service.ts";
import { findTools, type Tools } from "./tools.ts";

declare global {
  interface AnicargoJobs {
    hls: { media_id: string };
  }
}

type HlsContext = JobContext<"hls">;

/** Seconds after which a job looks again at a rendition that another process is making. */
const LOCKED_SECS = 3;

export const hlsJob = (hls: Hls): JobDefinition<"hls"> => ({
  kind: "hls",
  payload: Type.Object({ media_id: Type.String({ pattern: "^[0-9a-f]{16}$" }) }),
  concurrency: hls.config.max_hls_concurrency,
  async run(job) {
    try {
      return { result: await makeRendition(hls, job) };
    } catch (error) {
      throw diskError(error, hls.cache.root);
    }
  },
});

async function makeRendition(hls: Hls, job: HlsContext) {
  const media = await hls.find(job.payload.media_id);
  const rendition = hls.rendition(media);
  const made = { media_id: media.id, rendition: rendition.key, made: true };
  if (await hls.ready(media)) return { ...made, made: false };
  const tools = requireTools(hls);
  const plan = planFor(await probe(hls, media), hls.config.transcode);

  const lock = await acquireLock(hls.cache.lock(media.id, rendition.key), hls.config.lock_timeout_secs);
  if (!lock) throw new JobSnooze(LOCKED_SECS, "another process is making this rendition");
  try {
    // Published between the look and the lock.
    if (await hls.ready(media)) return { ...made, made: false };
    await requireSpace(lock.output, plan.video.mode === "copy" ? media.size : 0);
    await generate(hls, { tools, plan, media, folder: lock.output, onStart: lock.started }, job);
    await refuseChanged(hls, media, rendition);
    await job.fence();
    await lock.publish(rendition.folder);
    return made;
  } finally {
    await lock.release();
  }
}

interface Work {
  tools: Tools;
  plan: Plan;
  media: MediaFile;
  /** Empty at first; in the end it holds what is served, nothing else. */
  folder: string;
  onStart(pid: number): Promise<void>;
}

async function generate(hls: Hls, { tools, plan, media, folder, onStart }: Work, job: HlsContext): Promise<void> {
  const total = plan.duration === null ? undefined : Math.max(1, Math.round(plan.duration));
  const note = plan.video.mode === "copy" ? "copying" : "transcoding";
  const report = (secs: number) => job.progress({ done: Math.min(Math.floor(secs), total ?? secs), total, note });
  report(0);
  const result = await run({
    program: tools.ffmpeg,
    args: renditionArgs(plan, media.file, hls.config.segment_secs),
    cwd: folder,
    signal: job.signal,
    onStart,
    onProgress: report,
  });
  if (result.ended !== "done") throw failure(hls, media, result);

  const whole = await checked(folder, plan);
  const kept = lastSegments(whole, hls.config.playlist_len);
  const dropped = whole.segments.slice(0, whole.segments.length - kept.segments.length);
  await Promise.all([RAW_PLAYLIST, ...dropped.map(({ name }) => name)].map((name) => rm(join(folder, name))));
  await writeFile(join(folder, PLAYLIST), renderPlaylist(kept));
}

async function checked(folder: string, plan: Plan): Promise<MediaPlaylist> {
  try {
    return await checkRendition(folder, plan);
  } catch (error) {
    throw error instanceof Incomplete && (await isFull(folder)) ? diskFull(error) : error;
  }
}

/** A missing program is not there at the next attempt either. */
function requireTools(hls: Hls): Tools {
  try {
    return findTools(hls.config.ffmpeg_path);
  } catch (error) {
    throw error instanceof AppError ? new FatalJobError(error.message, { cause: error }) : error;
  }
}

async function probe(hls: Hls, media: MediaFile): Promise<Probe> {
  try {
    return await hls.prober.probe(media);
  } catch (error) {
    if (error instanceof Unreadable)
      hls.log.warn(error.message, { media: media.id, path: media.path, said: error.cause });
    throw error;
  }
}

/** The public line; what ffmpeg said, which names files and folders, goes to the log. */
function failure({ log }: Hls, media: MediaFile, { ended, how, said }: RunResult): AppError {
  log.error(`ffmpeg ${ended}`, { media: media.id, path: media.path, how, said });
  if (said.some((line) => line.includes("No space left on device"))) return diskFull();
  return new AppError(
    ended === "stalled"
      ? "ffmpeg made no progress for a minute and was ended; the log has what it said"
      : `ffmpeg failed (${how}); the log has what it said`,
    500,
    EXIT.failed,
  );
}

/** Two versions of a file in one rendition would break in the middle (HARDENING R6). */
async function refuseChanged(hls: Hls, { id }: MediaFile, { key }: Rendition): Promise<void> {
  if (hls.rendition(await hls.find(id)).key !== key) {
    throw new AppError("the file changed while it was read", 500, EXIT.failed);
  }
}
