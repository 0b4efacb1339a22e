/** Which files an auto-match looks at, from what is known of them: pure. */
import { canonicalJson } from "../../src/lib/canonical-json.ts";
import { groupFiles } from "./grouping.ts";
import type { MatchLimits } from "./limits.ts";
import type { GroupFile } from "./model.ts";

/** Counted up whenever the rules, or the titles that are bundled with them, may say something else: every file is decided anew. */
export const RULES_VERSION = 1;

/** A parsed file with what was decided on it before. */
export interface KnownFile extends GroupFile {
  match: { subjectId: number; method: "auto" | "manual" } | null;
  decision: {
    inputs: string;
    /** Made so long ago that Bangumi may know more by now. */
    stale: boolean;
  } | null;
}

/** A file to be decided, and the hash of all that the decision rests on. */
export interface PendingFile extends KnownFile {
  inputs: string;
}

export interface PendingGroup {
  pending: PendingFile[];
  /** The subject that a person chose for neighbours; null: the rules decide. */
  taught: number | null;
}

export interface MatchPlan {
  /** Files without a manual match. */
  scanned: number;
  /** Those of them that are not looked at, since nothing is new about them. */
  skipped: number;
  groups: PendingGroup[];
}

/** @param rules the version of the rules and of what they know: another one decides everything anew */
export function planMatching(
  files: readonly KnownFile[],
  { rules, limits }: { rules: string; limits: MatchLimits },
): MatchPlan {
  const scanned = files.filter(isOpen).length;
  const groups = groupFiles(files).flatMap((group) => {
    const taught = taughtSubject(group);
    const open = group.filter(isOpen).map((file) => ({ ...file, inputs: hash(rules, limits, taught, file) }));
    const pending = open.filter(isDue);
    return pending.length > 0 ? [{ pending, taught }] : [];
  });
  return { scanned, skipped: scanned - groups.reduce((sum, { pending }) => sum + pending.length, 0), groups };
}

const isOpen = ({ match }: KnownFile): boolean => match?.method !== "manual";

function isDue({ decision, inputs, match, reading }: PendingFile): boolean {
  if (!decision || decision.inputs !== inputs) return true;
  // What is found stays found, and no news make an episode of an opening.
  return decision.stale && !match && reading.kind !== "extra";
}

/**
 * A choice by hand teaches the group, unless another match in it disagrees: then the choice may have been for that one file,
 * an OVA numbered on after its series, and what was right for the others stays.
 */
export function taughtSubject(group: readonly KnownFile[]): number | null {
  const subjects = new Set(group.flatMap(({ match }) => match?.subjectId ?? []));
  const byHand = group.some(({ match, reading }) => match?.method === "manual" && reading.kind !== "extra");
  return byHand && subjects.size === 1 ? [...subjects][0]! : null;
}

function hash(rules: string, limits: MatchLimits, taught: number | null, { reading }: KnownFile): string {
  return new Bun.CryptoHasher("sha256").update(canonicalJson([rules, limits, taught, reading])).digest("hex");
}
