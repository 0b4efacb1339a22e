/** A media file as a walk saw it. */
import type { Stats } from "node:fs";
import type { Place } from "./folder.ts";

export interface SeenFile {
  /** Relative to the library, as shown; unique within a walk. */
  path: string;
  /** The relative path in bytes, only where it is not UTF-8. */
  bytes?: Buffer;
  /** Bytes. */
  size: number;
  /** Modification time in microseconds since 1970. */
  mtime: number;
  /** 0 where the file system has none that a number holds exactly. */
  inode: number;
}

/** The last second of the year 9999: dates, JSON and PostgreSQL all hold it. A damaged file system tells any time. */
const LAST_MICROSECOND = 253_402_300_799_000_000;

export const toMicroseconds = (milliseconds: number): number =>
  Math.min(Math.max(Math.round(milliseconds * 1000), 0), LAST_MICROSECOND);

export function seenFile({ path, relative }: Place, stats: Stats): SeenFile {
  const file: SeenFile = {
    path,
    size: stats.size,
    mtime: toMicroseconds(stats.mtimeMs),
    inode: Number.isSafeInteger(stats.ino) ? stats.ino : 0,
  };
  if (typeof relative !== "string") file.bytes = relative;
  return file;
}
