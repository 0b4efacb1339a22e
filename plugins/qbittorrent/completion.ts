/** Which torrents are complete: by what they are doing, since the numbers alone say so of torrents without any data. */
import type { Torrent } from "./model.ts";

/** What a torrent does whose data is whole and in its place. `pausedUP` became `stoppedUP` in qBittorrent 5. */
const SEEDING: ReadonlySet<string> = new Set([
  "uploading",
  "stalledUP",
  "pausedUP",
  "stoppedUP",
  "queuedUP",
  "forcedUP",
]);

const CHECKED = "it is being checked";
const WAITING: Readonly<Record<string, Wait>> = {
  checkingUP: { why: CHECKED, passes: true },
  checkingDL: { why: CHECKED, passes: true },
  checkingResumeData: { why: CHECKED, passes: true },
  moving: { why: "it is being moved", passes: true },
  missingFiles: { why: "qBittorrent misses its files: recheck it there", passes: false },
  error: { why: "qBittorrent reports an error", passes: false },
};

export interface Wait {
  why: string;
  /** Whether it ends by itself, and soon. */
  passes: boolean;
}

/**
 * qBittorrent's own filter (`filter=completed`) is not asked for: it lets `checkingUP` through, and hides what is moving or
 * misses its files, of which a person wants to hear. All that it lets through otherwise has one of the states above.
 */
export function completionOf({ state, progress, amountLeft }: Torrent): "complete" | "unfinished" | Wait {
  if (WAITING[state]) return WAITING[state];
  if (progress !== 1 || amountLeft !== 0) return "unfinished";
  return SEEDING.has(state) ? "complete" : { why: `its state is ${state}`, passes: false };
}
