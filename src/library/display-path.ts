/** Names on disk are bytes; people, JSON and PostgreSQL want text. */

/** A name or path as the file system calls take it: bytes only where the name is not UTF-8. */
export type OsPath = string | Buffer;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @returns text where the bytes are UTF-8, else the bytes themselves */
export function decodePath(bytes: Buffer): OsPath {
  try {
    return utf8.decode(bytes);
  } catch {
    return bytes;
  }
}

/** A name as it is shown: bytes that are not ASCII are written `\xe9`, because nobody knows their encoding. */
export function displayName(name: OsPath): string {
  if (typeof name === "string") return name;
  return name
    .toString("latin1")
    .replace(/[^\x20-\x7e]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** Joins with a slash; an empty folder is the root of a relative path. */
export function joinPath(folder: OsPath, name: OsPath): OsPath {
  if (folder.length === 0) return name;
  if (typeof folder === "string" && typeof name === "string") return `${folder}/${name}`;
  return Buffer.concat([Buffer.from(folder as string), Buffer.from("/"), Buffer.from(name as string)]);
}

/** A key for sets and maps: a name that is not UTF-8 never equals one that is. */
export const pathKey = (path: OsPath): string => (typeof path === "string" ? path : `\0${path.toString("latin1")}`);
