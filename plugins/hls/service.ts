/** What the routes, the command and the job share: which rendition an item has, and how to come by it. */
import { join } from "node:path";
import { type Core, Gone, type Json, type Logger, type MediaFile, NotFound, Unavailable } from "../../src/plugin.ts";
import { type Cache, openCache, renditionKey } from "./cache.ts";
import type { HlsConfig } from "./config.ts";
import { PLAYLIST } from "./playlist.ts";
import { createProber, type Prober } from "./prober.ts";
import { describeTracks } from "./tracks.ts";

export interface Rendition {
  mediaId: string;
  /** Names it among the renditions of the item. */
  key: string;
  /** Absolute path of the folder. */
  folder: string;
  /** Absolute path of the playlist. */
  playlist: string;
}

export interface Hls {
  config: HlsConfig;
  log: Logger;
  cache: Cache;
  prober: Prober;
  /** @throws NotFound when there is no such item, Gone when its file is missing */
  find(mediaId: string): Promise<MediaFile>;
  /** The rendition that a file has under the present settings, made or not. */
  rendition(media: MediaFile): Rendition;
  /** @returns null while it is not made */
  ready(media: MediaFile): Promise<Rendition | null>;
  /** Asks for the rendition; askers for the same one share a job. @returns the job's id */
  enqueue(media: MediaFile): Promise<string>;
  /**
   * A file of a rendition, as a player asks for it.
   * @param key which rendition; without it the current one
   * @throws NotFound; Unavailable while the rendition of a playlist is being made (again), which this asks for
   */
  open(mediaId: string, key: string | undefined, name: string): Promise<{ path: string; key: string }>;
  /** `{ tracks: […] }`, or nothing while that is not known. */
  describe(mediaId: string): Promise<Record<string, Json>>;
  /** Removes left-overs of dead processes, and old renditions that nobody plays any more. */
  sweep(): Promise<void>;
}

/** Seconds; a copy of an episode takes about that long. */
const RETRY_SECS = 5;

export function createHls(core: Pick<Core, "config" | "log" | "sql" | "jobs" | "media">, config: HlsConfig): Hls {
  const { jobs, media: library } = core;
  const cache = openCache(join(core.config.media.cache_dir, "hls"), config.lock_timeout_secs);

  const hls: Hls = {
    config,
    log: core.log,
    cache,
    prober: createProber(core.sql, config),
    async find(mediaId) {
      const media = await library.find(mediaId);
      if (!media) throw new NotFound("there is no media file with this id");
      return media;
    },
    rendition(media) {
      const key = renditionKey(media.version, config);
      const folder = cache.folder(media.id, key);
      return { mediaId: media.id, key, folder, playlist: join(folder, PLAYLIST) };
    },
    async ready(media) {
      const rendition = hls.rendition(media);
      return (await cache.has(media.id, rendition.key)) ? rendition : null;
    },
    async enqueue(media) {
      const { key } = hls.rendition(media);
      return (await jobs.enqueue("hls", { media_id: media.id }, { dedupKey: `${media.id} ${key}` })).id;
    },
    async open(mediaId, asked, name) {
      const media = asked === undefined ? await hls.find(mediaId) : null;
      const key = asked ?? hls.rendition(media!).key;
      const path = await cache.open(mediaId, key, name);
      if (path) return { path, key };
      if (media && name === PLAYLIST) {
        await hls.enqueue(media);
        throw new Unavailable("this is being made ready to play: ask again", { retryAfter: RETRY_SECS });
      }
      throw new NotFound("there is no such file: open the playlist again");
    },
    async describe(mediaId): Promise<Record<string, Json>> {
      const media = await library.find(mediaId).catch((error) => {
        if (error instanceof Gone) return null;
        throw error;
      });
      const probe = media && (await hls.prober.glance(media));
      return probe ? { tracks: describeTracks(probe) } : {};
    },
    sweep: () =>
      cache.sweep(async (mediaId) => {
        try {
          const media = await library.find(mediaId);
          return media && hls.rendition(media).key;
        } catch {
          // The disk is away, or the database: no reason to throw anything away.
          return undefined;
        }
      }),
  };
  return hls;
}
