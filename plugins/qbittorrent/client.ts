/** The part of qBittorrent's WebUI API that we use, the same for 4.5 to 5.3. */
import type { Core, Logger } from "../../src/plugin.ts";
import { readAdded, readFiles, readTorrents, readVersion, type ToldTorrent } from "./answers.ts";
import { type Bans, memoryBans, storedBans } from "./bans.ts";
import { cautions } from "./cautions.ts";
import type { QbittorrentConfig } from "./config.ts";
import type { Deadlines, Reply } from "./exchange.ts";
import type { Qbittorrent } from "./model.ts";
import { createSession } from "./session.ts";
import { torrentRefused, unexpected } from "./trouble.ts";

export interface QbittorrentOptions {
  log?: Logger;
  /** Aborted when the process ends. */
  signal?: AbortSignal;
  /** None: a ban is remembered by this process alone. */
  bans?: Bans;
  deadlines?: Deadlines;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** How long a torrent that somebody else is adding at this moment may stay out of the list. */
const APPEARS_MS = 2000;
const LOOK_MS = 100;

/** Asks nothing yet; the first question logs in. Meant to live as long as the process, since it keeps the session. */
export function createQbittorrent(config: QbittorrentConfig, options: QbittorrentOptions = {}): Qbittorrent {
  const { log, signal, bans = memoryBans(), deadlines, now = Date.now } = options;
  const ask = createSession(config, { bans, now, log, signal, deadlines });
  for (const caution of cautions(config)) log?.warn(caution);

  const list = async (query: Record<string, string>): Promise<ToldTorrent[]> =>
    readTorrents(good(await ask(`torrents/info?${new URLSearchParams(query)}`)).body);

  const isThere = async (hash: string): Promise<boolean> => (await list({ hashes: hash })).length > 0;
  /** A torrent of both versions answers to one of its hashes only, and may have come by the other. */
  const isThereByAnyHash = async (hash: string): Promise<boolean> =>
    (await list({})).some((torrent) => torrent.hash === hash || torrent.aliases.includes(hash));

  return {
    async version() {
      const version = readVersion(good(await ask("app/version")).body);
      return { version, api: readVersion(good(await ask("app/webapiVersion")).body) };
    },
    async torrents({ category, completed, hashes } = {}) {
      // An empty list would mean all of them.
      if (hashes?.length === 0) return [];
      const told = await list({
        ...(category !== undefined && { category }),
        ...(completed && { filter: "completed" }),
        ...(hashes && { hashes: hashes.join("|") }),
      });
      return told.map(({ aliases: _, ...torrent }) => torrent);
    },
    async files(hash) {
      const reply = await ask(`torrents/files?${new URLSearchParams({ hash })}`);
      return reply.status === 404 ? null : readFiles(good(reply).body);
    },
    async add(torrent, { hash, savePath, category }) {
      if (await isThere(hash)) return "already there";
      const fields = {
        category,
        // Else a qBittorrent that manages places by category takes no notice of ours.
        ...(savePath !== undefined && { savepath: savePath, autoTMM: "false" }),
      };
      const body =
        "magnet" in torrent
          ? new URLSearchParams({ ...fields, urls: torrent.magnet })
          : form(fields, torrent.file, torrent.name);
      const reply = await ask("torrents/add", body);
      if (reply.status === 415) throw torrentRefused();
      if (wasAdded(reply)) return "added";
      // Refused, or there after all: since a moment ago, perhaps not listed yet, or by another hash.
      const end = performance.now() + APPEARS_MS;
      do {
        if (await isThereByAnyHash(hash)) return "already there";
        await Bun.sleep(LOOK_MS);
      } while (performance.now() < end && !signal?.aborted);
      throw torrentRefused();
    },
  };
}

/** @throws Unavailable when it is an error */
function good(reply: Reply): Reply {
  if (reply.status !== 200) throw unexpected(reply.status);
  return reply;
}

/** A refusal is `Fails.` until 5.1, and a conflict (409) after. */
function wasAdded({ status, body }: Reply): boolean {
  if (status === 409) return false;
  if (status < 200 || status > 299) throw unexpected(status);
  const said = body.trim();
  if (said === "Ok." || said === "Fails.") return said === "Ok.";
  return readAdded(body);
}

function form(fields: Record<string, string>, file: Uint8Array, name: string): FormData {
  const data = new FormData();
  for (const [field, value] of Object.entries(fields)) data.set(field, value);
  data.set("torrents", new Blob([file as Uint8Array<ArrayBuffer>]), `${name}.torrent`);
  return data;
}

/** The client of a process with a database, which remembers bans for all of them. */
export const clientOf = (core: Core, config: QbittorrentConfig): Qbittorrent =>
  createQbittorrent(config, { log: core.log, signal: core.signal, bans: storedBans(core.sql, config.base_url) });
