/** The plugin's service over a real database, real jobs and a real library; qBittorrent is a shelf, or whichever a test brings. */
import type { QbittorrentConfig } from "../../../plugins/qbittorrent/config.ts";
import { syncJob } from "../../../plugins/qbittorrent/job.ts";
import qbittorrentSql from "../../../plugins/qbittorrent/migrations/0001-qbittorrent.sql" with { type: "text" };
import type { Qbittorrent } from "../../../plugins/qbittorrent/model.ts";
import { createDownloads, type Downloads } from "../../../plugins/qbittorrent/service.ts";
import { migrate } from "../../../src/db/migrate.ts";
import { coreMigrations } from "../../../src/db/migrations.ts";
import { createJobQueue } from "../../../src/jobs/service.ts";
import { createWorker, type Worker } from "../../../src/jobs/worker.ts";
import { createEventHub } from "../../../src/lib/event-hub.ts";
import { indexJob } from "../../../src/library/job.ts";
import { listEntries } from "../../../src/library/store.ts";
import type { AnyJob, Core, CoreConfig, Job } from "../../../src/plugin.ts";
import { testDatabase } from "../../helpers/database.ts";
import { recordingLogger, section } from "../../helpers/http.ts";
import { type MediaTree, mediaTree } from "../../helpers/media-tree.ts";
import { qbittorrentSettings } from "./qbittorrent-settings.ts";
import { openShelf, type Shelf } from "./shelf.ts";

export interface House {
  core: Core;
  worker: Worker;
  log: ReturnType<typeof recordingLogger>;
  /** Holds the folder `library`. */
  disk: MediaTree;
  library: string;
  shelf: Shelf;
  downloads: Downloads;
  /** What every auto-match was told. */
  matched: unknown[];
  /** While set, an index ends as this does. */
  index: { instead: (() => Promise<{ result: { growing?: number } }>) | null };
  /** The service with other settings, or on another qBittorrent, as another process has it. */
  open(config: Partial<QbittorrentConfig>, qbittorrent?: Qbittorrent): Downloads;
  /** Runs the jobs of a pass to their ends. */
  finish(pass: { jobs: { index: string; autoMatch: string } | null }): Promise<Job>;
  /** All jobs of a kind, the oldest first. */
  jobs(kind: string): Promise<Job[]>;
  /** Paths of the files in the library, as the database knows them. */
  files(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openHouse(settings: Partial<QbittorrentConfig> = {}): Promise<House> {
  const { sql, drop } = await testDatabase();
  const groups = [
    { name: "core", migrations: coreMigrations },
    { name: "qbittorrent", migrations: [{ name: "0001-qbittorrent", sql: qbittorrentSql }] },
  ];
  const log = recordingLogger();
  await migrate(sql, groups, log);
  const disk = mediaTree();
  disk.file("library/.keep");
  const library = disk.path("library");
  const config = {
    media: { media_dir: library, cache_dir: disk.path("cache") },
    db: { data_dir: disk.path("data") },
    server: section("server"),
  } as CoreConfig;
  const definitions = new Map<string, AnyJob>();
  const events = createEventHub();
  const stopping = new AbortController();
  const core: Core = {
    config,
    log,
    sql,
    jobs: createJobQueue(sql, definitions, config.server),
    events,
    media: { find: async () => null },
    http: { auth: undefined as never },
    signal: stopping.signal,
  };
  const shelf = openShelf(library);
  const open: House["open"] = (more, qbittorrent = shelf) =>
    createDownloads(core, qbittorrentSettings({ ...settings, ...more }), () => qbittorrent);
  const downloads = open({});
  const matched: unknown[] = [];
  const index: House["index"] = { instead: null };
  const realIndex = indexJob(sql, config, log);
  for (const job of [
    { ...realIndex, run: (context) => index.instead?.() ?? realIndex.run(context) },
    { ...realIndex, kind: "auto-match", payload: {}, run: async ({ payload }) => ({ result: matched.push(payload) }) },
    syncJob(downloads, core.jobs, log),
  ] as AnyJob[]) {
    definitions.set(job.kind, job);
  }
  const worker = createWorker({ sql, definitions, events, log, config: config.server });
  return {
    ...{ core, worker, log, disk, library, shelf, downloads, matched, index, open },
    async finish({ jobs }) {
      const ended = await worker.finish(jobs!.index);
      await worker.finish(jobs!.autoMatch);
      return ended;
    },
    jobs: async (jobType) => (await core.jobs.list({ jobType })).toReversed(),
    files: async () => (await listEntries(sql, {}, {})).map(({ path }) => path),
    async close() {
      stopping.abort();
      await worker.stop();
      disk.remove();
      await drop();
    },
  };
}
