/** From what the database says to a path that any program can open. */
import { mkdir, rename, symlink } from "node:fs/promises";
import { extname, join } from "node:path";
import type { OsPath } from "./display-path.ts";

/**
 * A path in text. A name that is not UTF-8 cannot be given to programs, nor be written in a playlist: it gets a link in
 * the cache folder, made anew each time, since the one from before may lead to where the file was.
 */
export async function openablePath(real: OsPath, id: string, shownPath: string, cacheDir: string): Promise<string> {
  if (typeof real === "string") return real;
  const folder = join(cacheDir, "names");
  const link = join(folder, `${id}${extname(shownPath)}`);
  const fresh = `${link}.${crypto.randomUUID()}`;
  await mkdir(folder, { recursive: true });
  await symlink(real as unknown as string, fresh);
  // Renamed into place, so that nobody finds it missing.
  await rename(fresh, link);
  return link;
}
