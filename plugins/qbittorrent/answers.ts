/** qBittorrent's answers as it sends them, and as we know them. Described is only what we read: unknown fields pass. */
import { type Static, type TSchema, Type } from "typebox";
import { Compile } from "typebox/compile";
import type { Torrent, TorrentFile } from "./model.ts";
import { misshapen, webPage } from "./trouble.ts";

const Hash = Type.String({ pattern: "^[0-9a-fA-F]{40}$" });
/** 5.x counts unknown sizes as -1. */
const Bytes = Type.Number();

const TorrentAnswer = Type.Object({
  hash: Hash,
  /** Empty, or absent, where the torrent has none. */
  infohash_v1: Type.Optional(Type.String()),
  infohash_v2: Type.Optional(Type.String()),
  name: Type.String(),
  category: Type.String(),
  state: Type.String(),
  progress: Type.Number(),
  amount_left: Bytes,
  content_path: Type.String(),
  save_path: Type.String(),
  completion_on: Type.Number(),
});

const FileAnswer = Type.Object({
  name: Type.String(),
  size: Bytes,
  progress: Type.Number(),
  priority: Type.Number(),
});

/** What `torrents/add` says since 5.2. */
const AddedAnswer = Type.Object({ success_count: Type.Integer() });

/** A torrent, and every hash that it goes by. */
export interface ToldTorrent extends Torrent {
  aliases: string[];
}

/** @throws Unavailable */
export const readTorrents = reader(Type.Array(TorrentAnswer), (rows) =>
  rows.map(
    (told): ToldTorrent => ({
      hash: told.hash.toLowerCase(),
      name: told.name,
      category: told.category,
      state: told.state,
      progress: told.progress,
      amountLeft: told.amount_left,
      contentPath: told.content_path,
      savePath: told.save_path,
      completedAt: told.completion_on,
      aliases: [told.infohash_v1, told.infohash_v2?.slice(0, 40)].flatMap((hash) => (hash ? [hash.toLowerCase()] : [])),
    }),
  ),
);

/** @throws Unavailable */
export const readFiles = reader(Type.Array(FileAnswer), (rows) =>
  rows.map(({ priority, name, size, progress }): TorrentFile => ({ name, size, progress, wanted: priority > 0 })),
);

/** Whether one was added. @throws Unavailable */
export const readAdded = reader(AddedAnswer, ({ success_count }) => success_count > 0);

/** `v5.1.0`, `2.11.4`. @throws Unavailable */
export function readVersion(body: string): string {
  const version = body.trim();
  if (/^v?\d+(\.\d+)+\S{0,20}$/.test(version)) return version;
  throw version.startsWith("<") ? webPage(200) : misshapen("that is no version");
}

function reader<S extends TSchema, T>(schema: S, convert: (told: Static<S>) => T): (body: string) => T {
  const compiled = Compile(schema);
  return (body) => {
    if (body.trimStart().startsWith("<")) throw webPage(200);
    let value: unknown;
    try {
      value = JSON.parse(body);
    } catch {
      throw misshapen("that is no JSON");
    }
    if (compiled.Check(value)) return convert(value as Static<S>);
    const [error] = compiled.Errors(value);
    throw misshapen(`${error?.instancePath || "/"} ${error?.message ?? "is not valid"}`);
  };
}
