/** What changed between the library as it was and as it is: pure, sets in and sets out. */
import { split } from "../lib/split.ts";
import type { SeenFile } from "./seen-file.ts";

/** The part of a stored file that is compared. */
export interface Known {
  id: string;
  path: string;
  size: number;
  mtime: number;
  inode: number;
}

export interface Pair<K extends Known = Known> {
  known: K;
  seen: SeenFile;
}

export interface Difference<K extends Known = Known> {
  /** Same path, size and time. */
  unchanged: Pair<K>[];
  /** Same path, other content. */
  changed: Pair<K>[];
  /** Another path, same content. */
  moved: Pair<K>[];
  added: SeenFile[];
  /** Not seen, and not in `overwritten`. */
  missing: K[];
  /** Gone for certain: the path now holds another file, which was known elsewhere. */
  overwritten: K[];
}

/**
 * A file keeps its identity over a rename or move: by inode, size and time, which also sees swaps and chains through
 * other files' old paths; where there is no inode to tell, by size and time with the base name, then by size and time
 * alone. Each only one to one: what is ambiguous has not moved.
 */
export function diff<K extends Known>(known: readonly K[], seen: readonly SeenFile[]): Difference<K> {
  const knownByPath = new Map(known.map((file) => [file.path, file]));
  const unchanged: Pair<K>[] = [];
  const replaced: Pair<K>[] = [];
  const fresh: SeenFile[] = [];
  for (const file of seen) {
    const before = knownByPath.get(file.path);
    if (!before) fresh.push(file);
    else if (isSame(before, file)) unchanged.push({ known: before, seen: file });
    else replaced.push({ known: before, seen: file });
  }

  const moved: Pair<K>[] = [];
  const origins = new Set(unchanged.map((pair) => pair.known));
  const arrived = new Set<SeenFile>();
  const move = (from: readonly K[], to: readonly SeenFile[], keyOf: KeyOf) => {
    for (const pair of pairUnique(from, to, keyOf)) {
      moved.push(pair);
      origins.add(pair.known);
      arrived.add(pair.seen);
    }
  };
  const isLeft = (file: K) => !origins.has(file);
  const isNew = (file: SeenFile) => !arrived.has(file);
  if (origins.size < known.length) {
    move(known.filter(isLeft), [...fresh, ...replaced.map((pair) => pair.seen)], byIdentity);
  }

  // Other content at a known path is a change, unless one of the two files is known to be, or to come from, elsewhere.
  const takenOver = new Set(replaced.filter((pair) => !isNew(pair.seen)).map((pair) => pair.known));
  const [changed, vacated] = split(
    replaced.filter((pair) => isNew(pair.seen)),
    (pair) => isLeft(pair.known),
  );
  for (const pair of changed) origins.add(pair.known);
  const newcomers = [...fresh, ...vacated.map((pair) => pair.seen)];
  for (const keyOf of [byBaseName, bySizeAndTime]) {
    if (origins.size < known.length) move(known.filter(isLeft), newcomers.filter(isNew), keyOf);
  }

  const gone = known.filter(isLeft);
  return {
    unchanged,
    changed,
    moved,
    added: newcomers.filter(isNew),
    missing: gone.filter((file) => !takenOver.has(file)),
    overwritten: gone.filter((file) => takenOver.has(file)),
  };
}

const isSame = (a: Compared, b: Compared) => a.size === b.size && a.mtime === b.mtime;

type Compared = Pick<Known, "path" | "size" | "mtime" | "inode">;
/** Undefined: cannot be told from others. */
type KeyOf = (file: Compared) => string | undefined;

const bySizeAndTime: KeyOf = (file) => `${file.size}:${file.mtime}`;
const byIdentity: KeyOf = (file) => (file.inode > 0 ? `${file.size}:${file.mtime}:${file.inode}` : undefined);
const byBaseName: KeyOf = (file) => `${file.size}:${file.mtime}:${file.path.slice(file.path.lastIndexOf("/") + 1)}`;

/** Pairs those whose key is borne by exactly one file on either side. */
function pairUnique<K extends Known>(known: readonly K[], seen: readonly SeenFile[], keyOf: KeyOf): Pair<K>[] {
  const knownByKey = Map.groupBy(known, keyOf);
  const pairs: Pair<K>[] = [];
  for (const [key, files] of Map.groupBy(seen, keyOf)) {
    const candidates = knownByKey.get(key);
    if (key !== undefined && files.length === 1 && candidates?.length === 1) {
      pairs.push({ known: candidates[0]!, seen: files[0]! });
    }
  }
  return pairs;
}
