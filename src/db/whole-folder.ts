/** Making a folder all at once: others see it whole or not at all, whoever is killed in between. */
import { randomBytes } from "node:crypto";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A maker that lives this long (milliseconds) is a process number used again, not a maker. */
const STALE_MS = 10 * 60_000;
const TEMPORARY = /\.tmp-(\d+)-[0-9a-f]{8}$/;

/**
 * Lets `make` fill a temporary folder beside `path` and renames it into place. Several processes may race: one wins,
 * the others throw their own away.
 * @param make gets the temporary path, which does not exist yet
 */
export async function makeWhole(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.tmp-${process.pid}-${randomBytes(4).toString("hex")}`;
  try {
    await make(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
  }
}

/** Removes what killed makers left beside `path`. */
export async function sweepLeftOvers(path: string): Promise<void> {
  for (const name of await readdir(dirname(path)).catch(() => [] as string[])) {
    const maker = name.startsWith(`${basename(path)}.tmp-`) && TEMPORARY.exec(name);
    if (!maker) continue;
    const left = join(dirname(path), name);
    if (!isAlive(Number(maker[1])) || (await ageOf(left)) > STALE_MS) await rm(left, { recursive: true, force: true });
  }
}

const ageOf = async (path: string) => Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now());

/** Whether a process of this number exists, ours to signal or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
