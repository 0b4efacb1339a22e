/** What the routes, the commands and the job share: adding torrents, and taking in what is complete. */
import { AppError, ConfigError, type Core, type Health, type Job } from "../../src/plugin.ts";
import { isSetUp, type QbittorrentConfig } from "./config.ts";
import { enqueueAnew } from "./enqueue-anew.ts";
import { parseMagnet } from "./magnet.ts";
import type { Qbittorrent } from "./model.ts";
import {
  confirmTaken,
  findStanding,
  findTaken,
  forgetPending,
  listPendingIndexes,
  savePending,
  saveStanding,
} from "./store.ts";
import { OUR_CATEGORY, type Surveyed, survey } from "./survey.ts";
import { readTorrentFile } from "./torrent-file.ts";
import { tell } from "./words.ts";

export interface Added {
  /** 40 hex digits. */
  hash: string;
  status: "added" | "already there";
}

export interface SyncPass {
  surveyed: Surveyed[];
  /** The jobs that take in what is new; null when nothing is. */
  jobs: { index: string; autoMatch: string } | null;
}

export interface Downloads {
  config: QbittorrentConfig;
  /** @throws Unprocessable when it is no magnet link, and what {@link Qbittorrent} throws */
  addMagnet(magnet: string): Promise<Added>;
  /** @param bytes a .torrent file. @throws Unprocessable when it is none, and what {@link Qbittorrent} throws */
  addFile(bytes: Uint8Array): Promise<Added>;
  /** What each torrent is to the library. Remembers which indexes ended well, and changes nothing else. */
  survey(signal?: AbortSignal): Promise<Surveyed[]>;
  /** A survey; then one index and one auto-match for all that is new. */
  sync(signal?: AbortSignal): Promise<SyncPass>;
  /** Asks for a sync that begins after this call. @returns the job's id */
  requestSync(): Promise<string>;
  /** From what happened last, in whichever process; asks nobody. */
  health(): Promise<Health>;
}

export function createDownloads(
  { config: { media }, sql, jobs, log }: Pick<Core, "config" | "sql" | "jobs" | "log">,
  config: QbittorrentConfig,
  connect: () => Qbittorrent,
): Downloads {
  // At the first question: a command that asks none need not hear what is unwise about the settings.
  let connected: Qbittorrent | undefined;
  const qbittorrent = (): Qbittorrent => {
    connected ??= connect();
    return connected;
  };

  const add = async (torrent: Parameters<Qbittorrent["add"]>[0], hash: string): Promise<Added> => {
    const savePath = config.download_dir === "" ? {} : { savePath: config.download_dir };
    return { hash, status: await qbittorrent().add(torrent, { hash, category: OUR_CATEGORY, ...savePath }) };
  };

  /** What it says, and how it stands, for whoever asks for the health. */
  const torrents: Qbittorrent["torrents"] = async (filter) => {
    try {
      const found = await qbittorrent().torrents(filter);
      await saveStanding(sql, null);
      return found;
    } catch (error) {
      if (error instanceof AppError) await saveStanding(sql, error.message);
      throw error;
    }
  };

  const settle = async () => {
    for (const id of await listPendingIndexes(sql)) {
      const job = await jobs.get(id);
      if (job?.status === "done" && !isPartial(job)) await confirmTaken(sql, id);
      else if (!job || hasEnded(job)) {
        const again = await forgetPending(sql, id);
        log.warn("the index for completed torrents did not take in everything: they are taken in again", {
          torrents: again,
        });
      }
    }
  };

  const told = new Set<string>();
  /** Once in the life of a process, not once a minute. */
  const tellMisplaced = ({ torrent: { hash, name }, finding }: Surveyed) => {
    if (finding.is !== "misplaced" || told.has(hash + finding.path)) return;
    told.add(hash + finding.path);
    log.error(`a torrent that anicargo added is ${tell(finding)}`, { hash, name });
  };

  const downloads: Downloads = {
    config,
    async addMagnet(text) {
      const { hash, magnet } = parseMagnet(text);
      return add({ magnet }, hash);
    },
    async addFile(file) {
      const { hash, name } = readTorrentFile(file);
      return add({ file, name }, hash);
    },
    async survey(signal) {
      if (media.media_dir === undefined) throw new ConfigError("no library folder: set media.media_dir");
      await settle();
      const surveyed = await survey({
        qbittorrent: { torrents, files: (hash) => qbittorrent().files(hash) },
        config,
        mediaDir: media.media_dir,
        findTaken: (hashes) => findTaken(sql, hashes),
        signal,
      });
      surveyed.forEach(tellMisplaced);
      return surveyed;
    },
    async sync(signal) {
      const surveyed = await downloads.survey(signal);
      const fresh = surveyed.flatMap(({ torrent: { hash, completedAt }, finding }) =>
        finding.is === "new" ? { hash, completedAt, missing: finding.missing } : [],
      );
      if (fresh.length === 0) return { surveyed, jobs: null };
      const index = await enqueueAnew(jobs, "index");
      const { id: autoMatch } = await jobs.enqueue("auto-match", { after: index });
      // Last, so that whatever is interrupted before is done once more rather than not at all.
      await savePending(sql, fresh, index);
      log.info(`completed torrents, taken in by an index: ${fresh.length}`, { index });
      return { surveyed, jobs: { index, autoMatch } };
    },
    requestSync: () => enqueueAnew(jobs, "qbittorrent-sync"),
    async health() {
      const { askedAt, problem } = await findStanding(sql);
      if (!askedAt) return { ok: true, detail: isSetUp(config) ? "not asked yet" : "not set up" };
      const when = `${askedAt.toISOString().slice(0, 16).replace("T", " ")} UTC`;
      return problem === null
        ? { ok: true, detail: `answered at ${when}` }
        : { ok: false, detail: `${problem} (${when})` };
    },
  };
  return downloads;
}

const hasEnded = ({ status }: Job): boolean => status === "done" || status === "failed";

/** Files that were still being written are left for the next index. */
const isPartial = ({ result }: Job): boolean => Boolean((result as { growing?: number } | null)?.growing);
