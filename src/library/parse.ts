/** From a path to what is stored of it: pure, so that it can be measured and replaced. */
import { readTitleSeason } from "../lib/title-season.ts";
import type { Anitomy, Elements } from "./anitomy.ts";
import { readRelease } from "./reader/read-release.ts";
import type { Reading, ReleaseKind } from "./reader/reading.ts";

/** Counted up whenever {@link parsePath} may say something else: files with an older parse are parsed again. */
export const PARSER_VERSION = 2;

export interface Parse {
  /** Without the words for its season. */
  title: string | null;
  /** The first one where a file holds several; the reading has the last one. 7.5 is a number of an episode. */
  episode: number | null;
  season: number | null;
  release_group: string | null;
  /** As the name says it, in one spelling: `1080p`, `1920x1080`. */
  resolution: string | null;
  kind: ReleaseKind;
  reading: Reading;
  /** What Anitomy saw in the file's name. */
  elements: Elements;
}

/** @param path relative to the library, with slashes */
export function parsePath(path: string, anitomy: Anitomy): Parse {
  const elements = anitomy(path.slice(path.lastIndexOf("/") + 1));
  const reading = readRelease(path, () => elements);
  return {
    title: titleOf(reading),
    episode: reading.episode,
    season: reading.season,
    release_group: reading.group,
    resolution: spelled(elements.VideoResolution?.[0]),
    kind: reading.kind,
    reading,
    elements,
  };
}

/** A title of the file before one of a folder, and each before what was only cut out of a text. */
function titleOf({ titles, folderTitles }: Reading): string | null {
  const all = [...titles, ...folderTitles];
  const best = all.find((title) => !title.derived) ?? all[0];
  if (!best) return null;
  const { base, weak } = readTitleSeason(best.text);
  return weak || base === "" ? best.text : base;
}

/** `1080P` and `852X480` are `1080p` and `852x480`; other words stay. */
const spelled = (resolution: string | undefined): string | null =>
  resolution?.replace(/^\d+[pix]\d*$/i, (text) => text.toLowerCase()) ?? null;

/** How titles and paths are compared with a search: whatever their width, case and composition. */
export const foldSearch = (text: string): string => text.normalize("NFKC").toLowerCase();
