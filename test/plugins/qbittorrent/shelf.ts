/** A qBittorrent in memory, for states that the real one passes through too fast or not at all. */
import type { Qbittorrent, Torrent, TorrentFile } from "../../../plugins/qbittorrent/model.ts";

export interface Shelf extends Qbittorrent {
  /** What it was asked, in order: `torrents`, `files HASH`, … */
  calls: string[];
  /** While set, everything throws it. */
  down: Error | null;
  /** Puts a complete torrent there, or another in its place. @param files all of them wanted and whole unless they say otherwise */
  put(torrent: Partial<Torrent> & Pick<Torrent, "name">, files?: (string | Partial<TorrentFile>)[]): Torrent;
  remove(hash: string): void;
}

/** A hash for a name. */
export const hashOf = (name: string): string => new Bun.CryptoHasher("sha1").update(name).digest("hex");

/** @param savePath where torrents lie that do not say */
export function openShelf(savePath: string): Shelf {
  const torrents = new Map<string, Torrent>();
  const filesOf = new Map<string, TorrentFile[]>();
  const asked = (what: string) => {
    shelf.calls.push(what);
    if (shelf.down) throw shelf.down;
  };
  const shelf: Shelf = {
    calls: [],
    down: null,
    put(one, files = [`${one.name}/1.mkv`]) {
      const hash = one.hash ?? hashOf(one.name);
      const torrent: Torrent = {
        ...{ hash, category: "", state: "stalledUP", progress: 1, amountLeft: 0, savePath, completedAt: 1_795_329_753 },
        ...{ contentPath: `${one.savePath ?? savePath}/${one.name}`, ...one },
      };
      torrents.set(hash, torrent);
      filesOf.set(
        hash,
        files.map((file) => ({
          ...{ name: "", size: 1, progress: 1, wanted: true },
          ...(typeof file === "string" ? { name: file } : file),
        })),
      );
      return torrent;
    },
    remove(hash) {
      torrents.delete(hash);
      filesOf.delete(hash);
    },
    async version() {
      asked("version");
      return { version: "v5.1.0", api: "2.11.4" };
    },
    async torrents({ category } = {}) {
      asked(category === undefined ? "torrents" : `torrents of ${category}`);
      return [...torrents.values()].filter((torrent) => category === undefined || torrent.category === category);
    },
    async files(hash) {
      asked(`files ${torrents.get(hash)?.name ?? "of none"}`);
      return filesOf.get(hash) ?? null;
    },
    async add(torrent, { hash, category, savePath: path }) {
      asked(`add ${"magnet" in torrent ? torrent.magnet : torrent.name} to ${category}${path ? ` in ${path}` : ""}`);
      if (torrents.has(hash)) return "already there";
      shelf.put({ hash, name: hash, state: "metaDL", progress: 0, category });
      return "added";
    },
  };
  return shelf;
}
