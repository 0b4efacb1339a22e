/**
 * Whether what ffmpeg left is whole. Its exit code does not tell: on a full disk it ends with 0, writes empty segments and
 * says nothing (STREAMING section 4).
 */
import { type FileHandle, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError, EXIT } from "../../src/plugin.ts";
import { RAW_PLAYLIST } from "./ffmpeg.ts";
import type { Plan } from "./plan.ts";
import { INIT, type MediaPlaylist, parsePlaylist, SERVED_NAME, totalSecs } from "./playlist.ts";

/** A rendition that is not whole. Another attempt may help: the file was still growing, the disk has space again. */
export class Incomplete extends AppError {
  constructor(message: string) {
    super(message, 500, EXIT.failed);
  }
}

/** Seconds, and parts of the whole, that may be missing: the last frame's length, a gap at an end. */
const SLACK_SECS = 2;
const SLACK = 0.01;
/** Where only the longest track's length is known, which may be the subtitles'. */
const SLACK_INEXACT = 0.2;

/**
 * @param folder where ffmpeg worked
 * @returns the list of segments
 * @throws Incomplete
 */
export async function checkRendition(folder: string, plan: Plan): Promise<MediaPlaylist> {
  const text = await readFile(join(folder, RAW_PLAYLIST), "utf8").catch(() => "");
  const list = parsePlaylist(text);
  if (!list.ended || list.segments.length === 0) throw new Incomplete("ffmpeg ended before the playlist was complete");
  for (const name of [list.init, ...list.segments.map((segment) => segment.name)]) {
    if (name === undefined || (name !== INIT && !SERVED_NAME.test(name))) {
      throw new Incomplete("ffmpeg named a file in an unexpected way");
    }
    if (!(await isWhole(join(folder, name)))) {
      throw new Incomplete(`${name} of the rendition is missing or cut short`);
    }
  }
  const secs = totalSecs(list);
  if (plan.duration !== null && secs < plan.duration - slack(plan.duration, plan.exact)) {
    const [played, whole] = [Math.floor(secs), Math.round(plan.duration)];
    throw new Incomplete(`only ${played} of ${whole} seconds can be read: the file is damaged or still being written`);
  }
  return list;
}

const slack = (duration: number, exact: boolean): number =>
  Math.max(SLACK_SECS, duration * (exact ? SLACK : SLACK_INEXACT));

/** Whether a file is a row of complete MP4 boxes (ISO/IEC 14496-12, 4.2), read by their headers alone. */
export async function isWhole(path: string): Promise<boolean> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const { size } = await file.stat();
    const header = Buffer.alloc(16);
    let at = 0;
    while (at < size) {
      const { bytesRead } = await file.read(header, 0, 16, at);
      if (bytesRead < 8) return false;
      const short = header.readUInt32BE(0);
      const length = short === 1 ? Number(header.readBigUInt64BE(8)) : short;
      if (length < 8) return false;
      at += length;
    }
    return size > 0 && at === size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  } finally {
    await file?.close();
  }
}
