/** What `anicargo doctor` says about qBittorrent. */
import { realpath } from "node:fs/promises";
import { AppError, type Checkup, type CoreConfig } from "../../src/plugin.ts";
import { isSetUp, type QbittorrentConfig } from "./config.ts";
import type { Qbittorrent, Torrent } from "./model.ts";
import { mapPath, type PathMap } from "./path-map.ts";
import { isWithin, realPlace } from "./places.ts";
import { OUR_CATEGORY } from "./survey.ts";

const MOST_NAMES = 5;

/** Asks without the database. @param config the plugin's own section */
export async function checkQbittorrent(
  config: QbittorrentConfig,
  { media: { media_dir } }: Pick<CoreConfig, "media">,
  qbittorrent: Pick<Qbittorrent, "version" | "torrents">,
): Promise<Checkup[]> {
  const name = "qBittorrent";
  if (!isSetUp(config)) return [{ name, ok: true, detail: "not set up (qbittorrent.base_url and a login)" }];
  try {
    const { version, api } = await qbittorrent.version();
    const torrents = await qbittorrent.torrents();
    const found = { name, ok: true, detail: `${version} (API ${api}), ${count(torrents.length, "torrent")}` };
    const root = media_dir === undefined ? null : await realpath(media_dir).catch(() => null);
    return [
      found,
      ...checkCategory(config.category, torrents),
      // Without a library folder there is nothing to compare with; that has a line of its own.
      ...(root === null ? [] : await checkPaths(config, torrents, root)),
    ];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // `what is wrong: what to do about it`
    const [detail, ...fix] = error.message.split(": ");
    return [{ name, ok: false, detail: detail!, fix: fix.join(": ") || "check the keys of [qbittorrent]" }];
  }
}

function checkCategory(category: string, torrents: readonly Torrent[]): Checkup[] {
  const name = "qBittorrent category";
  if (category === "") return [];
  const chosen = torrents.filter((torrent) => torrent.category === category);
  if (chosen.length > 0) return [{ name, ok: true, detail: `${count(chosen.length, "torrent")} in ${category}` }];
  const used = new Set(torrents.map((torrent) => torrent.category));
  used.delete("");
  return [
    {
      name,
      ok: false,
      detail: `no torrent is in ${category}${used.size > 0 ? `, but in ${some([...used])}` : ""}`,
      fix: "give torrents that category in qBittorrent, or correct qbittorrent.category",
    },
  ];
}

/** Whether what is downloaded ends up in the library. */
async function checkPaths(config: QbittorrentConfig, torrents: readonly Torrent[], root: string): Promise<Checkup[]> {
  const { download_dir, category, path_map } = config;
  const fix = `say with [[qbittorrent.path_map]] where it is on this machine; the library is ${root}`;
  const checkups: Checkup[] = [];
  if (download_dir !== "") {
    const place = await placeOf(download_dir, path_map);
    const ok = place !== null && isWithin(place, root);
    const detail = `${shown(download_dir, place)} is ${ok ? "" : "not "}in the library`;
    checkups.push({ name: "qbittorrent.download_dir", ok, detail, fix });
  }
  const chosen = category === "" ? torrents : torrents.filter((one) => [category, OUR_CATEGORY].includes(one.category));
  const outside: string[] = [];
  const folders = new Set(chosen.map(({ savePath }) => savePath));
  for (const folder of folders) {
    const place = await placeOf(folder, path_map);
    if (!(place && (isWithin(place, root) || isWithin(root, place)))) outside.push(shown(folder, place));
  }
  if (folders.size > 0) {
    const inside = folders.size - outside.length;
    const detail = `${inside} of ${count(folders.size, "save folder")} in the library`;
    // Torrents of other things lie elsewhere, and may.
    const rest = outside.length > 0 ? `; not ${some(outside)}` : "";
    checkups.push({ name: "qBittorrent paths", ok: inside > 0, detail: detail + rest, fix });
  }
  return checkups;
}

async function placeOf(path: string, map: PathMap): Promise<string | null> {
  const here = mapPath(path, map);
  return here === null ? null : realPlace(here);
}

const shown = (path: string, place: string | null): string =>
  place === path ? path : `${path} (here: ${place ?? "no path"})`;

const some = (names: readonly string[]): string =>
  names.slice(0, MOST_NAMES).join(", ") + (names.length > MOST_NAMES ? ", …" : "");

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;
