/** Looking: what each torrent is to the library. Writes nothing. */
import { realpath } from "node:fs/promises";
import { EXIT, Unavailable } from "../../src/plugin.ts";
import { completionOf } from "./completion.ts";
import type { QbittorrentConfig } from "./config.ts";
import type { Qbittorrent, Torrent, TorrentFile } from "./model.ts";
import { below, mapPath } from "./path-map.ts";
import { isFile, isWithin, realPlace } from "./places.ts";
import type { Taken } from "./store.ts";

/** What we add is marked by it, and is looked at whatever `qbittorrent.category` says. */
export const OUR_CATEGORY = "anicargo";

export type Finding =
  | { is: "unfinished" }
  /** Complete, but not to be touched now; `passes`: it ends by itself, and soon. */
  | { is: "waiting"; why: string; passes: boolean }
  | { is: "known" }
  | { is: "new"; files: number; missing: number }
  /** Not in the library; `misplaced`: although we added it. `here` is null when it cannot be a path of this machine. */
  | { is: "outside" | "misplaced"; path: string; here: string | null };

export interface Surveyed {
  torrent: Torrent;
  finding: Finding;
}

export interface SurveyOptions {
  qbittorrent: Pick<Qbittorrent, "torrents" | "files">;
  config: Pick<QbittorrentConfig, "category" | "path_map">;
  /** The library folder. */
  mediaDir: string;
  /** What is known of these torrents. */
  findTaken(hashes: readonly string[]): Promise<Taken[]>;
  signal?: AbortSignal;
}

/** One request for all torrents, and one for each that is complete, new and in the library. Throws what these throw. */
export async function survey(options: SurveyOptions): Promise<Surveyed[]> {
  const torrents = await listTorrents(options);
  const taken = new Map((await options.findTaken(torrents.map(({ hash }) => hash))).map((one) => [one.hash, one]));
  const root = await openLibrary(options.mediaDir);
  const surveyed: Surveyed[] = [];
  for (const torrent of torrents) {
    options.signal?.throwIfAborted();
    const finding = await look(torrent, taken.get(torrent.hash), root, options);
    if (finding) surveyed.push({ torrent, finding });
  }
  return surveyed;
}

async function listTorrents({ qbittorrent, config: { category } }: SurveyOptions): Promise<Torrent[]> {
  if (category === "" || category === OUR_CATEGORY) return qbittorrent.torrents(category === "" ? {} : { category });
  // One after the other: of two first requests each would log in.
  const chosen = await qbittorrent.torrents({ category });
  return [...chosen, ...(await qbittorrent.torrents({ category: OUR_CATEGORY }))];
}

async function openLibrary(mediaDir: string): Promise<string> {
  try {
    return await realpath(mediaDir);
  } catch (cause) {
    throw new Unavailable("the library folder (media.media_dir) is not there: mount or create it", {
      cause,
      exitCode: EXIT.noInput,
    });
  }
}

/** @returns null when the torrent was removed meanwhile */
async function look(
  torrent: Torrent,
  taken: Taken | undefined,
  root: string,
  { qbittorrent, config }: SurveyOptions,
): Promise<Finding | null> {
  const completion = completionOf(torrent);
  if (completion === "unfinished") return { is: "unfinished" };
  if (completion !== "complete") return { is: "waiting", ...completion };
  const before = taken?.completedAt === torrent.completedAt ? taken : undefined;
  if (before?.missing === 0) return { is: "known" };

  const place = (path: string) => placeOf(below(torrent.savePath, path), config);
  const content = await place(torrent.contentPath);
  const outside: Finding = {
    is: torrent.category === OUR_CATEGORY ? "misplaced" : "outside",
    path: torrent.contentPath,
    here: content,
  };
  // The content of a torrent without a folder of its own is the whole save path, and the library may lie in that.
  if (!content || !(isWithin(content, root) || isWithin(root, content))) return outside;

  const files = await qbittorrent.files(torrent.hash);
  if (!files) return null;
  const places = await Promise.all(files.filter(isWhole).map(({ name }) => place(name)));
  if (places.length === 0) return { is: "waiting", why: "none of its files is wanted", passes: false };
  const inside = places.filter((path) => path !== null && isWithin(path, root)) as string[];
  if (inside.length === 0) return outside;
  const there = (await Promise.all(inside.map(isFile))).filter(Boolean).length;
  const missing = inside.length - there;
  // Some may come back (a disk that is not mounted), and some were deleted for good: what is there does not wait for them.
  if (there > 0 && missing < (before?.missing ?? Number.POSITIVE_INFINITY)) return { is: "new", files: there, missing };
  const which = there === 0 ? "its files are" : `${missing} of its files ${missing === 1 ? "is" : "are"}`;
  return { is: "waiting", why: `${which} not on disk (${content})`, passes: false };
}

const isWhole = ({ wanted, progress }: TorrentFile): boolean => wanted && progress === 1;

async function placeOf(path: string, { path_map }: SurveyOptions["config"]): Promise<string | null> {
  const here = mapPath(path, path_map);
  return here === null ? null : realPlace(here);
}
