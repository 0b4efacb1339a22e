/** Where things really are on this machine. */
import { realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** The path without links as far as it exists; the rest as it stands. */
export async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const parent = dirname(path);
    if (parent === path) throw error;
    return join(await realPlace(parent), basename(path));
  }
}

/** Whether `path` is `folder` or lies below it; both real. */
export const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);

/** Whether there is a file that can be looked at. */
export const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
