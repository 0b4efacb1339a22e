/** What the routes, the command and the jobs share: an item, and what a player can have of it. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type Core, Gone, type Json, type Logger, type MediaFile, NotFound } from "../../src/plugin.ts";
import { readOurselves } from "./analyse.ts";
import { openSource } from "./byte-source.ts";
import { type Cache, openCache, renditionKey } from "./cache.ts";
import { SOURCE } from "./cache-names.ts";
import { type Capabilities, capabilityNames } from "./capabilities.ts";
import type { HlsConfig } from "./config.ts";
import { BACKGROUND_PRIORITY } from "./index-job.ts";
import { createIndexer } from "./indexer.ts";
import { createMaker, type Maker } from "./maker.ts";
import type { MediaIndex } from "./media-index.ts";
import { MASTER } from "./names.ts";
import { wantsRemux } from "./plan.ts";
import { Damaged } from "./reader/model.ts";
import { keysOf, type Stream, streamOf } from "./stream.ts";
import { fontsOf, openFont } from "./subtitles/fonts.ts";
import { audiosOf, describeTrack } from "./track.ts";

/** An item for one kind of player. */
export interface Show {
  media: MediaFile;
  /** Absolute path of what is read: the file itself, or the copy that our reader takes. */
  file: string;
  stream: Stream;
}

/** A folder of the cache. */
export interface Place {
  key: string;
  /** Absolute path. */
  folder: string;
}

export interface Hls {
  config: HlsConfig;
  log: Logger;
  cache: Cache;
  /** @throws NotFound when there is no such item, Gone when its file is missing */
  find(mediaId: string): Promise<MediaFile>;
  /** @throws Unreadable, Unavailable when ffprobe is needed and missing */
  index(media: MediaFile): Promise<MediaIndex>;
  /** Remembers that a file cannot be remuxed: it is encoded instead. */
  giveUpCopy(media: MediaFile): Promise<void>;
  /** @returns null as long as the file has to be remuxed for this player and is not */
  show(media: MediaFile, capabilities: Capabilities): Promise<Show | null>;
  /** The same, and with `hls.on_demand = false` null as long as the whole rendition is not made. */
  ready(media: MediaFile, capabilities: Capabilities): Promise<Show | null>;
  /** @returns the absolute path of the list of a whole rendition on disk; null when it is not made */
  complete(media: MediaFile, capabilities: Capabilities): Promise<string | null>;
  /** Where the remux of a file is, made or not. */
  remuxOf(media: MediaFile): Place;
  /** @returns the file that can be cut; null while it is not made */
  remuxed(media: MediaFile): Promise<{ file: string; index: MediaIndex } | null>;
  /** Where thumbnails are, made or not. */
  thumbnailsOf(media: MediaFile): Place;
  /** Anything that a playlist names, and the lists themselves; from the source, not from the cache. */
  make: Maker["make"];
  warm: Maker["warm"];
  note: Maker["note"];
  /** @returns null when the file has no font of that name, or what it calls so is none */
  font(media: MediaFile, name: string): Promise<{ body: ReadableStream<Uint8Array>; mediaType: string } | null>;
  /** Asks for what has to be made before this player can begin; askers for the same share a job. @returns the job's id */
  prepare(media: MediaFile, capabilities: Capabilities): Promise<string>;
  /** Asks for the whole rendition. @returns the job's id */
  enqueue(media: MediaFile, capabilities: Capabilities): Promise<string>;
  /** Asks for pictures of the seek bar, unless they are made. */
  wantThumbnails(media: MediaFile): Promise<void>;
  /** `{ tracks: […] }`, or nothing while that is not known. */
  describe(mediaId: string): Promise<Record<string, Json>>;
  /** Removes left-overs of dead processes, and what nobody plays any more. */
  sweep(): Promise<void>;
  /** Ends every ffmpeg. */
  close(): Promise<void>;
}

/** Remuxes that are being played; their indexes are a few reads away. */
const MAX_REMUXES = 50;
/** Until the picture runs, thumbnails would only be in its way. */
const THUMBNAILS_DELAY_SECS = 15;

export function createHls(core: Pick<Core, "config" | "log" | "sql" | "jobs" | "media">, config: HlsConfig): Hls {
  const { jobs, log, media: library } = core;
  const cache = openCache({
    root: join(core.config.media.cache_dir, "hls"),
    lockTimeoutSecs: config.lock_timeout_secs,
    maxBytes: config.cache_size === 0 ? Number.POSITIVE_INFINITY : config.cache_size * 2 ** 30,
  });
  const indexer = createIndexer(core.sql, log, config);
  const maker = createMaker({ config, log, cache });
  const remuxes = new Map<string, Promise<MediaIndex | null>>();

  const place = (media: MediaFile, recipe: string): Place => {
    const key = renditionKey(media.version, recipe);
    return { key, folder: cache.folder(media.id, key) };
  };
  /** An index by path and time: a copy that was evicted and made again may be another one. */
  const indexOfRemux = async (file: string): Promise<MediaIndex | null> => {
    const { ino, mtimeMs } = await stat(file);
    const name = `${file} ${ino} ${mtimeMs}`;
    const known = remuxes.get(name) ?? readOurselves(file);
    if (remuxes.size >= MAX_REMUXES) remuxes.clear();
    remuxes.set(name, known);
    known.catch(() => remuxes.delete(name));
    return known;
  };

  const currentKeys = async (media: MediaFile): Promise<Set<string> | undefined> => {
    const index = await indexer.glance(media);
    const keys = index && keysOf(media.version, audiosOf(index.tracks).length, config);
    return keys ? keys.add(hls.remuxOf(media).key).add(hls.thumbnailsOf(media).key) : undefined;
  };

  const hls: Hls = {
    config,
    log,
    cache,
    async find(mediaId) {
      const media = await library.find(mediaId);
      if (!media) throw new NotFound("there is no media file with this id");
      return media;
    },
    index: indexer.index,
    giveUpCopy: indexer.giveUpCopy,
    async show(media, capabilities) {
      const index = await indexer.index(media);
      const of = (origin: "file" | "remux", file: string, read: MediaIndex): Show => ({
        media,
        file,
        stream: streamOf(media.version, origin, read, capabilities, config),
      });
      if (!wantsRemux(index, capabilities, config.transcode)) return of("file", media.file, index);
      const copy = await hls.remuxed(media);
      return copy && of("remux", copy.file, copy.index);
    },
    async ready(media, capabilities) {
      const show = await hls.show(media, capabilities);
      if (!show || config.on_demand) return show;
      return (await cache.has(media.id, show.stream.key)) ? show : null;
    },
    async complete(media, capabilities) {
      const show = await hls.show(media, capabilities);
      return show && cache.open(media.id, show.stream.key, MASTER);
    },
    remuxOf: (media) => place(media, "remux"),
    async remuxed(media) {
      const file = await cache.open(media.id, hls.remuxOf(media).key, SOURCE);
      const index = file && (await indexOfRemux(file));
      return file && index ? { file, index } : null;
    },
    thumbnailsOf: (media) => place(media, "thumbnails"),
    make: maker.make,
    warm: maker.warm,
    note: maker.note,
    async font(media, name) {
      const index = await indexer.index(media);
      const read = index.cut ? { file: media.file, index } : await hls.remuxed(media);
      const font = fontsOf(read?.index.cut?.container.attachments ?? []).find((candidate) => candidate.name === name);
      if (!read || !font) return null;
      const source = await openSource(read.file);
      try {
        return { body: await openFont(source, font, () => void source.close()), mediaType: font.mediaType };
      } catch (error) {
        if (error instanceof Damaged) return null;
        throw error;
      }
    },
    prepare: async (media, capabilities) =>
      config.on_demand
        ? (await jobs.enqueue("remux", { media_id: media.id }, { dedupKey: `${media.id} ${media.version}` })).id
        : hls.enqueue(media, capabilities),
    async enqueue(media, capabilities) {
      const codecs = capabilityNames(capabilities);
      const dedupKey = `${media.id} ${media.version} ${codecs}`;
      return (await jobs.enqueue("hls", { media_id: media.id, codecs }, { dedupKey })).id;
    },
    async wantThumbnails(media) {
      if (await cache.has(media.id, hls.thumbnailsOf(media).key, "thumbnails.vtt")) return;
      const options = { priority: BACKGROUND_PRIORITY, delaySecs: THUMBNAILS_DELAY_SECS };
      await jobs.enqueue("thumbnails", { media_id: media.id }, options);
    },
    async describe(mediaId): Promise<Record<string, Json>> {
      const media = await library.find(mediaId).catch((error) => {
        if (error instanceof Gone) return null;
        throw error;
      });
      const index = media && (await indexer.glance(media));
      return index ? { tracks: index.tracks.map(describeTrack) } : {};
    },
    sweep: () =>
      cache.sweep(async (mediaId) => {
        try {
          const media = await library.find(mediaId);
          return media && (await currentKeys(media));
        } catch {
          // The disk is away, or the database: no reason to throw anything away.
          return undefined;
        }
      }),
    close: maker.close,
  };

  return hls;
}
