/** What an index is going to do, from what is known and what was seen: pure. */
import { diff, type Pair } from "./diff.ts";
import { mediaId } from "./media-id.ts";
import { type Doubt, doubtRemoval } from "./removal-guard.ts";
import type { SeenFile } from "./seen-file.ts";
import type { KnownFile } from "./store.ts";
import type { Walked } from "./walk.ts";

/** A file to be written under an id. */
export interface Item {
  id: string;
  seen: SeenFile;
  /** `stale`: only its parse, which an older parser made. */
  kind: "added" | "changed" | "moved" | "stale";
}

export interface Plan {
  /** How many files are, and stay, as they are. */
  unchanged: number;
  /** To be written together, since they may swap paths, and with the rows that stand where they go. */
  moved: Item[];
  /** Known files that moved files were moved over. */
  overwritten: KnownFile[];
  /** To be written in any order after the moves. */
  items: Item[];
  removed: KnownFile[];
  /** Files that cannot be found and stay all the same. */
  kept: number;
  /** Why they stay. */
  doubt: Doubt | undefined;
}

/** @param parserVersion what the parse of an unchanged file must be of */
export function planIndex(
  known: readonly KnownFile[],
  walked: Pick<Walked, "files" | "unreadable" | "empty">,
  { allowRemovals, parserVersion }: { allowRemovals: boolean; parserVersion: number },
): Plan {
  const comparable = walked.unreadable.length === 0 ? known : withoutUnreadable(known, walked);
  const { unchanged, changed, moved, added, missing, overwritten } = diff(comparable, walked.files);
  const stale = unchanged.filter((pair) => pair.known.parser_version !== parserVersion);
  const disappearance = {
    known: known.length,
    missing: missing.length,
    empty: walked.empty,
    unreadable: walked.unreadable.length > 0,
  };
  const doubt = allowRemovals ? undefined : doubtRemoval(disappearance);
  return {
    unchanged: unchanged.length - stale.length,
    moved: moved.map(as("moved")),
    overwritten,
    items: [...withIds(added, known), ...changed.map(as("changed")), ...stale.map(as("stale"))],
    removed: doubt ? [] : missing,
    kept: doubt ? missing.length : 0,
    doubt,
  };
}

const as =
  (kind: Item["kind"]) =>
  ({ known, seen }: Pair<KnownFile>): Item => ({ id: known.id, seen, kind });

/** Leaves out what is not seen and lies where nothing could be seen: it has neither moved nor gone. */
function withoutUnreadable(
  known: readonly KnownFile[],
  { files, unreadable }: Pick<Walked, "files" | "unreadable">,
): KnownFile[] {
  const seen = new Set(files.map((file) => file.path));
  const isUnknown = ({ path }: KnownFile) =>
    !seen.has(path) && unreadable.some((place) => path === place || path.startsWith(`${place}/`));
  return known.filter((file) => !isUnknown(file));
}

/** Ids from paths; a path whose id went elsewhere with a file that moved gets the next one. */
function withIds(added: readonly SeenFile[], known: readonly KnownFile[]): Item[] {
  if (added.length === 0) return [];
  const taken = new Set(known.map((file) => file.id));
  return added.map((seen) => {
    const path = seen.bytes ?? seen.path;
    let id = mediaId(path);
    for (let attempt = 1; taken.has(id); attempt++) id = mediaId(path, attempt);
    taken.add(id);
    return { id, seen, kind: "added" };
  });
}
