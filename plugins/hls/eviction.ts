/** Which folders of the cache go when it grows too big: those that were not asked for the longest, and never one in use. */
import { randomUUID } from "node:crypto";
import { lstat, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { KEY, MEDIA_ID } from "./cache-names.ts";
import { spareBytes } from "./disk.ts";

/** What is asked for is kept for so long: a player that pauses longer finds it made anew (HARDENING R24). */
const IN_USE_MS = 600_000;

/** A folder of the cache. */
export interface Unit {
  path: string;
  bytes: number;
  /** Milliseconds since somebody asked for it; 0 for one that is being made. */
  idleMs: number;
}

/**
 * @param excess bytes to be freed
 * @returns those to remove, in that order; fewer than needed when the rest is in use
 */
export function unitsToEvict(units: readonly Unit[], excess: number): Unit[] {
  const chosen: Unit[] = [];
  let left = excess;
  for (const unit of units.toSorted((one, other) => other.idleMs - one.idleMs)) {
    if (left <= 0 || unit.idleMs <= IN_USE_MS) break;
    chosen.push(unit);
    left -= unit.bytes;
  }
  return chosen;
}

export interface EvictOptions {
  root: string;
  maxBytes: number;
  /** Bytes that are about to be written. */
  room: number;
}

/**
 * Several processes may do it at once: they see the same times, so they choose the same folders.
 * @returns bytes that were removed
 */
export async function evict({ root, maxBytes, room }: EvictOptions): Promise<number> {
  const units = await findUnits(root);
  if (units.length === 0) return 0;
  const used = sum(units);
  const most = Math.min(maxBytes, used + (await spareBytes(root)));
  let removed = 0;
  for (const { path, bytes } of unitsToEvict(units, used + room - most)) {
    // Asked for while the others were measured.
    if ((await idleFor(path)) <= IN_USE_MS) continue;
    await removeFolder(path);
    // Refused, as it should be, when something is left.
    await rmdir(dirname(path)).catch(() => {});
    removed += bytes;
  }
  return removed;
}

/** Takes a folder away at once, then its files: no reader finds half of one. Another process may have been faster. */
export async function removeFolder(path: string): Promise<void> {
  const aside = `${path}.old-${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
}

const sum = (units: readonly Unit[]): number => units.reduce((total, { bytes }) => total + bytes, 0);

/**
 * What is being removed is left out: whoever removes it has counted it as gone. One thing after the other: measuring must
 * not keep the disk from those who play.
 */
async function findUnits(root: string): Promise<Unit[]> {
  const units: Unit[] = [];
  for (const home of (await list(root)).filter((name) => MEDIA_ID.test(name))) {
    for (const entry of await list(join(root, home))) {
      const path = join(root, home, entry);
      if (!KEY.test(entry) && !entry.includes(".tmp")) continue;
      // Before its bytes: one that vanishes in between must be chosen for what was counted of it, not another one for it.
      const idleMs = KEY.test(entry) ? await idleFor(path) : 0;
      units.push({ path, bytes: await bytesOf(path), idleMs });
    }
  }
  return units;
}

/** Milliseconds since somebody asked for a folder; 0 when it is locked, or another process has just removed it. */
export async function idleFor(path: string): Promise<number> {
  try {
    const { mtimeMs } = await stat(path);
    return (await isThere(`${path}.tmp`)) ? 0 : Date.now() - mtimeMs;
  } catch {
    return 0;
  }
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

async function bytesOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await list(folder)) {
    const path = join(folder, name);
    const found = await lstat(path).catch(() => null);
    if (found?.isDirectory()) bytes += await bytesOf(path);
    else bytes += found?.size ?? 0;
  }
  return bytes;
}

const list = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
