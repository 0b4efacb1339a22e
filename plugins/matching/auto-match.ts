/** One pass over the library: every file about which something is new is decided and written. */
import { setImmediate } from "node:timers/promises";
import type { Sql } from "postgres";
import { type Logger, type Progress, Unavailable } from "../../src/plugin.ts";
import type { Bangumi } from "../bangumi/model.ts";
import type { MatchLimits, ScoreLimits } from "./limits.ts";
import { waitingLine } from "./match-result.ts";
import type { FileVerdict, Group } from "./model.ts";
import { type PendingFile, type PendingGroup, planMatching } from "./plan.ts";
import { listKnownFiles } from "./store.ts";
import { teach } from "./teaching.ts";
import { type Decided, storeVerdicts } from "./verdicts.ts";

/** The rules with all that they ask; throws `Unavailable` when Bangumi is needed and out of reach. */
export type Decide = (group: Group, limits: ScoreLimits) => Promise<FileVerdict[]>;

export interface AutoMatchOptions {
  sql: Sql;
  log: Logger;
  bangumi: Pick<Bangumi, "subject" | "episodes">;
  decide: Decide;
  /** See `planMatching`. */
  rules: string;
  limits: MatchLimits;
  signal: AbortSignal;
  progress(progress: Progress): void;
  /** Rejects when this run may not write any more. */
  fence(): Promise<void>;
}

export interface AutoMatchPass {
  /** Files that nothing was new about. */
  skipped: number;
  /** Files that could not be decided because of a bug. */
  failed: number;
  /** Files that Bangumi is needed for, which is out of reach. */
  waiting: number;
  /** Why they wait; null when none does. */
  outage: Unavailable | null;
}

/** Groups at once: so that waiting for Bangumi, whose own limits hold, does not hold up what the cache knows. */
const AT_ONCE = 8;
/** So many groups in a row that fail are not unlucky ones. */
const GIVE_UP_AFTER = 16;
const BATCH_FILES = 500;
/** With a slow Bangumi a batch takes minutes to fill; a kill shall not cost them. */
const BATCH_MS = 2000;

/** Throws what `signal` was aborted with; nothing is written after that. */
export async function autoMatch(options: AutoMatchOptions): Promise<AutoMatchPass> {
  const { sql, rules, limits, signal } = options;
  const pass: AutoMatchPass = { skipped: 0, failed: 0, waiting: 0, outage: null };
  const tried = new Set<string>();
  const isNew = ({ mediaId, inputs }: PendingFile): boolean => !tried.has(`${mediaId} ${inputs}`);
  // Whoever asks for an auto-match while one runs gets that one: so it looks again for what came meanwhile.
  for (let round = 1; ; round++) {
    signal.throwIfAborted();
    const plan = planMatching(await listKnownFiles(sql), { rules, limits });
    if (round === 1) pass.skipped = plan.skipped;
    const groups = plan.groups
      .map(({ pending, taught }) => ({ pending: pending.filter(isNew), taught }))
      .filter(({ pending }) => pending.length > 0);
    if (groups.length === 0 || pass.outage) return pass;
    for (const { mediaId, inputs } of groups.flatMap(({ pending }) => pending)) tried.add(`${mediaId} ${inputs}`);
    await decideGroups(groups, plan.scanned, pass, options);
  }
}

async function decideGroups(
  groups: readonly PendingGroup[],
  scanned: number,
  pass: AutoMatchPass,
  options: AutoMatchOptions,
): Promise<void> {
  const { log, signal, progress } = options;
  const total = groups.reduce((sum, { pending }) => sum + pending.length, 0);
  const writer = createWriter(options);
  const queue = groups.values();
  let done = scanned - total;
  let failures = 0;
  let over = false;

  /** @returns nothing where that failed, which is counted */
  const tryToDecide = async ({ pending, taught }: PendingGroup): Promise<Decided[]> => {
    try {
      const decided = await verdictsOn(pending, taught, options);
      failures = 0;
      return decided;
    } catch (error) {
      signal.throwIfAborted();
      failures++;
      if (error instanceof Unavailable) {
        pass.outage = error;
        pass.waiting += pending.length;
        return [];
      }
      if (failures >= GIVE_UP_AFTER && !pass.outage) throw error;
      pass.failed += pending.length;
      log.error("files could not be matched, this is a bug", { path: pending[0]!.path, files: pending.length, error });
      return [];
    }
  };
  const work = async (): Promise<void> => {
    for (const group of queue) {
      if (over) return;
      if (pass.outage && failures >= GIVE_UP_AFTER) {
        pass.waiting += group.pending.length;
        continue;
      }
      progress({ done, total: scanned, note: titleOf(group.pending[0]!) });
      const decided = await tryToDecide(group);
      // Rules over cached answers hardly wait for anything, and others want their turn.
      await setImmediate();
      signal.throwIfAborted();
      await writer.add(decided);
      done += decided.length;
    }
  };
  try {
    await Promise.race([Promise.all(Array.from({ length: AT_ONCE }, work)), aborted(signal)]);
    await writer.flush();
  } finally {
    over = true;
    await writer.idle();
  }
  progress({ done, total: scanned, note: pass.outage ? waitingLine(pass.outage.message, pass.waiting) : undefined });
}

/** One for every pending file, in any order. */
async function verdictsOn(
  pending: readonly PendingFile[],
  taught: number | null,
  { bangumi, decide, limits }: AutoMatchOptions,
): Promise<Decided[]> {
  const learned = taught === null ? [] : await teach(bangumi, taught, pending);
  const verdicts = new Map(learned.map((verdict) => [verdict.mediaId, verdict]));
  const files = pending.filter(({ mediaId }) => !verdicts.has(mediaId));
  const ruled = files.length > 0 ? await decide({ files }, limits) : [];
  for (const verdict of ruled) verdicts.set(verdict.mediaId, verdict);
  return pending.map(({ mediaId, inputs }) => ({
    verdict: verdicts.get(mediaId) ?? { mediaId, candidates: [], match: null },
    inputs,
  }));
}

interface Writer {
  add(decided: readonly Decided[]): Promise<void>;
  flush(): Promise<void>;
  /** Resolves when no write is under way, whatever became of it. */
  idle(): Promise<void>;
}

/** Collects batches; one is written at a time. */
function createWriter({ sql, limits, signal, fence }: AutoMatchOptions): Writer {
  let batch: Decided[] = [];
  let since = performance.now();
  let writing: Promise<void> = Promise.resolve();
  const write = async (): Promise<void> => {
    const full = batch;
    batch = [];
    since = performance.now();
    if (full.length === 0) return;
    await fence();
    signal.throwIfAborted();
    await storeVerdicts(sql, full, limits);
  };
  const flush = (): Promise<void> => {
    writing = writing.then(write);
    return writing;
  };
  return {
    add: async (decided) => {
      batch.push(...decided);
      if (batch.length >= BATCH_FILES || performance.now() - since >= BATCH_MS) await flush();
    },
    flush,
    idle: () => writing.catch(() => {}),
  };
}

const titleOf = ({ path, reading }: PendingFile): string =>
  (reading.titles[0] ?? reading.folderTitles[0])?.text ?? path.slice(path.lastIndexOf("/") + 1);

/** Rejects when the signal comes. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
