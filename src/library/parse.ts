/** From a path to what it says: pure, so that it can be read, measured and replaced. */
import type { Anitomy, Elements } from "./anitomy.ts";

/** Counted up whenever {@link parsePath} may say something else: files with an older parse are parsed again. */
export const PARSER_VERSION = 1;

export interface Parse {
  title: string | null;
  /** The first one where a file holds several; all of them are in the elements. 7.5 is a number of an episode. */
  episode: number | null;
  season: number | null;
  release_group: string | null;
  /** As the name says it, in one spelling: `1080p`, `1920x1080`. */
  resolution: string | null;
  /** What Anitomy saw in the file's name. */
  elements: Elements;
}

/** @param path relative to the library, with slashes */
export function parsePath(path: string, anitomy: Anitomy): Parse {
  const folders = path.split("/");
  const name = folders.pop()!;
  const elements = anitomy(name);
  const parse: Parse = {
    title: elements.AnimeTitle?.[0] ?? null,
    episode: numberIn(elements.EpisodeNumber?.[0], MOST_EPISODES),
    season: wholeNumberIn(elements.AnimeSeason?.[0]),
    release_group: elements.ReleaseGroup?.[0] ?? null,
    resolution: spelled(elements.VideoResolution?.[0]),
    elements,
  };
  // "Some Show/Season 2/03.mkv": Anitomy takes a name that is a number for the title.
  if (parse.title === null || /^\d+$/.test(parse.title)) {
    parse.episode ??= numberIn(parse.title, MOST_EPISODES);
    Object.assign(parse, fromFolders(folders, parse, anitomy));
  }
  return parse;
}

const SEASON_FOLDER = /^(?:season|s)[ ._]*(\d{1,2})$/i;

/** Title, and season if the name had none, from the nearest folder that says more than a season's number. */
function fromFolders(folders: string[], { season }: Parse, anitomy: Anitomy): Pick<Parse, "title" | "season"> {
  for (const folder of folders.toReversed()) {
    const number = SEASON_FOLDER.exec(folder)?.[1];
    if (number !== undefined) {
      season ??= Number(number);
      continue;
    }
    // With an extension: else Anitomy takes what follows the last dot of a folder for one.
    const elements = anitomy(`${folder}.mkv`);
    return {
      title: elements.AnimeTitle?.[0] ?? folder,
      season: season ?? wholeNumberIn(elements.AnimeSeason?.[0]),
    };
  }
  return { title: null, season };
}

/** Beyond this it is a date or a checksum. */
const MOST_EPISODES = 99_999;
const MOST_SEASONS = 999;

function numberIn(text: string | null | undefined, most: number): number | null {
  const number = Number.parseFloat(text ?? "");
  return number >= 0 && number <= most ? number : null;
}

function wholeNumberIn(text: string | undefined): number | null {
  const number = numberIn(text, MOST_SEASONS);
  return number === null ? null : Math.trunc(number);
}

/** `1080P` and `852X480` are `1080p` and `852x480`; other words stay. */
const spelled = (resolution: string | undefined): string | null =>
  resolution?.replace(/^\d+[pix]\d*$/i, (text) => text.toLowerCase()) ?? null;

/** How titles and paths are compared with a search: whatever their width, case and composition. */
export const foldSearch = (text: string): string => text.normalize("NFKC").toLowerCase();
