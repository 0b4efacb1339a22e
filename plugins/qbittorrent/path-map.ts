/** From a path as qBittorrent sees it to the same place on this machine: `[[qbittorrent.path_map]]`. */
import { join } from "node:path";
import type { QbittorrentConfig } from "./config.ts";

export type PathMap = QbittorrentConfig["path_map"];

interface SplitPath {
  /** Absolute paths begin in one of two ways; a relative one belongs to neither. */
  style: "posix" | "windows" | "relative";
  parts: string[];
}

/** `C:\downloads`, `C:/downloads`, `\\nas\share` and `//nas/share`. */
const WINDOWS = /^(?:[a-z]:(?:[\\/]|$)|[\\/]{2})/i;

function splitPath(path: string): SplitPath {
  const style = WINDOWS.test(path) ? "windows" : path.startsWith("/") ? "posix" : "relative";
  const parts = path.split(style === "windows" ? /[\\/]/ : "/").filter((part) => part !== "" && part !== ".");
  return { style, parts };
}

/**
 * The longest `from` wins; whole folders count, so that `/downloads` says nothing about `/downloads2`. Windows knows no case.
 * What no entry names is taken to be the same on both sides.
 * @returns an absolute path; null when the path cannot be one of this machine (a relative one, or Windows' own)
 */
export function mapPath(path: string, map: PathMap): string | null {
  const { style, parts } = splitPath(path);
  const fold = (part: string) => (style === "windows" ? part.toLowerCase() : part);
  const [best] = map
    .map(({ from, to }) => ({ from: splitPath(from), to }))
    .filter(({ from }) => from.style === style && from.parts.every((part, at) => fold(part) === fold(parts[at] ?? "")))
    .toSorted((a, b) => b.from.parts.length - a.from.parts.length);
  if (best) return join(best.to, ...parts.slice(best.from.parts.length));
  return style === "posix" ? join("/", ...parts) : null;
}

/** A path below a folder, both as qBittorrent sees them; one that is absolute already stays as it is. */
export const below = (folder: string, path: string): string =>
  splitPath(path).style === "relative" ? `${folder}/${path}` : path;
