/** Turning a flood of progress into a few writes. */
import { printable } from "../lib/printable.ts";
import type { Progress } from "./job.ts";

const NOTE_LENGTH = 200;

export interface ProgressWriter {
  /** Remembers the latest; never throws. */
  report(progress: Progress): void;
  /** What was reported last, whether written or not. */
  latest(): Progress | undefined;
  /** No more writes. */
  close(): void;
}

/**
 * Writes the first report at once and then the latest one, at most every `everyMs` milliseconds and one write at a time. A
 * failed write is dropped: the next carries newer numbers, and the end of the attempt the last.
 */
export function createProgressWriter(write: (progress: Progress) => Promise<void>, everyMs: number): ProgressWriter {
  let latest: Progress | undefined;
  let dirty = false;
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writing = false;

  const flush = async () => {
    if (closed || writing || timer || !dirty || !latest) return;
    dirty = false;
    writing = true;
    await write(latest).catch(() => {});
    writing = false;
    if (closed) return;
    timer = setTimeout(() => {
      timer = undefined;
      void flush();
    }, everyMs);
  };
  return {
    report(progress) {
      const clean = cleanProgress(progress);
      if (!clean) return;
      latest = clean;
      dirty = true;
      void flush();
    },
    latest: () => latest,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/** What may go into the database, and from there to any terminal; undefined when it is no progress at all. */
export function cleanProgress({ done, total, note }: Progress): Progress | undefined {
  if (!Number.isFinite(done)) return;
  return {
    done,
    ...(Number.isFinite(total) && { total }),
    ...(typeof note === "string" && { note: printable(note).slice(0, NOTE_LENGTH).toWellFormed() }),
  };
}
