/** Renditions on disk: `<cache_dir>/hls/<media id>/<key>/`, complete or not there at all. */
import { randomUUID } from "node:crypto";
import { readdir, realpath, rename, rm, rmdir, stat, utimes } from "node:fs/promises";
import { join, sep } from "node:path";
import type { HlsConfig } from "./config.ts";
import { breakLock } from "./lock.ts";
import { PLAYLIST, SERVED_NAME } from "./playlist.ts";

export const MEDIA_ID = /^[0-9a-f]{16}$/;
export const KEY = /^[0-9a-f]{16}$/;
/** Add one when the same settings come to make other bytes. */
const RECIPE = 1;
/** How exactly "last served" is known; a player asks every few seconds. */
const TOUCH_MS = 60_000;
/** A player may pause for so long and still find what it began with. */
export const IDLE_MS = 3_600_000;

/** What the look of a rendition depends on, beside the file. */
export type Settings = Pick<HlsConfig, "segment_secs" | "playlist_len" | "transcode">;

/**
 * Names the rendition of one content under one configuration: a replaced file (HARDENING R6) or a changed setting has
 * another one, so that two are never mixed.
 * @param version of the media file
 */
export function renditionKey(version: string, { segment_secs, playlist_len, transcode }: Settings): string {
  const recipe = JSON.stringify([RECIPE, version, segment_secs, playlist_len, transcode]);
  return new Bun.CryptoHasher("sha256").update(recipe).digest("hex").slice(0, 16);
}

export interface Cache {
  /** Absolute path; need not exist. */
  readonly root: string;
  /** Absolute path of a rendition, there or not. */
  folder(mediaId: string, key: string): string;
  /** Absolute path of the lock that guards its making. */
  lock(mediaId: string, key: string): string;
  has(mediaId: string, key: string): Promise<boolean>;
  /** @returns the real path of a file that may be served; null when there is none */
  open(mediaId: string, key: string, name: string): Promise<string | null>;
  /**
   * Removes what dead processes left, and renditions that are not the current one and that nobody has asked for lately.
   * @param current the key to keep of an item: null when the item is gone for good, undefined when that is not known
   */
  sweep(current: (mediaId: string) => Promise<string | null | undefined>): Promise<void>;
}

/** @param root `<cache_dir>/hls`, which need not exist */
export function openCache(root: string, lockTimeoutSecs: number, idleMs = IDLE_MS): Cache {
  const touched = new Map<string, number>();
  const folder = (mediaId: string, key: string) => join(root, mediaId, key);

  /** Leaves the time of the last request on the folder, where every process that shares the cache sees it. */
  const touch = async (path: string) => {
    const now = Date.now();
    if (now - (touched.get(path) ?? 0) < TOUCH_MS) return;
    touched.set(path, now);
    await utimes(path, new Date(now), new Date(now)).catch(() => {});
  };

  return {
    root,
    folder,
    lock: (mediaId, key) => `${folder(mediaId, key)}.tmp`,
    has: async (mediaId, key) => (await realFile(join(folder(mediaId, key), PLAYLIST))) !== null,
    async open(mediaId, key, name) {
      if (!MEDIA_ID.test(mediaId) || !KEY.test(key) || !SERVED_NAME.test(name)) return null;
      const path = await realFile(join(folder(mediaId, key), name));
      const home = path && (await realpath(folder(mediaId, key)));
      if (!path || !home || !path.startsWith(home + sep)) return null;
      await touch(folder(mediaId, key));
      return path;
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
          else if (KEY.test(entry) && keep !== undefined && entry !== keep && (await idleFor(path)) > idleMs) {
            await remove(path);
          }
        }
        // Refused, as it should be, when something is left.
        await rmdir(home).catch(() => {});
      }
    },
  };
}

/** Takes a rendition away at once, then its files: no reader finds half of one. */
async function remove(path: string): Promise<void> {
  const aside = `${path}.old-${randomUUID()}`;
  await rename(path, aside);
  await rm(aside, { recursive: true, force: true });
}

const names = (path: string): Promise<string[]> => readdir(path).catch(() => []);

const idleFor = async (path: string): Promise<number> => Date.now() - (await stat(path)).mtimeMs;

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
