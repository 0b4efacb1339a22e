/** What an index says when it is done. */
import type { Plan } from "./plan.ts";
import type { Doubt } from "./removal-guard.ts";

export interface IndexResult {
  /** Files found, without those that are still growing. */
  scanned: number;
  /** Files written: new, changed or moved. */
  upserted: number;
  parsed: number;
  /** Neither parsed nor written. */
  skipped: number;
  removed: number;
  /** Files that changed while they were looked at; the next pass takes them. Absent: none. */
  growing?: number;
  /** What a person should know; absent when all is well. */
  warnings?: string[];
}

const REMEDY = "check that all disks are mounted; if the files are really gone, run `anicargo index --allow-removals`";

const DOUBTS: Record<Doubt, string> = {
  empty: "the media folder is empty",
  unreadable: "not every folder could be read",
  most: "more than half of the library is gone at once",
};

const MOST_NAMES = 5;

/** Sentences, public: paths in them are relative to the library. */
export function warningsOf(plan: Pick<Plan, "doubt" | "kept">, unreadable: readonly string[]): string[] {
  const warnings: string[] = [];
  if (unreadable.length > 0) {
    const names = unreadable.slice(0, MOST_NAMES).map((path) => JSON.stringify(path));
    const more = unreadable.length > MOST_NAMES ? ` and ${unreadable.length - MOST_NAMES} more` : "";
    warnings.push(`could not read ${names.join(", ")}${more}: what is known of them stays; check their permissions`);
  }
  if (plan.doubt) {
    warnings.push(`${DOUBTS[plan.doubt]}, so ${count(plan.kept)} that cannot be found stay in the library: ${REMEDY}`);
  }
  return warnings;
}

/** `indexed 12 files (parsed 3, skipped 9, removed 0)` */
export const summaryOf = ({ scanned, parsed, skipped, removed }: IndexResult): string =>
  `indexed ${count(scanned)} (parsed ${parsed}, skipped ${skipped}, removed ${removed})`;

const count = (files: number): string => `${files} ${files === 1 ? "file" : "files"}`;
