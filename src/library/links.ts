/** Symbolic links: where they really lead, and whether that is inside. */
import type { Stats } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { decodePath, type OsPath } from "./display-path.ts";

/** The path without any link in it. Throws what the file system says. */
export const realPath = async (path: OsPath): Promise<OsPath> =>
  decodePath((await realpath(path as string, { encoding: "buffer" })) as Buffer);

/** Whether `path` is `root` or lies below it; both real. `/media2` does not lie below `/media`. */
export function isInside(path: OsPath, root: string): boolean {
  const text = typeof path === "string" ? path : path.toString("latin1");
  const base = typeof path === "string" ? root : Buffer.from(root).toString("latin1");
  return text === base || text.startsWith(base.endsWith("/") ? base : `${base}/`);
}

/** Where a link leads: out of the library, nowhere (dangling, a loop), or to a thing of which we know what it is. */
export async function linkTarget(
  link: OsPath,
  root: string,
): Promise<{ path: OsPath; stats: Stats } | "outside" | "gone" | "unreadable"> {
  try {
    const path = await realPath(link);
    if (!isInside(path, root)) return "outside";
    return { path, stats: await stat(path as string) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    return ["ENOENT", "ENOTDIR", "ELOOP"].includes(code) ? "gone" : "unreadable";
  }
}
