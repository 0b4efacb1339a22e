/** `anicargo qbittorrent-add` and `anicargo qbittorrent-sync`. */
import { open as openFile } from "node:fs/promises";
import { AppError, type Core, command, EXIT, NoInput, type OpenCore, TooLarge, UsageError } from "../../src/plugin.ts";
import { clientOf } from "./client.ts";
import type { QbittorrentConfig } from "./config.ts";
import { firstEnd } from "./first-end.ts";
import { createDownloads } from "./service.ts";
import { LARGEST_TORRENT } from "./upload.ts";
import { countsOf, summaryOf, tell } from "./words.ts";

export const addCommand = (open: OpenCore<QbittorrentConfig>) =>
  command({
    description: "Queues a download in qBittorrent and prints its hash",
    examples: ["qbittorrent-add 'magnet:?xt=urn:btih:…'", "qbittorrent-add ~/Downloads/show.torrent"],
    args: {
      torrent: {
        type: "positional",
        required: true,
        description: "A magnet link (in quotes: it has & in it), or a .torrent file",
      },
    },
    run: async ({ args: { torrent }, json, terminal }) => {
      const isMagnet = /^\s*magnet:/i.test(torrent);
      if (!isMagnet && /^[a-z][a-z0-9+.-]*:\/\//i.test(torrent)) {
        throw new UsageError(
          "an address is not taken: give a magnet link, or download the .torrent file and give that",
        );
      }
      const file = isMagnet ? null : await readTorrent(torrent);
      return open(async ({ core, config }) => {
        const downloads = openDownloads(core, config);
        const { hash, status } = await (file ? downloads.addFile(file) : downloads.addMagnet(torrent.trim()));
        if (status === "already there") terminal.note("qBittorrent has it already");
        if (json) terminal.printJson({ hash, status });
        else terminal.print(`queued ${hash}`);
      });
    },
  });

export const syncCommand = (open: OpenCore<QbittorrentConfig>) =>
  command({
    description: "Takes completed torrents into the library: one index and one auto-match for all that are new",
    examples: ["qbittorrent-sync", "qbittorrent-sync --json"],
    run: ({ json, terminal }) =>
      open(async ({ core, config, finish }) => {
        const { surveyed, jobs } = await openDownloads(core, config).sync();
        const counts = countsOf(surveyed);
        if (json) {
          const found = surveyed.map(({ torrent: { hash, name }, finding }) => ({ hash, name, ...finding }));
          terminal.printJson({ ...counts, found, index_job: jobs?.index ?? null });
        } else {
          // Nothing happened to the others: the summary counts them.
          for (const { torrent, finding } of surveyed) {
            if (WORTH_A_LINE.has(finding.is))
              terminal.print(`${torrent.hash}\t${tell(finding)}\t${oneColumn(torrent.name)}`);
          }
          terminal.print(summaryOf(counts));
        }
        if (jobs) {
          const index = await finish(jobs.index, terminal.progress);
          if (index.status !== "done")
            throw new AppError(`the index failed, so these torrents stay new: ${index.last_error}`, 500, EXIT.failed);
          const autoMatch = await firstEnd(core.jobs, jobs.autoMatch, () => finish(jobs.autoMatch, terminal.progress));
          if (autoMatch.status !== "done") terminal.note(`indexed, but not matched yet: ${autoMatch.last_error}`);
        }
        return counts.misplaced > 0 ? EXIT.someFailed : EXIT.done;
      }),
  });

const WORTH_A_LINE: ReadonlySet<string> = new Set(["new", "waiting", "misplaced"]);

const openDownloads = (core: Core, config: QbittorrentConfig) =>
  createDownloads(core, config, () => clientOf(core, config));

const oneColumn = (name: string): string => name.replace(/[\t\r\n]+/g, " ");

/** No more than a .torrent may have: somebody may name a film. */
async function readTorrent(path: string): Promise<Uint8Array> {
  try {
    await using file = await openFile(path);
    const { bytesRead, buffer } = await file.read({ buffer: new Uint8Array(LARGEST_TORRENT + 1) });
    if (bytesRead > LARGEST_TORRENT) throw new TooLarge(`${path} is too large for a .torrent file`);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === "ENOENT" || code === "ENOTDIR" ? "there is no such file" : `it cannot be read (${code})`;
    throw new NoInput(`${path}: ${reason}: give a magnet link or a .torrent file`, { cause: error });
  }
}
