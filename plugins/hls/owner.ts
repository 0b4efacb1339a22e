/** Who made a lock, and whether they still live: a process is told from a later one with its number by its start time. */
import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

export interface Owner {
  /** Tells this lock from any other, also of the same process. */
  lock: string;
  /** The space in which `pid` means something: host, boot and process namespace (a container has its own). */
  space: string;
  pid: number;
  /** Clock ticks after boot; null where the system does not tell. */
  started: string | null;
}

/** Us, with a fresh lock. */
export const newOwner = (): Owner => ({
  lock: randomUUID(),
  space: space(),
  pid: process.pid,
  started: startTime(process.pid),
});

/** @returns null when it runs elsewhere, so that nobody here can know */
export const isAlive = (owner: Owner): boolean | null =>
  owner.space === space() ? isRunning(owner.pid, owner.started) : null;

/** Whether this very process runs, not another one under its number. */
export function isRunning(pid: number, started: string | null): boolean {
  if (started !== null) return startTime(pid) === started;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Field 22 of `/proc/PID/stat` (proc(5)), counted behind the program's name, which may hold blanks and parentheses.
 * @returns null also for one that has ended and only waits to be noticed
 */
export function startTime(pid: number): string | null {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return !fields || fields[0] === "Z" ? null : (fields[19] ?? null);
}

let known: string | undefined;
function space(): string {
  known ??= [hostname(), read("/proc/sys/kernel/random/boot_id")?.trim(), link("/proc/self/ns/pid")].join(" ");
  return known;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function link(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
