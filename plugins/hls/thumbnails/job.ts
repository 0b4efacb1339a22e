/** The `thumbnails` job: pictures for the seek bars of players. Nobody waits for it. */
import { Type } from "typebox";
import {
  AppError,
  EXIT,
  FatalJobError,
  type JobContext,
  type JobDefinition,
  JobSnooze,
  type MediaFile,
} from "../../../src/plugin.ts";
import { diskFull, isFull, requireSpace } from "../disk.ts";
import { acquireLock } from "../lock.ts";
import type { MediaIndex } from "../media-index.ts";
import { withContainer } from "../readers.ts";
import { attempt, failure, LOCKED_SECS } from "../run-job.ts";
import type { Hls } from "../service.ts";
import { findTools } from "../tools.ts";
import { videosOf } from "../track.ts";
import { LIST } from "./list.ts";
import { type Cuttable, FfmpegFailed, makeThumbnails, NoThumbnails } from "./make.ts";

declare global {
  interface AnicargoJobs {
    thumbnails: { media_id: string };
  }
}

type ThumbnailsContext = JobContext<"thumbnails">;

/** What it needs of the service. */
type Host = Pick<Hls, "cache" | "config" | "find" | "index" | "log" | "thumbnailsOf">;

export const thumbnailsJob = (hls: Host): JobDefinition<"thumbnails"> => ({
  kind: "thumbnails",
  payload: Type.Object({ media_id: Type.String({ pattern: "^[0-9a-f]{16}$" }) }),
  // It takes its time, and the machine is there for those who watch.
  concurrency: 1,
  run: (job) => attempt(hls, async () => ({ result: { media_id: job.payload.media_id, made: await make(hls, job) } })),
});

/** @returns how many were made now */
async function make(hls: Host, job: ThumbnailsContext): Promise<number> {
  const media = await hls.find(job.payload.media_id);
  const { key, folder } = hls.thumbnailsOf(media);
  const ready = () => hls.cache.has(media.id, key, LIST);
  if (await ready()) return 0;
  const { ffmpeg } = findTools(hls.config.ffmpeg_path);
  const index = await hls.index(media);
  const [picture] = videosOf(index.tracks);
  if (!picture) throw new FatalJobError("there is no video in this file");

  const lock = await acquireLock(hls.cache.lock(media.id, key), hls.config.lock_timeout_secs);
  if (!lock) throw new JobSnooze(LOCKED_SECS, "another process is making these thumbnails");
  try {
    // Published between the look and the lock.
    if (await ready()) return 0;
    await requireSpace(lock.output, 0);
    const count = await withPicture(media, index, picture.index, (cuttable) =>
      makeThumbnails({
        ffmpeg,
        file: media.file,
        picture,
        cuttable,
        folder: lock.output,
        signal: job.signal,
        onStart: lock.started,
        onProgress: progressOf(job, index),
      }),
    ).catch(async (error) => {
      throw await explained(hls, media, lock.output, error);
    });
    if (hls.thumbnailsOf(await hls.find(media.id)).key !== key) {
      throw new AppError("the file changed while it was read", 500, EXIT.failed);
    }
    await job.fence();
    await lock.publish(folder);
    return count;
  } finally {
    await lock.release();
  }
}

/** Calls `use` with the opened container, or with null where the picture cannot be decoded from its keyframes alone. */
function withPicture<T>(
  { file }: MediaFile,
  { cut }: MediaIndex,
  index: number,
  use: (cuttable: Cuttable | null) => Promise<T>,
): Promise<T> {
  const track = cut?.container.tracks.find((candidate) => candidate.index === index);
  const facts = cut?.facts[index];
  if (!cut?.randomAccess || track?.number !== cut.container.video || facts?.type !== "video") return use(null);
  return withContainer(file, cut.container, (container) => use({ container, track, facts }));
}

function progressOf(job: ThumbnailsContext, { duration }: MediaIndex): (secs: number) => void {
  const total = duration === null ? undefined : Math.max(1, Math.round(duration));
  return (secs) => job.progress({ done: Math.min(Math.floor(secs), total ?? secs), total, note: "drawing thumbnails" });
}

async function explained(hls: Host, media: MediaFile, folder: string, error: unknown): Promise<unknown> {
  if (error instanceof FfmpegFailed) return failure(hls, media, error.result);
  if (!(error instanceof NoThumbnails)) return error;
  // On a full disk ffmpeg ends with 0 and says nothing (STREAMING section 4).
  return (await isFull(folder)) ? diskFull(error) : new FatalJobError("no picture of this file can be decoded");
}
