/** What qBittorrent says, in our words: the same for 4.5, 5.1, 5.2 and 5.3. */

/** A torrent, as `torrents/info` lists it. */
export interface Torrent {
  /**
   * 40 lower-case hex digits, qBittorrent's own key: the beginning of the v2 hash, else the v1 hash. That of a torrent of both
   * versions, added by its v1 hash, changes as soon as its metadata is there.
   */
  hash: string;
  name: string;
  category: string;
  /** qBittorrent's word: `stalledUP`, `pausedUP`, `stoppedUP`, `moving`, … */
  state: string;
  /** 0 to 1. */
  progress: number;
  /** Bytes still wanted. */
  amountLeft: number;
  /** As qBittorrent sees it; may be relative or the target of a move. */
  contentPath: string;
  savePath: string;
  /** Seconds since 1970; 0 or below: not completed. */
  completedAt: number;
}

/** A file of a torrent. */
export interface TorrentFile {
  /** Relative to the torrent's save path. */
  name: string;
  /** Bytes. */
  size: number;
  /** 0 to 1. */
  progress: number;
  /** Not deselected (priority above 0). */
  wanted: boolean;
}

/** What can be asked of a qBittorrent. Everything throws `Unavailable` when it is out of reach or has banned us, `LoginRefused` when it does not let us in. */
export interface Qbittorrent {
  /** For doctor and health: `{ version: "v5.1.0", api: "2.11.4" }`. */
  version(): Promise<{ version: string; api: string }>;
  /** All of them, or those of one category; `completed` asks with the server's filter (which lets some through that are not). */
  torrents(filter?: { category?: string; completed?: boolean; hashes?: readonly string[] }): Promise<Torrent[]>;
  /** Null when the torrent is gone. */
  files(hash: string): Promise<TorrentFile[] | null>;
  /** Success also when it was there already. */
  add(
    torrent: { magnet: string } | { file: Uint8Array; name: string },
    options: { hash: string; savePath?: string; category: string },
  ): Promise<"added" | "already there">;
}
