/** The plugin's services over a real database and a real cache folder; only the library is a map. */
import { randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { ANY_CODEC, type Capabilities, capabilityNames } from "../../../plugins/hls/capabilities.ts";
import type { HlsConfig } from "../../../plugins/hls/config.ts";
import { hls as plugin } from "../../../plugins/hls/index.ts";
import { indexJob } from "../../../plugins/hls/index-job.ts";
import { hlsJob } from "../../../plugins/hls/job.ts";
import type { MediaIndex } from "../../../plugins/hls/media-index.ts";
import { remuxJob } from "../../../plugins/hls/remux-job.ts";
import { createHls, type Hls, type Show } from "../../../plugins/hls/service.ts";
import { thumbnailsJob } from "../../../plugins/hls/thumbnails/job.ts";
import { migrate } from "../../../src/db/migrate.ts";
import { coreMigrations } from "../../../src/db/migrations.ts";
import { createJobQueue } from "../../../src/jobs/service.ts";
import type { Fields } from "../../../src/log.ts";
import type { AnyJob, Core, CoreConfig, Logger, Progress } from "../../../src/plugin.ts";
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
  on_demand: true,
  cache_size: 0,
  transcode_preset: "ultrafast",
  transcode_height: 1080,
  transcode_bitrate: 6000,
  hardware_encoder: "none",
};

export interface RunOptions {
  /** Of the player that it is made for; any codec unless told. */
  capabilities?: Capabilities;
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
  /** Runs the remux job here. */
  remux(
    id: string,
    options?: RunOptions,
    hls?: Hls,
  ): Promise<{ result: { made: boolean }; file: string; index: MediaIndex }>;
  /** Runs the media-index job here. */
  readAll(): Promise<{ indexed: number; failed: number }>;
  /** What a player gets of an item. */
  show(id: string, capabilities?: Capabilities, hls?: Hls): Promise<Show>;
  close(): Promise<void>;
}

const context = <Payload>(payload: Payload, options: RunOptions) => ({
  id: Bun.randomUUIDv7(),
  payload,
  attempt: 1,
  signal: options.signal ?? new AbortController().signal,
  progress: options.onProgress ?? (() => {}),
  fence: options.fence ?? (async () => {}),
});

export async function openHouse(config: Partial<HlsConfig> = {}): Promise<House> {
  const database = await testDatabase();
  const { sql } = database;
  await migrate(
    sql,
    [
      { name: "core", migrations: coreMigrations },
      { name: "hls", migrations: plugin.migrations ?? [] },
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
  const opened = [hls];
  for (const job of [hlsJob(hls), remuxJob(hls), indexJob(hls, sql), thumbnailsJob(hls)])
    definitions.set(job.kind, job);
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
    with(other) {
      const service = createHls(core, { ...DEFAULTS, ...config, ...other });
      opened.push(service);
      return service;
    },
    async make(id, options = {}, maker = hls) {
      const { capabilities = ANY_CODEC } = options;
      const job = context({ media_id: id, codecs: capabilityNames(capabilities) }, options);
      const { result } = await hlsJob(maker).run(job);
      const show = await maker.show(await maker.find(id), capabilities);
      return { result: result as { made: boolean }, folder: maker.cache.folder(id, show!.stream.key) };
    },
    async remux(id, options = {}, maker = hls) {
      const { result } = await remuxJob(maker).run(context({ media_id: id }, options));
      return { result: result as { made: boolean }, ...(await maker.remuxed(await maker.find(id)))! };
    },
    async readAll() {
      return (await indexJob(hls, sql).run(context({}, {}))).result as { indexed: number; failed: number };
    },
    async show(id, capabilities = ANY_CODEC, of = hls) {
      const show = await of.show(await of.find(id), capabilities);
      if (!show) throw new Error("this has to be remuxed first");
      return show;
    },
    async close() {
      await Promise.all(opened.map((service) => service.close()));
      await database.drop();
    },
  };
}
