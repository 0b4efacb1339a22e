/** Which names count: decided on a name alone, so that a folder that is left out is never opened. */

/** Containers that hold video, lower case, without the dot. */
export const MEDIA_EXTENSIONS: ReadonlySet<string> = new Set([
  "mkv",
  "mp4",
  "m4v",
  "webm",
  "avi",
  "mov",
  "ts",
  "m2ts",
  "wmv",
  "flv",
  "rmvb",
  "ogm",
]);

/** Folders that a NAS, a file system or a recycle bin keeps for itself. Lower case: SMB shares change the case. */
const SYSTEM_FOLDERS: ReadonlySet<string> = new Set(["@eadir", "#recycle", "$recycle.bin", "lost+found"]);

/** Endings of what is still being written or was set aside, by qBittorrent, browsers, aria2 and Syncthing. */
const UNFINISHED = [".!qb", ".part", ".parts", ".crdownload", ".aria2", ".tmp", ".~tmp", ".unwanted"];

/** A file of one of these names leaves its folder, and all below it, out. */
export const IGNORE_MARKERS: ReadonlySet<string> = new Set([".ignore", ".nomedia"]);

/** Whether a file or folder of this name is not looked at: hidden (`.Trash-1000`, `.stfolder`), unfinished or the system's. */
export function isLeftOut(name: string): boolean {
  if (name.startsWith(".")) return true;
  const lower = name.toLowerCase();
  return SYSTEM_FOLDERS.has(lower) || UNFINISHED.some((ending) => lower.endsWith(ending));
}

/** Whether a file of this name holds video. Does not ask {@link isLeftOut}. */
export function isMediaName(name: string): boolean {
  const dot = name.lastIndexOf(".");
  return dot > 0 && MEDIA_EXTENSIONS.has(name.slice(dot + 1).toLowerCase());
}
