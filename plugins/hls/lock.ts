/**
 * The working folder of a rendition, which is its lock at the same time: whoever renamed theirs into place makes the
 * rendition. It says who owns it, so that a dead owner blocks nobody on the same host and `lock_timeout_secs` elsewhere.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Locked } from "../../src/plugin.ts";
import { killGroup } from "./kill-group.ts";
import { isAlive, isRunning, newOwner, type Owner, startTime } from "./owner.ts";

export interface Lock {
  /** Where the output is made. */
  readonly output: string;
  /** Remembers ffmpeg, so that the next owner can end it if we cannot. */
  started(pid: number): Promise<void>;
  /** Renames the output to `folder`, unless somebody made that one meanwhile. @throws when the lock was lost */
  publish(folder: string): Promise<void>;
  /** Removes the folder with all that is in it. */
  release(): Promise<void>;
}

/** ffmpeg, as an owner leaves it behind. */
interface Child {
  pid: number;
  started: string | null;
}

const OWNER = "owner.json";
const CHILD = "child.json";
const OUTPUT = "output";
/** A living owner says so at least this often. */
const MAX_BEAT_MS = 30_000;
/** Several may find the same dead lock at once; one of them gets it. */
const MAX_TRIES = 5;
/** Removing a folder takes less. */
const CLAIM_MS = 60_000;
const OCCUPIED = ["ENOTEMPTY", "EEXIST"];

/**
 * @param folder the lock's own path; its parent is made when missing
 * @param timeoutSecs `hls.lock_timeout_secs`
 * @returns null when another one is at work
 */
export async function acquireLock(folder: string, timeoutSecs: number): Promise<Lock | null> {
  const owner = newOwner();
  const fresh = `${folder}-${owner.lock}`;
  await mkdir(join(fresh, OUTPUT), { recursive: true });
  await writeFile(join(fresh, OWNER), JSON.stringify(owner));
  if (!(await take(fresh, folder, timeoutSecs))) {
    await rm(fresh, { recursive: true, force: true });
    return null;
  }
  const beat = setInterval(() => void touch(join(folder, OWNER)), Math.min(MAX_BEAT_MS, (timeoutSecs * 1000) / 3));
  beat.unref();
  const isOurs = async () => (await readJson<Owner>(join(folder, OWNER)))?.lock === owner.lock;
  return {
    output: join(folder, OUTPUT),
    started: (pid) => writeFile(join(folder, CHILD), JSON.stringify({ pid, started: startTime(pid) } satisfies Child)),
    async publish(target) {
      if (!(await isOurs())) throw new Locked("another process took over this rendition");
      await renamed(join(folder, OUTPUT), target, OCCUPIED);
    },
    async release() {
      clearInterval(beat);
      if (await isOurs()) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function take(fresh: string, folder: string, timeoutSecs: number): Promise<boolean> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    // Atomic, and refused as long as there is a folder with something in it.
    if (await renamed(fresh, folder, OCCUPIED)) return true;
    if (!(await breakLock(folder, timeoutSecs))) return false;
  }
  return false;
}

/**
 * Removes a lock whose owner is dead, or silent for longer than `timeoutSecs` where nobody can tell.
 * @returns whether it is gone
 */
export async function breakLock(folder: string, timeoutSecs: number): Promise<boolean> {
  const owner = await readJson<Owner>(join(folder, OWNER));
  const heard = await modified(owner ? join(folder, OWNER) : folder);
  if (heard === null) return true;
  const dead = owner !== null && isAlive(owner) === false;
  if (!dead && Date.now() - heard <= timeoutSecs * 1000) return false;
  if (!(await claim(join(folder, `broken-${owner?.lock}`)))) return false;
  // What was judged and what is there now must be one: another one may have removed the dead lock and taken its place.
  if ((await readJson<Owner>(join(folder, OWNER)))?.lock !== owner?.lock) return false;
  const child = await readJson<Child>(join(folder, CHILD));
  if (child && dead && isRunning(child.pid, child.started)) killGroup(child.pid, "SIGKILL");
  const aside = `${folder}-${randomUUID()}`;
  if (await renamed(folder, aside, ["ENOENT"])) await rm(aside, { recursive: true, force: true });
  return true;
}

/** Among all who found one lock dead, one removes it; should that one die over it, the next after a while. */
async function claim(path: string): Promise<boolean> {
  try {
    await writeFile(path, "", { flag: "wx" });
    return true;
  } catch {
    const since = await modified(path);
    if (since !== null && Date.now() - since > CLAIM_MS) await rm(path, { force: true });
    return false;
  }
}

/** @returns false when it failed for one of these reasons */
async function renamed(from: string, to: string, reasons: readonly string[]): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (reasons.includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

async function modified(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return null;
  }
}

async function readJson<T>(path: string): Promise<T | null> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as T;
  } catch {
    return null;
  }
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  // Gone: another process took the lock over; publish() will notice.
  await utimes(path, now, now).catch(() => {});
}
