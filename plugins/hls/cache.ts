/**
 * What was made of media files, on disk: `<cache_dir>/hls/<media id>/<key>/`. A folder holds a rendition (complete when its
 * index.m3u8 is there, which is written last), a prepared source or thumbnails, and goes away as a whole.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, realpath, rename, rm, rmdir, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { isPlace, KEY, MEDIA_ID } from "./cache-names.ts";
import { diskFull, spareBytes } from "./disk.ts";
import { evict, idleFor, removeFolder } from "./eviction.ts";
import { breakLock } from "./lock.ts";
import { MASTER } from "./names.ts";

/** Add one when the same recipe comes to make other bytes. */
const RECIPE = 2;
/** How exactly "last asked for" is known; a player asks every few seconds. */
const TOUCH_MS = 60_000;
/** A player may pause for so long and still find what it began with. */
const IDLE_MS = 3_600_000;
/** How often what is being written may set off an eviction; a minute of transcoding is less than 1 GB. */
const EVICT_MS = 60_000;

/**
 * Names what is made of one content in one way: a replaced file (HARDENING R6) or a changed setting has another one, so
 * that two are never mixed.
 * @param version of the media file
 * @param recipe all else that the bytes depend on; JSON
 */
export function renditionKey(version: string, recipe: unknown): string {
  const text = JSON.stringify([RECIPE, version, recipe]);
  return new Bun.CryptoHasher("sha256").update(text).digest("hex").slice(0, 16);
}

export interface CacheOptions {
  /** `<cache_dir>/hls`, absolute, which need not exist. */
  root: string;
  /** `hls.lock_timeout_secs`. */
  lockTimeoutSecs: number;
  /** Bytes of all that is kept, or Infinity. What is in use may exceed it. */
  maxBytes: number;
}

export interface Cache {
  readonly root: string;
  /** Absolute path of a folder, there or not. */
  folder(mediaId: string, key: string): string;
  /** Absolute path of the lock that guards its making. A folder is not evicted while there is one. */
  lock(mediaId: string, key: string): string;
  /** Whether a file is there; without a name, whether the rendition is complete. Does not count as a request for it. */
  has(mediaId: string, key: string, name?: string): Promise<boolean>;
  /**
   * A file that is asked for, which keeps its folder from being evicted for the next ten minutes.
   * @returns its real path; null when there is none
   */
  open(mediaId: string, key: string, name: string): Promise<string | null>;
  /**
   * Stores a file, complete or not at all. Never throws for the disk's sake: who plays what is stored can do without.
   * @returns why it could not be stored (the disk is full, read-only…), or null
   */
  put(mediaId: string, key: string, name: string, bytes: Uint8Array): Promise<Error | null>;
  /**
   * Removes what dead processes left, folders that are not current and that nobody has asked for lately, and then evicts.
   * @param current the keys to keep of an item: null when the item is gone for good, undefined when that is not known
   */
  sweep(current: (mediaId: string) => Promise<ReadonlySet<string> | null | undefined>): Promise<void>;
  /**
   * Removes the folders that were not asked for the longest, until the rest fits `maxBytes` and leaves the disk its reserve.
   * @param room bytes that are about to be written
   * @returns bytes that were removed
   */
  evict(room?: number): Promise<number>;
}

export function openCache({ root, lockTimeoutSecs, maxBytes }: CacheOptions): Cache {
  const touched = new Map<string, number>();
  const folder = (mediaId: string, key: string) => join(root, mediaId, key);

  /** Leaves the time of the last request on the folder, where every process that shares the cache sees it. */
  const touch = async (path: string) => {
    const now = Date.now();
    if (now - (touched.get(path) ?? 0) < TOUCH_MS) return;
    touched.set(path, now);
    await utimes(path, new Date(now), new Date(now)).catch(() => {});
  };

  let evictedAt = Number.NEGATIVE_INFINITY;
  const evictNow = (room = 0) => {
    evictedAt = performance.now();
    return evict({ root, maxBytes, room });
  };

  return {
    root,
    folder,
    lock: (mediaId, key) => `${folder(mediaId, key)}.tmp`,
    has: async (mediaId, key, name = MASTER) => (await realFile(join(folder(mediaId, key), name))) !== null,
    async open(mediaId, key, name) {
      if (!isPlace(mediaId, key, name)) return null;
      const path = await realFile(join(folder(mediaId, key), name));
      const home = path && (await realpath(folder(mediaId, key)));
      if (!path || !home || !path.startsWith(home + sep)) return null;
      await touch(folder(mediaId, key));
      return path;
    },
    async put(mediaId, key, name, bytes) {
      if (!isPlace(mediaId, key, name)) throw new Error(`${mediaId}/${key}/${name} is no place in the cache`);
      const stored = await store(join(folder(mediaId, key), name), bytes);
      // The hourly sweep says what goes wrong with it.
      if (performance.now() - evictedAt > EVICT_MS) evictNow().catch(() => {});
      return stored;
    },
    async sweep(current) {
      touched.clear();
      for (const mediaId of await names(root)) {
        if (!MEDIA_ID.test(mediaId)) continue;
        const home = join(root, mediaId);
        const entries = await names(home);
        const keep = entries.some((entry) => KEY.test(entry)) ? await current(mediaId) : undefined;
        for (const entry of entries) {
          const path = join(home, entry);
          if (entry.includes(".tmp")) await breakLock(path, lockTimeoutSecs);
          else if (entry.includes(".old")) await rm(path, { recursive: true, force: true });
          else if (KEY.test(entry) && keep !== undefined && !keep?.has(entry) && (await idleFor(path)) > IDLE_MS) {
            await removeFolder(path);
          }
        }
        // Refused, as it should be, when something is left.
        await rmdir(home).catch(() => {});
      }
      await evictNow();
    },
    evict: evictNow,
  };
}

/** @returns why not */
async function store(path: string, bytes: Uint8Array): Promise<Error | null> {
  const fresh = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    if ((await spareBytes(dirname(path))) < bytes.length) return diskFull();
    await writeFile(fresh, bytes);
    await rename(fresh, path);
    return null;
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => {});
    return error as Error;
  }
}

const names = (path: string): Promise<string[]> => readdir(path).catch(() => []);

/** @returns null unless it is a regular file with something in it */
async function realFile(path: string): Promise<string | null> {
  try {
    const real = await realpath(path);
    const found = await stat(real);
    return found.isFile() && found.size > 0 ? real : null;
  } catch {
    return null;
  }
}
