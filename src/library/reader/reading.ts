/** What the path of a release says, before anyone is asked what it is. */

/**
 * `extra`: an opening, ending, menu, trailer or another thing that is never an episode. `special`: an episode beside the count (SP, 7.5, 00).
 * `unknown`: nothing in the name says it (a film without the word, a whole show in one file).
 */
export type ReleaseKind = "episode" | "movie" | "ova" | "special" | "extra" | "unknown";

export interface ReadTitle {
  text: string;
  /** Cut out of a longer text (its Chinese or its Latin half), or seen by Anitomy alone: weaker evidence than a text of its own. */
  derived: boolean;
}

export interface Reading {
  kind: ReleaseKind;
  /** What the file's own name calls the work, best first, season words included ("Frieren S2"); empty for "03.mkv". */
  titles: ReadTitle[];
  /** The same from the nearest folder that names a work. */
  folderTitles: ReadTitle[];
  /** As said outright ("S2", 第二季, a folder "Season 2"); a trailing digit of a title is not. */
  season: number | null;
  /** Part or cour, said outright. */
  part: number | null;
  /** The first one where a file holds several; 7.5 is one. */
  episode: number | null;
  /** The last one of a range ("01-12"). */
  lastEpisode: number | null;
  /** The same episode in another count: the 28 of "02(28)". */
  otherEpisode: number | null;
  /** From the file's name. */
  year: number | null;
  folderYear: number | null;
  /** Live action, a stage play, a concert, a commentary: never the anime itself. */
  staged: boolean;
  group: string | null;
}
