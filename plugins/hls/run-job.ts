/** What the jobs that make something of a media file have in common. */
import { AppError, EXIT, FatalJobError, type MediaFile, Unprocessable } from "../../src/plugin.ts";
import { diskError, diskFull } from "./disk.ts";
import type { RunResult } from "./run.ts";
import type { Hls } from "./service.ts";
import { ToolMissing } from "./tools.ts";

/** Seconds after which a job looks again at what another process is making. */
export const LOCKED_SECS = 3;

/**
 * Runs a job's work, and says what went wrong in the words of the queue.
 * @throws FatalJobError for what the next attempt would meet as well: a file that is no video, a missing program
 */
export async function attempt<T>({ cache }: Pick<Hls, "cache">, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Unprocessable || error instanceof ToolMissing) {
      throw new FatalJobError(error.message, { cause: error });
    }
    throw diskError(error, cache.root);
  }
}

/** The public line; what ffmpeg said, which names files and folders, goes to the log. */
export function failure({ log }: Pick<Hls, "log">, media: MediaFile, { ended, how, said }: RunResult): AppError {
  log.error(`ffmpeg ${ended}`, { media: media.id, path: media.path, how, said });
  if (saysFull(said)) return diskFull();
  return new AppError(
    ended === "stalled"
      ? "ffmpeg made no progress for a minute and was ended; the log has what it said"
      : `ffmpeg failed (${how}); the log has what it said`,
    500,
    EXIT.failed,
  );
}

/** What ffmpeg says of a full disk, which may have room again by now. */
export const saysFull = (said: readonly string[]): boolean =>
  said.some((line) => line.includes("No space left on device"));
