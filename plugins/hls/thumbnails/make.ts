/** Makes all thumbnails of a file in a folder. */
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { VideoFacts } from "../reader/facts.ts";
import { type Container, Damaged, type SourceTrack } from "../reader/model.ts";
import { type RunOptions, type RunResult, run } from "../run.ts";
import { keyframeStream } from "./feed.ts";
import { fedArgs, fileArgs, type Picture } from "./ffmpeg.ts";
import { jpegHeight } from "./jpeg.ts";
import { LIST, SHEET, sheetName, thumbnailList } from "./list.ts";
import { keyframesOf, ROWS, SLOT_SECS, slotCount, TILES } from "./slots.ts";

/** What our own readers know of the picture. */
export interface Cuttable {
  container: Container;
  track: SourceTrack;
  facts: VideoFacts;
}

export interface Work {
  /** Absolute paths. */
  ffmpeg: string;
  file: string;
  picture: Picture;
  /** Null when the picture cannot be decoded from its keyframes alone, or only ffmpeg can read it; it then reads the whole file. */
  cuttable: Cuttable | null;
  /** Empty at first; in the end it holds what is served, nothing else. */
  folder: string;
  signal: AbortSignal;
  onStart(pid: number): Promise<void>;
  /** Seconds of the file that are done. */
  onProgress(secs: number): void;
}

/** What ffmpeg left is not whole: a full disk, or a file without a picture that can be decoded. */
export class NoThumbnails extends Error {
  override name = "NoThumbnails";
}

/** ffmpeg did not end well. */
export class FfmpegFailed extends Error {
  override name = "FfmpegFailed";
  constructor(readonly result: RunResult) {
    super(`ffmpeg ${result.ended}: ${result.how}`);
  }
}

/**
 * @returns how many
 * @throws FfmpegFailed, NoThumbnails; the signal's reason when it was aborted
 */
export async function makeThumbnails(work: Work): Promise<number> {
  if (work.cuttable) {
    try {
      return await list(work, await fromKeyframes(work, work.cuttable));
    } catch (error) {
      if (![Damaged, FfmpegFailed, NoThumbnails].some((kind) => error instanceof kind)) throw error;
      // From the file itself ffmpeg passes over what is damaged.
      await Promise.all((await sheets(work.folder)).map((sheet) => rm(sheet)));
    }
  }
  return list(work, await fromFile(work));
}

/** Checks what is drawn. @param slots as many as the file should have */
async function list({ folder }: Work, slots: number): Promise<number> {
  const heights = await Promise.all((await sheets(folder)).map(heightOf));
  const [height] = heights;
  if (!height || heights.some((other) => other !== height)) throw new NoThumbnails("no picture, or not all of them");
  const count = Math.min(slots, heights.length * TILES);
  await writeFile(join(folder, LIST), thumbnailList(count, height / ROWS));
  return count;
}

/** @returns the number of slots */
async function fromKeyframes(work: Work, { container, track, facts }: Cuttable): Promise<number> {
  const { keyframes, duration } = container.index;
  const slots = keyframesOf(keyframes.times, duration);
  await runFfmpeg(work, {
    args: fedArgs(),
    input: keyframeStream(container, track, facts, slots),
    onProgress: (slot) => work.onProgress(slot * SLOT_SECS),
  });
  return slots.length;
}

/** @returns the number of slots that could be read */
async function fromFile(work: Work): Promise<number> {
  let read = 0;
  await runFfmpeg(work, {
    args: fileArgs(work.file, work.picture),
    onProgress: (secs) => {
      read = secs;
      work.onProgress(secs);
    },
  });
  return slotCount(read * 1e9);
}

async function runFfmpeg(
  { ffmpeg, folder, signal, onStart }: Work,
  options: Pick<RunOptions, "args" | "input" | "onProgress">,
): Promise<void> {
  const result = await run({ program: ffmpeg, cwd: folder, signal, onStart, ...options });
  if (result.ended !== "done") throw new FfmpegFailed(result);
}

/** Absolute paths, in order. */
async function sheets(folder: string): Promise<string[]> {
  const { length } = (await readdir(folder)).filter((name) => SHEET.test(name));
  return Array.from({ length }, (_, sheet) => join(folder, sheetName(sheet)));
}

const heightOf = async (sheet: string): Promise<number | null> => jpegHeight(await readFile(sheet));
