/** Folders of ours that may lie inside the library without being part of it. */
import { realpath } from "node:fs/promises";
import type { CoreConfig } from "../config/schema.ts";

/** Absolute real paths of those that exist: made streams end in `.ts` too. */
export async function excludedFolders({ media, db }: Pick<CoreConfig, "media" | "db">): Promise<string[]> {
  const folders = [media.cache_dir, db.data_dir];
  return (await Promise.all(folders.map((folder) => realpath(folder).catch(() => [])))).flat();
}
