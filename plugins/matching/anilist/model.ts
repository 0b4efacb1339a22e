/** What AniList says, in our words. */

export interface AniListWork {
  anilistId: number;
  /** MyAnimeList's id for the same work. */
  malId: number | null;
  /** Romaji, English, native, then synonyms; without repetition. */
  titles: string[];
  /** `TV`, `TV_SHORT`, `MOVIE`, `SPECIAL`, `OVA`, `ONA`, `MUSIC`; empty: unknown. */
  format: string;
  /** First shown. */
  year: number | null;
  episodes: number | null;
}

/** An optional source: whatever happens to it, matching goes on. */
export interface AniList {
  /**
   * Anime for a title, best first, at most 10. Waits for its turn (seconds, after a refusal about a minute). Empty when
   * AniList knows none or is out of reach; only the former is remembered.
   * @throws the signal's reason when the program stops meanwhile
   */
  search(title: string): Promise<AniListWork[]>;
}
