/** Makes .torrent files, by the book and independent of what reads them. */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export type Bencodable = string | Uint8Array | number | Bencodable[] | { [key: string]: Bencodable };

export interface TestTorrent {
  /** The .torrent file. */
  bytes: Uint8Array;
  /** As qBittorrent names it: the beginning of the v2 hash where there is one, else the v1 hash. */
  hash: string;
  /** SHA-1 of its info; qBittorrent's `infohash_v1`, except for a torrent of version 2 alone. */
  v1: string;
  /** SHA-256 of its info. */
  v2: string;
  name: string;
  /** Lays its data into a folder, as if it had been downloaded there. */
  write(folder: string): void;
}

export interface TorrentOptions {
  /** The version of the format; 2 and both of them for a single file of up to 16 KiB only. */
  kind?: "v1" | "v2" | "hybrid";
  private?: boolean;
  /** More keys for its info, so that two torrents of the same data differ. */
  info?: Record<string, Bencodable>;
  /** More keys beside its info. */
  outside?: Record<string, Bencodable>;
}

const PIECE = 65_536;

/** @param data the content of its one file, or of each file below its folder */
export function makeTorrent(
  name: string,
  data: string | Uint8Array | Record<string, string | Uint8Array>,
  { kind = "v1", info: extra = {}, outside = {}, ...options }: TorrentOptions = {},
): TestTorrent {
  const single = typeof data === "string" || data instanceof Uint8Array;
  const files = single
    ? [{ path: name, content: Buffer.from(data) }]
    : Object.entries(data).map(([path, content]) => ({ path: `${name}/${path}`, content: Buffer.from(content) }));
  const whole = Buffer.concat(files.map(({ content }) => content));
  const info: Record<string, Bencodable> = {
    name,
    "piece length": PIECE,
    ...(kind !== "v2" && { pieces: pieces(whole) }),
    ...(kind !== "v2" && single && { length: whole.length }),
    ...(kind !== "v1" && { "meta version": 2, "file tree": oneFileTree(name, whole) }),
    ...(!single && {
      files: files.map(({ path, content }) => ({ length: content.length, path: path.split("/").slice(1) })),
    }),
    ...(options.private && { private: 1 }),
    ...extra,
  };
  const encoded = bencode(info);
  const v1 = createHash("sha1").update(encoded).digest("hex");
  const v2 = createHash("sha256").update(encoded).digest("hex");
  return {
    bytes: bencode({ info, ...outside }),
    hash: kind === "v1" ? v1 : v2.slice(0, 40),
    v1,
    v2,
    name,
    write(folder) {
      for (const { path, content } of files) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
      }
    },
  };
}

export function bencode(value: Bencodable): Uint8Array {
  if (typeof value === "number") return Buffer.from(`i${value}e`);
  if (typeof value === "string") return bencode(Buffer.from(value));
  if (value instanceof Uint8Array) return Buffer.concat([Buffer.from(`${value.length}:`), value]);
  if (Array.isArray(value)) return Buffer.concat([Buffer.from("l"), ...value.map(bencode), Buffer.from("e")]);
  const entries = Object.entries(value).toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return Buffer.concat([Buffer.from("d"), ...entries.flat().map(bencode), Buffer.from("e")]);
}

const pieces = (data: Buffer): Uint8Array =>
  Buffer.concat(
    Array.from({ length: Math.ceil(data.length / PIECE) }, (_, index) =>
      createHash("sha1")
        .update(data.subarray(index * PIECE, (index + 1) * PIECE))
        .digest(),
    ),
  );

/** One block of 16 KiB is its own hash tree. */
const oneFileTree = (name: string, data: Buffer): Bencodable => ({
  [name]: { "": { length: data.length, "pieces root": createHash("sha256").update(data).digest() } },
});
