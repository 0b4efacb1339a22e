/** One pass over the library: what is on disk becomes what is in the database. */
import { setTimeout } from "node:timers/promises";
import type { Sql } from "postgres";
import type { Progress } from "../jobs/job.ts";
import { split } from "../lib/split.ts";
import { type IndexResult, warningsOf } from "./index-result.ts";
import { PARSER_VERSION } from "./parse.ts";
import { type Item, planIndex } from "./plan.ts";
import { MissingRoot } from "./root.ts";
import { isRecent, LOOK_AGAIN_MS, stillChanging } from "./second-look.ts";
import type { SeenFile } from "./seen-file.ts";
import { listKnownFiles } from "./store.ts";
import { storeItems, storeMoves, storeRemovals, type Writer } from "./storing.ts";
import { type Walked, walk } from "./walk.ts";

export interface IndexOptions {
  sql: Sql;
  /** The library folder. */
  root: string;
  /** Absolute real paths that are not the library's, wherever they lie. */
  exclude?: readonly string[];
  /** Removes what is gone, however much that is. */
  allowRemovals: boolean;
  signal: AbortSignal;
  progress(progress: Progress): void;
  /** Rejects when this run may not write any more. */
  fence(): Promise<void>;
  /** The time between two looks at a file that may be growing; tests let it pass their own way. */
  pause?(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export interface IndexPass {
  result: IndexResult;
  /** Links that lead out of the library. */
  outside: number;
}

/** @throws MissingRoot unless removals are allowed, PermissionDenied, and what `signal` was aborted with */
export async function indexLibrary(options: IndexOptions): Promise<IndexPass> {
  const { sql, allowRemovals, signal, progress, fence } = options;
  const [known, walked] = await Promise.all([listKnownFiles(sql), look(options)]);
  const plan = planIndex(known, walked, { allowRemovals, parserVersion: PARSER_VERSION });
  const total = plan.moved.length + plan.items.length;
  let done = 0;
  const writer: Writer = {
    sql,
    signal,
    fence,
    onStored: (files) => {
      done += files;
      progress({ done, total, note: "storing" });
    },
  };

  // A known file that is as it was stored has not grown since, whatever its time says: only these are looked at again.
  const now = Date.now();
  const [recent, steady] = split(plan.items, ({ kind, seen }) => kind !== "stale" && isRecent(seen, now));
  const growing = secondLook(recent, options);
  growing.catch(() => {}); // awaited after the others are stored
  await storeMoves(writer, plan.moved, plan.overwritten);
  await storeItems(writer, steady);
  await storeItems(writer, recent, growing);
  const removed = (await storeRemovals(writer, plan.removed)) + plan.overwritten.length;

  const waiting = (await growing).size;
  const warnings = warningsOf(plan, walked.unreadable);
  const written = plan.moved.length + plan.items.filter((item) => item.kind !== "stale").length - waiting;
  const result: IndexResult = {
    scanned: walked.files.length - waiting,
    upserted: written,
    parsed: total - waiting,
    skipped: plan.unchanged,
    removed,
    ...(waiting > 0 && { growing: waiting }),
    ...(warnings.length > 0 && { warnings }),
  };
  return { result, outside: walked.outside };
}

/** Which of these files are not, a second later, what they were. */
async function secondLook(
  items: readonly Item[],
  { root, signal, pause = wait }: IndexOptions,
): Promise<ReadonlySet<SeenFile>> {
  if (items.length === 0) return new Set();
  await pause(LOOK_AGAIN_MS, signal);
  return await stillChanging(
    root,
    items.map((item) => item.seen),
  );
}

async function look({ root, exclude, allowRemovals, signal, progress }: IndexOptions): Promise<Walked> {
  try {
    return await walk(root, { exclude, signal, onProgress: (done) => progress({ done, note: "looking" }) });
  } catch (error) {
    // Gone is gone, and the caller has said that this may be.
    if (allowRemovals && error instanceof MissingRoot) return { files: [], unreadable: [], outside: 0, empty: true };
    throw error;
  }
}

const wait = (milliseconds: number, signal: AbortSignal) => setTimeout(milliseconds, undefined, { signal });
