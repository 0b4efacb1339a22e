/**
 * Log files: one a day (UTC), cut into parts, oldest removed first, so that the folder keeps under its cap.
 *
 * Nothing is ever renamed and nothing is remembered beside the files: `serve` and commands of other processes write into
 * the same folder at the same time. (rotating-file-stream was tried: two processes on one folder remove each other's
 * files by their own list and reuse names, so that the order is lost.)
 */
import { appendFile, mkdir, readdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";

export interface LogFiles {
  /** Never throws and never waits; lines that a disk cannot take in time are dropped, and counted in the next one. */
  write(line: string): void;
  /** Waits until everything is written. */
  close(): Promise<void>;
}

export interface LogFilesOptions {
  folder: string;
  /** What the files may take together, in bytes. */
  maxBytes: number;
  /** Called once, with the first failure. */
  onFailure(error: Error): void;
  now?: () => Date;
}

/** A part is a tenth of the cap: what is cut off at a time, and what several processes may overshoot by. */
const PARTS = 10;
/** Room for the part that this process begins and for those that others are in the middle of. */
const KEPT_PARTS = 7;
const MAX_WAITING = 1 << 20;

const OURS = /^anicargo-(\d{4}-\d\d-\d\d)(?:\.(\d+))?\.log$/;

const fileName = (day: string, part: number): string => `anicargo-${day}${part === 0 ? "" : `.${part}`}.log`;

export function openLogFiles({ folder, maxBytes, onFailure, now = () => new Date() }: LogFilesOptions): LogFiles {
  const partBytes = Math.floor(maxBytes / PARTS);
  const maxWaiting = Math.min(MAX_WAITING, partBytes);
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let dropped = 0;
  let failed = false;
  let writing: Promise<void> | undefined;
  let current = { day: "", part: 0 };

  /** The file that takes so many bytes more; beginning one makes room for it. */
  const target = async (bytes: number): Promise<string> => {
    const day = now().toISOString().slice(0, 10);
    const size = day === current.day ? await sizeOf(join(folder, fileName(day, current.part))) : 0;
    if (size === 0 || size + bytes > partBytes) {
      await mkdir(folder, { recursive: true });
      const files = await ours(folder);
      const last = files.findLast((file) => file.day === day);
      current = { day, part: last ? last.part + (last.size + bytes > partBytes ? 1 : 0) : 0 };
      await prune(folder, files, partBytes * KEPT_PARTS);
    }
    return join(folder, fileName(day, current.part));
  };

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const lines =
        dropped > 0 ? [...waiting, Buffer.from(`(${dropped} lines dropped: the disk is too slow)\n`)] : waiting;
      const batch = Buffer.concat(lines);
      waiting = [];
      waitingBytes = 0;
      dropped = 0;
      try {
        await appendFile(await target(batch.length), batch, { mode: 0o640 });
      } catch (error) {
        current = { day: "", part: 0 }; // the folder may be gone: make it again next time
        if (!failed) onFailure(error as Error);
        failed = true;
      }
    }
    writing = undefined;
  };

  return {
    write: (line) => {
      const bytes = Buffer.from(`${line}\n`);
      if (waitingBytes + bytes.length > maxWaiting) {
        dropped++;
        return;
      }
      waiting.push(bytes);
      waitingBytes += bytes.length;
      writing ??= drain();
    },
    close: async () => {
      while (writing) await writing;
    },
  };
}

interface LogFile {
  name: string;
  day: string;
  part: number;
  size: number;
}

/** Our files, oldest first. */
async function ours(folder: string): Promise<LogFile[]> {
  const files: LogFile[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const [name, day, part = "0"] = (entry.isFile() && OURS.exec(entry.name)) || [];
    if (name === undefined || day === undefined) continue;
    files.push({ name, day, part: Number(part), size: await sizeOf(join(folder, name)) });
  }
  return files.sort((a, b) => (a.day === b.day ? a.part - b.part : a.day < b.day ? -1 : 1));
}

/** Removes the oldest until the rest fits; the last one stays. */
async function prune(folder: string, files: readonly LogFile[], maxBytes: number): Promise<void> {
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { name, size } of files.slice(0, -1)) {
    if (total <= maxBytes) return;
    await unlink(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error; // another process was faster
    });
    total -= size;
  }
}

/** 0 when it is not there (any more). */
const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    (stats) => stats.size,
    () => 0,
  );
