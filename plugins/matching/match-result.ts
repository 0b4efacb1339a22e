/** What an auto-match says when it is done, and when it is not. */
import type { Standing } from "./store.ts";

export interface MatchResult {
  /** Parsed files without a manual match. */
  scanned: number;
  /** Of them, those without a match that have candidates: a person may pick. */
  candidates: number;
  /** Of them, those that have an automatic match now. */
  matched: number;
  /** Of them, those that were not looked at, since nothing is new about them. */
  skipped: number;
  /** Of them, those for which nothing was found. */
  unknown: number;
  /** Of them, those that could not be decided because of a bug; the log has the paths. Absent: none. */
  failed?: number;
}

export const resultOf = (standing: Standing, skipped: number, failed: number): MatchResult => ({
  scanned: standing.files,
  candidates: standing.candidates,
  matched: standing.matched,
  skipped,
  unknown: standing.unknown,
  ...(failed > 0 && { failed }),
});

/** `matched 40 of 52 files (3 need a look, 9 unknown)` */
export const summaryOf = ({ scanned, matched, candidates, unknown }: Omit<MatchResult, "skipped">): string =>
  `matched ${matched} of ${count(scanned)} (${candidates} ${candidates === 1 ? "needs" : "need"} a look, ${unknown} unknown)`;

/** The line of a job that goes on later: `Bangumi cannot be reached: …; 120 files wait for it`. */
export const waitingLine = (why: string, files: number): string =>
  `${why}; ${count(files)} ${files === 1 ? "waits" : "wait"} for it`;

/** Whether a job's last error is such a line. */
export const isWaitingLine = (line: string | null): line is string => /; \d+ files? waits? for it$/.test(line ?? "");

const count = (files: number): string => `${files} ${files === 1 ? "file" : "files"}`;
