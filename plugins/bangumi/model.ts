/** What Bangumi says, in our words: the shapes that the cache holds and other features read. */

/** Bangumi's numbers for kinds of episodes. */
export const MAIN = 0;
export const SPECIAL = 1;

/** A work, as one answer of the search or of `/v0/subjects/{id}` tells it. */
export interface Subject {
  id: number;
  /** The original name, most often Japanese. */
  name: string;
  /** The Chinese name; empty when the wiki has none. */
  name_cn: string;
  /** What else it is called (别名 in the infobox), in the wiki's order. */
  aliases: string[];
  /** `TV`, `WEB`, `OVA`, `剧场版`, …; empty when the wiki does not say. */
  platform: string;
  /** First shown, `YYYY-MM-DD`; null when unknown. */
  date: string | null;
  /** Main episodes as the wiki counts them; 0: unknown. */
  eps: number;
  /** Of every kind. */
  total_episodes: number;
  nsfw: boolean;
  /** Address of the cover in its common size; null without one. */
  image: string | null;
}

export interface Episode {
  id: number;
  subject_id: number;
  /** {@link MAIN}, {@link SPECIAL}, 2 OP, 3 ED, 4 PV, 5 MAD, 6 other. */
  type: number;
  /** The number that people give it; continues over seasons, may be 0 or 7.5. */
  sort: number;
  /** Its place within the subject, from 1; 0 for anything but main episodes. */
  ep: number;
  name: string;
  name_cn: string;
  /** `YYYY-MM-DD` or null. */
  airdate: string | null;
}

/** That a subject has something to do with another one. */
export interface Relation {
  id: number;
  /** Subject type: 2 is anime. */
  type: number;
  /** 前传, 续集, 番外篇, … */
  relation: string;
  name: string;
  name_cn: string;
}

/**
 * What other features ask of Bangumi. Answers come from the cache while they are fresh, else from Bangumi, else (when it cannot be
 * reached) from the cache however old. Everything throws {@link Unavailable} when Bangumi is needed and out of reach or resting.
 */
export interface Bangumi {
  /** Anime for a keyword, best first, at most 20; each is in the cache afterwards. */
  search(keyword: string): Promise<Subject[]>;
  /** Null when Bangumi does not know the id (or does not show it without a token that may see it). */
  subject(id: number): Promise<Subject | null>;
  /** Those of the ids that are cached, however old. Asks nothing. */
  cached(ids: readonly number[]): Promise<Map<number, Subject>>;
  /** Every kind of episode, ordered by type and sort; empty for an unknown subject. */
  episodes(id: number): Promise<Episode[]>;
  /** Its related subjects of every type; empty for an unknown subject. */
  relations(id: number): Promise<Relation[]>;
  /** Asks Bangumi for subject, episodes and relations whatever the cache says, and stores them in one transaction; null: unknown id. */
  sync(id: number): Promise<{ subject: Subject; episodes: number } | null>;
}
