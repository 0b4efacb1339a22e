/** The library folder itself: where it really is, and what to say when it is not there. */
import { stat } from "node:fs/promises";
import { AppError, NoInput, PermissionDenied } from "../errors.ts";
import { realPath } from "./links.ts";

/** The library folder is not there (or is no folder), so that nothing can be said about any file in it. */
export class MissingRoot extends NoInput {}

export interface Root {
  /** Absolute, without links. */
  path: string;
  inode: number;
  device: number;
}

/** @throws MissingRoot, PermissionDenied */
export async function openRoot(folder: string): Promise<Root> {
  try {
    const path = await realPath(folder);
    const stats = await stat(path as string);
    if (!stats.isDirectory()) throw missingRoot();
    if (typeof path !== "string") throw new PermissionDenied("the media folder's real name is not UTF-8: rename it");
    return { path, inode: stats.ino, device: stats.dev };
  } catch (error) {
    throw rootError(error);
  }
}

export const missingRoot = (cause?: unknown) =>
  new MissingRoot("the media folder (media.media_dir) does not exist: mount or create it", { cause });

/** What a failure to read the library folder itself means to the caller. */
export function rootError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isGone(error)) return missingRoot(error);
  const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
  return new PermissionDenied(`the media folder (media.media_dir) cannot be read (${code}): check its permissions`, {
    cause: error,
  });
}

/** Whether a file system error says that the thing is not there any more, in contrast to being out of reach. */
export const isGone = (error: unknown): boolean =>
  ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
