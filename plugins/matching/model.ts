/** The words that the parts of matching share. */
import type { Reading } from "../../src/plugin.ts";
import type { Bangumi, Subject } from "../bangumi/model.ts";

/** Files of one folder that name one title and season: matched once. */
export interface Group {
  files: readonly GroupFile[];
}

export interface GroupFile {
  mediaId: string;
  /** Relative to the library. */
  path: string;
  reading: Reading;
}

/** What a decision may ask. A subset of {@link Bangumi}, so that the rules can be tried without a server. */
export type Catalog = Pick<Bangumi, "search" | "subject" | "relations" | "episodes">;

/** A subject that a file may be. `reason` is a line a person can check. */
export interface Candidate {
  subject: Pick<Subject, "id" | "name" | "name_cn">;
  /** 0 to 1. */
  confidence: number;
  reason: string;
}

/** What one file is, as far as the rules can tell. */
export interface FileVerdict {
  mediaId: string;
  /** Best first, without those below the lowest score asked for; not cut to a number. */
  candidates: Candidate[];
  /** What to write; null when a person has to look. Already above `minConfidence` and through every gate. */
  match: { subjectId: number; episodeId: number | null; confidence: number; reason: string } | null;
}

/** A title that the bundled index knows for a subject. */
export interface KnownWork {
  subjectId: number;
  /** The original title first, then translations, then generated romaji. */
  titles: readonly string[];
  /** `TV`, `WEB`, `OVA`, `剧场版`, as Bangumi names platforms; empty: unknown. */
  platform: string;
  /** First shown, `YYYY-MM-DD`; null when unknown. */
  date: string | null;
}

/** The bundled index of titles, built from `bangumi-data`. Pure look-ups in memory. */
export interface AliasIndex {
  /** Works that one of the folded titles names exactly, after folding of romaji; at most 30. */
  exact(title: string): KnownWork[];
  /** Works with a Latin title close to this one, best first, at most 8: for romaji spelled another way. */
  similar(title: string): KnownWork[];
  work(subjectId: number): KnownWork | null;
  /** Bangumi's id for an AniList or MyAnimeList id; undefined when not known. */
  subjectFor(site: "anilist" | "myanimelist", id: string): number | undefined;
}
