/** The plugin's services over a real database and a real cache folder; only the library is a map. */
import { randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { HlsConfig } from "../../../plugins/hls/config.ts";
import { hlsJob } from "../../../plugins/hls/job.ts";
import hlsSql from "../../../plugins/hls/migrations/0001-hls.sql" with { type: "text" };
import { createHls, type Hls } from "../../../plugins/hls/service.ts";
import { migrate } from "../../../src/db/migrate.ts";
import { coreMigrations } from "../../../src/db/migrations.ts";
import { createJobQueue } from "../../../src/jobs/service.ts";
import type { Fields } from "../../../src/log.ts";
import type { AnyJob, Core, CoreConfig, JobContext, Logger, Progress } from "../../../src/plugin.ts";
import { testDatabase } from "../../helpers/database.ts";
import { silentLogger } from "../../helpers/silent-logger.ts";
import { newFolder } from "./fixtures.ts";

export const DEFAULTS: HlsConfig = {
  ffmpeg_path: "ffmpeg",
  segment_secs: 2,
  playlist_len: 0,
  lock_timeout_secs: 3600,
  transcode: false,
  max_hls_concurrency: 2,
};

export interface RunOptions {
  signal?: AbortSignal;
  fence?: () => Promise<void>;
  onProgress?: (progress: Progress) => void;
}

export interface House {
  core: Core;
  hls: Hls;
  cacheDir: string;
  /** What was logged at warn and error. */
  logged: { message: string; fields: Fields | undefined }[];
  /** Puts a file into the library. @returns its id */
  add(file: string): Promise<string>;
  /** The library forgets the file. */
  remove(id: string): Promise<void>;
  /** The same services under another configuration, like another process with the same cache and database. */
  with(config: Partial<HlsConfig>): Hls;
  /** Runs the job here, without a queue. @returns the folder of the rendition */
  make(id: string, options?: RunOptions, hls?: Hls): Promise<{ result: { made: boolean }; folder: string }>;
  close(): Promise<void>;
}

export async function openHouse(config: Partial<HlsConfig> = {}): Promise<House> {
  const database = await testDatabase();
  const { sql } = database;
  await migrate(
    sql,
    [
      { name: "core", migrations: coreMigrations },
      { name: "hls", migrations: [{ name: "0001-hls", sql: hlsSql }] },
    ],
    silentLogger,
  );
  const cacheDir = join(newFolder(), "cache");
  const files = new Map<string, string>();
  const logged: House["logged"] = [];
  const note = (message: string, fields?: Fields) => void logged.push({ message, fields });
  const log: Logger = { ...silentLogger, warn: note, error: note, child: () => log };
  const definitions = new Map<string, AnyJob>();
  const core: Core = {
    config: { media: { media_dir: undefined, cache_dir: cacheDir } } as CoreConfig,
    log,
    sql,
    jobs: createJobQueue(sql, definitions, { job_max_attempts: 3 }),
    events: { publish: () => {}, subscribe: () => () => {} },
    media: {
      async find(id) {
        const file = files.get(id);
        if (!file) return null;
        const { size, mtimeMs, ino } = await stat(file);
        return { id, path: file.slice(file.lastIndexOf("/") + 1), file, size, version: `${ino} ${size} ${mtimeMs}` };
      },
    },
    http: { auth: undefined as never },
    signal: new AbortController().signal,
  };
  const hls = createHls(core, { ...DEFAULTS, ...config });
  definitions.set("hls", hlsJob(hls));
  return {
    core,
    hls,
    cacheDir,
    logged,
    async add(file) {
      const id = randomBytes(8).toString("hex");
      files.set(id, file);
      await sql`insert into media_files (id, path, size, mtime, inode) values (${id}, ${id}, 1, 1, 1)`;
      return id;
    },
    async remove(id) {
      files.delete(id);
      await sql`delete from media_files where id = ${id}`;
    },
    with: (other) => createHls(core, { ...DEFAULTS, ...config, ...other }),
    async make(id, options = {}, maker = hls) {
      const job: JobContext<"hls"> = {
        id: Bun.randomUUIDv7(),
        payload: { media_id: id },
        attempt: 1,
        signal: options.signal ?? new AbortController().signal,
        progress: options.onProgress ?? (() => {}),
        fence: options.fence ?? (async () => {}),
      };
      const { result } = await hlsJob(maker).run(job);
      const media = await maker.find(id);
      return { result: result as { made: boolean }, folder: maker.rendition(media).folder };
    },
    close: () => database.drop(),
  };
}
