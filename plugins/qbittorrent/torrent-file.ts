/** Reads .torrent files as far as we need them: which torrent it is. */
import { createHash } from "node:crypto";
import { Unprocessable } from "../../src/plugin.ts";
import { Broken, entriesOf, textOf } from "./bencode.ts";

/**
 * @returns the hash by which qBittorrent knows the torrent (the beginning of the v2 hash where it has one, else the v1
 * hash), and the torrent's own name
 * @throws Unprocessable when it is no .torrent file
 */
export function readTorrentFile(bytes: Uint8Array): { hash: string; name: string } {
  try {
    const info = required(entriesOf(bytes), "info");
    const facts = entriesOf(info);
    const version = facts.get("meta version");
    const isV2 = version !== undefined && Buffer.from(version).toString() === "i2e";
    // Of the bytes as they stand: what we wrote anew could differ.
    const hash = createHash(isV2 ? "sha256" : "sha1")
      .update(info)
      .digest("hex")
      .slice(0, 40);
    return { hash, name: textOf(facts.get("name.utf-8") ?? required(facts, "name")) };
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    throw new Unprocessable("that is not a .torrent file: download it again, or give its magnet link", {
      cause: error,
    });
  }
}

function required(entries: ReadonlyMap<string, Uint8Array>, key: string): Uint8Array {
  const value = entries.get(key);
  if (!value) throw new Broken(`no ${key}`);
  return value;
}
