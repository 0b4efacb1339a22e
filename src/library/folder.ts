/** One folder: its entries, sorted into what a walk does with them. Names are text where they can be, bytes where they must. */
import type { Dirent, Stats } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { decodePath, displayName, joinPath, type OsPath } from "./display-path.ts";
import { IGNORE_MARKERS, isLeftOut, isMediaName } from "./names.ts";

/** Where something lies. */
export interface Place {
  /** As shown, relative to the library; empty for the library itself. */
  path: string;
  /** Relative, in bytes when some part of it is not UTF-8. */
  relative: OsPath;
  /** Absolute, as the file system takes it. */
  real: OsPath;
}

export interface FolderContent {
  folders: Place[];
  /** Regular files with a media name, as the listing says: whoever opens one asks lstat again. */
  media: Place[];
  links: Place[];
  /** Whether nothing in it counts. */
  empty: boolean;
}

type Kind = "folder" | "file" | "link" | "other";

interface Entry {
  name: OsPath;
  kind: Kind;
}

/** What counts in a folder. Throws what the file system says. */
export async function readFolder(folder: Place): Promise<FolderContent> {
  const content: FolderContent = { folders: [], media: [], links: [], empty: true };
  const entries = await list(folder.real);
  if (entries.some(({ name }) => IGNORE_MARKERS.has(name as string))) return content;
  const shownAs = escapedNames(entries);
  for (const { name, kind } of entries) {
    const shown = typeof name === "string" ? name : shownAs.get(name)!;
    if (isLeftOut(shown)) continue;
    content.empty = false;
    if (kind === "other" || (kind === "file" && !isMediaName(shown))) continue;
    const place: Place = {
      path: joinPath(folder.path, shown) as string,
      relative: joinPath(folder.relative, name),
      real: joinPath(folder.real, name),
    };
    if (kind === "folder") content.folders.push(place);
    else if (kind === "link") content.links.push(place);
    else content.media.push(place);
  }
  return content;
}

async function list(folder: OsPath): Promise<Entry[]> {
  const dirents = await readdir(folder as string, { withFileTypes: true });
  // A replacement character means that a name was not UTF-8 (or holds that very character): its bytes are needed then.
  if (dirents.some(({ name }) => name.includes("\ufffd"))) {
    const names = (await readdir(folder as string, { encoding: "buffer" })) as Buffer[];
    return await Promise.all(names.map((name) => lookAt(folder, decodePath(name))));
  }
  const entries: (Entry | Promise<Entry>)[] = dirents.map((dirent) => {
    const kind = kindOf(dirent);
    return kind ? { name: dirent.name, kind } : lookAt(folder, dirent.name);
  });
  return await Promise.all(entries);
}

async function lookAt(folder: OsPath, name: OsPath): Promise<Entry> {
  try {
    return { name, kind: kindOf(await lstat(joinPath(folder, name) as string)) ?? "other" };
  } catch {
    // Gone, or out of reach: whoever looks closer at a file finds out which.
    return { name, kind: "file" };
  }
}

/** Undefined where the file system does not tell the kind in a listing; lstat knows then. */
function kindOf(entry: Dirent | Stats): Kind | undefined {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "folder";
  if (entry.isSymbolicLink()) return "link";
  if (entry.isFIFO() || entry.isSocket() || entry.isBlockDevice() || entry.isCharacterDevice()) return "other";
  return undefined;
}

/** What names in bytes are shown as; none takes the name of a neighbour. */
function escapedNames(entries: readonly Entry[]): Map<OsPath, string> {
  const escaped = new Map<OsPath, string>();
  if (entries.every(({ name }) => typeof name === "string")) return escaped;
  const taken = new Set(entries.map(({ name }) => name).filter((name) => typeof name === "string"));
  for (const { name } of entries) {
    if (typeof name === "string") continue;
    let shown = displayName(name);
    while (taken.has(shown)) shown = `_${shown}`;
    taken.add(shown);
    escaped.set(name, shown);
  }
  return escaped;
}
