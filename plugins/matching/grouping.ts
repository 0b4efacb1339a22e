/** Which files are matched together: pure. */

import type { ReleaseKind } from "../../src/plugin.ts";
import type { GroupFile } from "./model.ts";

/** Kinds that one subject holds together: a special stands in the list of its series. */
const CLASSES: Record<ReleaseKind, string> = {
  episode: "series",
  special: "series",
  unknown: "unknown",
  movie: "movie",
  ova: "ova",
  extra: "extra",
};

/** The folder of a path, relative to the library; empty at its top. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** Equal for files of one folder whose names call one work by the same titles, season, part, year and kind. */
export function groupKey({ path, reading }: GroupFile): string {
  const { kind, titles, folderTitles, season, part, year, staged } = reading;
  const named = titles.length > 0 ? titles : folderTitles;
  const words = named.map(({ text }) => text.normalize("NFKC").toLowerCase());
  return JSON.stringify([folderOf(path), CLASSES[kind], staged, season, part, year, words]);
}

/** Groups in the order of their first files. */
export function groupFiles<F extends GroupFile>(files: readonly F[]): F[][] {
  return [...Map.groupBy(files, groupKey).values()];
}
