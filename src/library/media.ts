/** The library as other features see it: an id in, a file to open out. */
import { lstat } from "node:fs/promises";
import type { Sql } from "postgres";
import type { CoreConfig } from "../config/schema.ts";
import type { Media, MediaFile } from "../core.ts";
import { Gone } from "../errors.ts";
import { joinPath, type OsPath } from "./display-path.ts";
import { isInside, realPath } from "./links.ts";
import { MEDIA_ID } from "./media-id.ts";
import { openablePath } from "./open-path.ts";
import { isGone } from "./root.ts";
import { findFile } from "./store.ts";

export function createMedia(sql: Sql, { media_dir, cache_dir }: CoreConfig["media"]): Media {
  return {
    async find(id) {
      if (!MEDIA_ID.test(id)) return null;
      const known = await findFile(sql, id);
      if (!known) return null;
      if (media_dir === undefined) throw new Gone("no library folder is set: set media.media_dir");
      return await openFile(media_dir, joinPath(media_dir, known.path_bytes ?? known.path), id, known.path, cache_dir);
    },
  };
}

/** What is really there now. Links are resolved anew: one that was swapped since the index leads nowhere. */
async function openFile(root: string, file: OsPath, id: string, path: string, cacheDir: string): Promise<MediaFile> {
  try {
    const real = await realPath(file);
    if (!isInside(real, (await realPath(root)) as string)) throw new Gone(OUTSIDE);
    const stats = await lstat(real as string);
    if (!stats.isFile()) throw new Gone(MISSING);
    return {
      id,
      path,
      file: await openablePath(real, id, path, cacheDir),
      size: stats.size,
      version: [stats.ino, stats.size, Math.round(stats.mtimeMs * 1000)].map((part) => part.toString(36)).join("-"),
    };
  } catch (error) {
    if (isGone(error)) throw new Gone(MISSING, { cause: error });
    throw error;
  }
}

const MISSING = "the file is not in the media folder any more: check that its disk is mounted, or index again";
const OUTSIDE = "the file is a link that leads out of the media folder: index again";
