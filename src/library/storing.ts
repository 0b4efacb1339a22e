/** Writing what an index planned, a batch a transaction: a kill at any moment leaves whole batches behind. */
import { setImmediate } from "node:timers/promises";
import type { Sql } from "postgres";
import { loadAnitomy } from "./anitomy.ts";
import { foldSearch, PARSER_VERSION, parsePath } from "./parse.ts";
import type { Item } from "./plan.ts";
import type { SeenFile } from "./seen-file.ts";
import {
  type FileRow,
  insertFiles,
  type KnownFile,
  type ParseRow,
  parkPaths,
  removeFiles,
  updateFiles,
  upsertParses,
} from "./store.ts";

export interface Writer {
  sql: Sql;
  signal: AbortSignal;
  /** Called before each transaction; rejects when this run may not write any more. */
  fence(): Promise<void>;
  /** Called with the number of files of each batch once they are committed. */
  onStored(files: number): void;
}

const BATCH = 1000;

/** About 10 ms, after which others get their turn on the event loop. */
const PARSED_AT_ONCE = 250;

/**
 * Writes added and changed files, and fresh parses of others. The next batch is parsed while one is being written.
 *
 * @param except files that are not written after all; nothing is before it resolves
 */
export async function storeItems(
  { sql, signal, fence, onStored }: Writer,
  items: readonly Item[],
  except: Promise<ReadonlySet<SeenFile>> = Promise.resolve(new Set()),
): Promise<void> {
  let storing: Promise<void> = Promise.resolve();
  for (const batch of chunks(items)) {
    const parses = await parseItems(batch, signal);
    await storing;
    storing = store(batch, parses);
    storing.catch(() => {}); // awaited in the next round
  }
  await storing;

  async function store(batch: readonly Item[], parses: readonly ParseRow[]) {
    const left = await except;
    const written = batch.filter((item) => !left.has(item.seen));
    if (written.length === 0) return;
    const added = written.filter((item) => item.kind === "added");
    const changed = written.filter((item) => item.kind === "changed");
    await fence();
    await sql.begin(async (tx) => {
      if (added.length > 0) await insertFiles(tx, added.map(toRow));
      if (changed.length > 0) await updateFiles(tx, changed.map(toRow));
      await upsertParses(tx, written.length === batch.length ? parses : onlyOf(written, parses));
    });
    onStored(written.length);
  }
}

/** Gives files their new paths, all in one transaction: any part of a swap alone would be wrong. */
export async function storeMoves(
  { sql, signal, fence, onStored }: Writer,
  moved: readonly Item[],
  overwritten: readonly KnownFile[],
): Promise<void> {
  if (moved.length === 0) return;
  const parses = await parseItems(moved, signal);
  await fence();
  await sql.begin(async (tx) => {
    if (overwritten.length > 0) await removeFiles(tx, overwritten);
    await parkPaths(
      tx,
      moved.map((item) => item.id),
    );
    for (const batch of chunks(moved)) await updateFiles(tx, batch.map(toRow));
    for (const batch of chunks(parses)) await upsertParses(tx, batch);
  });
  onStored(moved.length);
}

/** @returns how many were removed */
export async function storeRemovals({ sql, fence }: Writer, removed: readonly KnownFile[]): Promise<number> {
  let count = 0;
  for (const batch of chunks(removed)) {
    await fence();
    count += await removeFiles(sql, batch);
  }
  return count;
}

async function parseItems(items: readonly Item[], signal: AbortSignal): Promise<ParseRow[]> {
  const anitomy = await loadAnitomy();
  const rows: ParseRow[] = [];
  for (const { id, seen } of items) {
    if (rows.length % PARSED_AT_ONCE === 0) {
      await setImmediate();
      signal.throwIfAborted();
    }
    const parse = parsePath(seen.path, anitomy);
    const search = foldSearch(`${seen.path}\n${parse.title ?? ""}`);
    rows.push({ media_id: id, ...parse, search, parser_version: PARSER_VERSION });
  }
  return rows;
}

function onlyOf(items: readonly Item[], parses: readonly ParseRow[]): ParseRow[] {
  const ids = new Set(items.map((item) => item.id));
  return parses.filter((parse) => ids.has(parse.media_id));
}

const toRow = ({ id, seen }: Item): FileRow => ({ id, ...seen });

function* chunks<T>(items: readonly T[]): Generator<T[]> {
  for (let from = 0; from < items.length; from += BATCH) yield items.slice(from, from + BATCH);
}
