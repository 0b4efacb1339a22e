/** The disk that holds the cache: full, or not ours to write. */
import { statfs } from "node:fs/promises";
import { AppError, CannotCreate, EXIT } from "../../src/plugin.ts";

/** Bytes that stay free for everything else on the disk (HARDENING R23). */
const FLOOR = 64 * 2 ** 20;
const MIB = 2 ** 20;

export const diskFull = (cause?: unknown): AppError =>
  new AppError("the disk of the cache folder (media.cache_dir) is full", 500, EXIT.cannotCreate, { cause });

/** Whether so little is left that whatever was just written there may be cut short. */
export const isFull = async (folder: string): Promise<boolean> => (await freeBytes(folder)) < MIB;

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Of the disk, at most: what the cache leaves to others when it may grow as it likes, such as the database beside it. */
const RESERVE = 2 ** 30;
const RESERVE_PART = 0.05;

/** Bytes that the cache may still take of the disk; negative when it has taken too much. */
export async function spareBytes(folder: string): Promise<number> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return bavail * bsize - Math.min(RESERVE, blocks * bsize * RESERVE_PART);
}

/** @param bytes what is about to be written, as far as that is known */
export async function requireSpace(folder: string, bytes: number): Promise<void> {
  const missing = bytes + FLOOR - (await freeBytes(folder));
  if (missing <= 0) return;
  const size = `${Math.ceil(missing / MIB)} MiB`;
  throw new AppError(`the disk of the cache folder (media.cache_dir) needs ${size} more`, 500, EXIT.cannotCreate);
}

/** Says what the operating system meant with an error about something in the cache folder; every other one passes. */
export function diskError(error: unknown, cacheDir: string): unknown {
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException;
  if (!path?.startsWith(cacheDir)) return error;
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return diskFull(error);
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENOTDIR":
      return new CannotCreate("the cache folder (media.cache_dir) cannot be written", { cause: error });
    default:
      return error;
  }
}
