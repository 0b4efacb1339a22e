/** The embedded server's process: its settings, its start, its end. */
import { closeSync, fchownSync, openSync } from "node:fs";
import { readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { SERVER_ENV } from "./cluster.ts";
import { type Layout, SOCKET_PORT } from "./layout.ts";
import type { ServerPrograms } from "./server-programs.ts";
import type { Site } from "./site.ts";

/** Bytes after which the server's log is set aside at the next start. */
const LOG_MAX = 1 << 20;
/** Milliseconds for each of the two ways to stop; PostgreSQL kills what does not leave within five seconds. */
const STOP_MS = 7_000;
const POLL_MS = 10;

/**
 * Settings of an appliance: one machine, one program, little memory, data worth keeping. They come on the command line,
 * so that they are always this binary's and the cluster's own file stays as initdb made it.
 */
export function serverSettings(major: number, socketFolder: string): ServerSettings {
  return {
    listen_addresses: "",
    port: SOCKET_PORT,
    unix_socket_directories: socketFolder,
    unix_socket_permissions: "0700",
    max_connections: 60,
    superuser_reserved_connections: 0,
    shared_buffers: "32MB",
    work_mem: "8MB",
    maintenance_work_mem: "64MB",
    // Nothing replicates, so the log of changes need only bring back what a crash took.
    wal_level: "minimal",
    max_wal_senders: 0,
    max_logical_replication_workers: 0,
    min_wal_size: "32MB",
    max_wal_size: "256MB",
    max_worker_processes: 2,
    max_parallel_workers: 0,
    max_parallel_workers_per_gather: 0,
    autovacuum_max_workers: 1,
    jit: "off",
    // The worker processes of 18 would cost memory for reads that come from the page cache anyway.
    ...(major >= 18 ? { io_method: "sync" } : {}),
    timezone: "UTC",
    log_timezone: "UTC",
    // Starts, stops and crashes. Failed statements are ours to log, and their text may hold secrets.
    log_min_messages: "log",
    log_min_error_statement: "panic",
    log_checkpoints: "off",
  };
}

export type ServerSettings = Record<string, string | number>;

export interface StartOptions extends Site {
  programs: ServerPrograms;
  /** Beside or instead of {@link serverSettings}. */
  settings: ServerSettings;
}

/** A server that this process started; it outlives us. */
export interface StartedServer {
  pid: number;
  /** What it said in this run (two kilobytes at most) once it has ended; undefined while it runs. */
  lastWords(): string | undefined;
}

/**
 * Starts the server in a session of its own, so that Ctrl-C on our terminal and our own death leave it alone.
 * It refuses by itself when another one runs on the cluster.
 */
export async function startServer(options: StartOptions): Promise<StartedServer> {
  const { layout, owner, launch, programs, settings } = options;
  if ((await sizeOf(layout.log)) > LOG_MAX) await rename(layout.log, `${layout.log}.1`);
  const from = await sizeOf(layout.log);
  const log = openSync(layout.log, "a", 0o600);
  try {
    // Whoever owns the folder must be able to start the server next time.
    if (owner) fchownSync(log, owner.uid, owner.gid);
    const all = { ...serverSettings(programs.major, layout.socketFolder), ...settings };
    const child = Bun.spawn(
      [
        ...launch.prefix,
        join(programs.bin, "postgres"),
        "-D",
        layout.pgdata,
        ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
      ],
      { ...launch.identity, cwd: "/", env: SERVER_ENV, stdin: "ignore", stdout: log, stderr: log, detached: true },
    );
    child.unref();
    let lastWords: string | undefined;
    void child.exited.then(async () => {
      lastWords = await tailOf(layout.log, from);
    });
    return { pid: child.pid, lastWords: () => lastWords };
  } finally {
    closeSync(log);
  }
}

/**
 * Stops the server: running statements are rolled back, everything is written down. One that cannot do that in time
 * (a session of it hangs on a dead disk) is made to leave at once, and recovers at the next start.
 * For who holds the exclusive presence lock alone, hence the process file is the live server's.
 * @param patience milliseconds for the orderly way
 */
export async function stopServer(layout: Layout, patience = STOP_MS): Promise<void> {
  const pid = await postmasterPid(layout);
  if (pid === undefined) return;
  process.kill(pid, "SIGINT");
  if (await isGone(pid, layout, patience)) return;
  process.kill(pid, "SIGQUIT");
  await isGone(pid, layout, STOP_MS);
}

/** Not `kill(pid, 0)`: an orphan that nobody waits for (we may be process 1 of a container) looks alive for ever. */
async function isGone(pid: number, layout: Layout, patience: number): Promise<boolean> {
  const deadline = Date.now() + patience;
  while ((await postmasterPid(layout)) === pid) {
    if (Date.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

/** The number in the cluster's process file; undefined when there is none. */
export async function postmasterPid(layout: Layout): Promise<number | undefined> {
  const text = await readFile(join(layout.pgdata, "postmaster.pid"), "utf8").catch(() => "");
  const pid = Number.parseInt(text, 10);
  return pid > 1 ? pid : undefined;
}

const sizeOf = async (path: string) => (await stat(path).catch(() => undefined))?.size ?? 0;

async function tailOf(path: string, from: number): Promise<string> {
  const size = await sizeOf(path);
  return Bun.file(path)
    .slice(Math.max(from, size - 2048), size)
    .text();
}
