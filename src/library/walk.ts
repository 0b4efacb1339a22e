/** The walk: every media file below the library folder, as the file system tells it now. Writes nothing, opens no file. */
import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { joinPath, pathKey } from "./display-path.ts";
import { type FolderContent, type Place, readFolder } from "./folder.ts";
import { linkTarget } from "./links.ts";
import { isMediaName } from "./names.ts";
import { isGone, missingRoot, openRoot, rootError } from "./root.ts";
import { type SeenFile, seenFile } from "./seen-file.ts";

export interface Walked {
  /** Ordered by path, each path once. */
  files: SeenFile[];
  /** What could not be read: nothing is known of these paths and all below them. */
  unreadable: string[];
  /** Links that lead out of the library and were not followed. */
  outside: number;
  /** Whether the library folder holds nothing that counts, as the folder under a missing mount does. */
  empty: boolean;
}

export interface WalkOptions {
  /** Absolute real paths of folders that are left out wherever they lie (a cache folder inside the library). */
  exclude?: readonly string[];
  signal?: AbortSignal;
  /** Called after each folder with the number of media files so far. */
  onProgress?(files: number): void;
}

/** They bound what waits in memory and in the thread pool, however wide the tree is. */
const FOLDERS_AT_ONCE = 16;
const FILES_AT_ONCE = 64;

/**
 * Walks the library. A file counts once, also when hard or symbolic links give it several names; symbolic links are
 * followed only to targets inside the library, and after everything else, so that a real place wins over a link.
 *
 * @throws MissingRoot; PermissionDenied when the library folder itself cannot be read; what `signal` was aborted with
 */
export async function walk(root: string, options: WalkOptions = {}): Promise<Walked> {
  const { signal } = options;
  signal?.throwIfAborted();
  // A file system that hangs (NFS) answers no call: the caller is let go all the same.
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([walkAll(root, options), aborted.promise]);
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

async function walkAll(root: string, { exclude = [], signal, onProgress }: WalkOptions): Promise<Walked> {
  const start = await openRoot(root);
  const files = collectFiles();
  const unreadable = new Set<string>();
  const links: Place[] = [];
  const visited = new Set(exclude.filter((folder) => folder !== start.path));
  /** Where the files really are; only known once links are followed, since only those find a file twice. */
  let places: Set<string> | undefined;
  let outside = 0;
  let empty = false;

  const look = async (place: Place): Promise<void> => {
    const key = places && pathKey(place.real);
    if (key !== undefined && places?.has(key)) return;
    const stats = await lstat(place.real as string);
    if (!stats.isFile()) return;
    files.add(place, stats);
    if (key !== undefined) places?.add(key);
  };

  const visit = async (folder: Place): Promise<Place[]> => {
    signal?.throwIfAborted();
    const key = pathKey(folder.real);
    if (visited.has(key)) return [];
    visited.add(key);
    const isRoot = folder.path === "";
    let content: FolderContent;
    try {
      content = await readFolder(folder);
    } catch (error) {
      if (isRoot) throw rootError(error);
      if (!isGone(error)) unreadable.add(folder.path);
      return [];
    }
    if (isRoot) empty = content.empty;
    for (const link of content.links) links.push(link);
    for (let from = 0; from < content.media.length; from += FILES_AT_ONCE) {
      signal?.throwIfAborted();
      await Promise.all(
        content.media.slice(from, from + FILES_AT_ONCE).map((place) =>
          look(place).catch((error) => {
            if (!isGone(error)) unreadable.add(folder.path);
          }),
        ),
      );
    }
    onProgress?.(files.count());
    return content.folders;
  };

  await eachFolder({ path: "", relative: "", real: start.path }, visit);
  if (links.length > 0) {
    places = new Set(files.list().map((file) => pathKey(joinPath(start.path, file.bytes ?? file.path))));
  }
  // In order, so that of several links to one hidden file the same one gives the path each time. More come as we go.
  links.sort(byPath);
  for (let next = 0; next < links.length; next++) {
    const link = links[next]!;
    signal?.throwIfAborted();
    const target = await linkTarget(link.real, start.path);
    if (target === "outside") outside++;
    else if (target === "unreadable") unreadable.add(link.path);
    else if (target === "gone") continue;
    else if (target.stats.isDirectory()) await eachFolder({ ...link, real: target.path }, visit);
    else if (target.stats.isFile() && isMediaName(link.path) && !places?.has(pathKey(target.path))) {
      places?.add(pathKey(target.path));
      files.addLink(link, target.stats);
    }
  }

  // Unmounted while we looked: what seemed to be gone was only out of reach.
  const end = await openRoot(root);
  if (end.inode !== start.inode || end.device !== start.device) throw missingRoot();
  return { files: files.list().sort(byPath), unreadable: [...unreadable].sort(), outside, empty };
}

const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);

/** Gathers files, one for all names of a file: the first name in order, whatever order the folders were read in. */
function collectFiles() {
  const files: SeenFile[] = [];
  const withTwins = new Map<string, SeenFile>();
  const twinKey = (stats: Stats) =>
    stats.nlink > 1 && Number.isSafeInteger(stats.ino) ? `${stats.dev}:${stats.ino}` : undefined;
  const add = (place: Place, stats: Stats, mayReplace: boolean) => {
    const key = twinKey(stats);
    const twin = key === undefined ? undefined : withTwins.get(key);
    const file = seenFile(place, stats);
    if (!twin) {
      files.push(file);
      if (key !== undefined) withTwins.set(key, file);
    } else if (mayReplace && file.path < twin.path) Object.assign(twin, { bytes: undefined }, file);
  };
  return {
    add: (place: Place, stats: Stats) => add(place, stats, true),
    addLink: (place: Place, stats: Stats) => add(place, stats, false),
    count: () => files.length,
    list: () => files,
  };
}

/** Runs `visit` on the folder and on every folder that it returns, some at a time. */
function eachFolder(first: Place, visit: (folder: Place) => Promise<Place[]>): Promise<void> {
  const waiting = [first];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let active = 0;
  const pump = () => {
    while (active < FOLDERS_AT_ONCE && waiting.length > 0) {
      active++;
      visit(waiting.pop()!).then((found) => {
        for (const folder of found) waiting.push(folder);
        active--;
        pump();
      }, reject);
    }
    if (active === 0 && waiting.length === 0) resolve();
  };
  pump();
  return promise;
}
