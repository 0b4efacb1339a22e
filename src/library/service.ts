/** The library: what the routes and other features ask of it. */
import type { Sql } from "postgres";
import type { CoreConfig } from "../config/schema.ts";
import type { Media } from "../core.ts";
import { NotFound } from "../errors.ts";
import type { JobDefinition, Json } from "../jobs/job.ts";
import type { Logger } from "../log.ts";
import { type Entry, toEntry } from "./entry.ts";
import { indexJob } from "./job.ts";
import { createListing, type Listing } from "./listing.ts";
import { createMedia } from "./media.ts";
import { MEDIA_ID } from "./media-id.ts";
import type { ReleaseKind } from "./reader/reading.ts";
import { findEntry } from "./store.ts";

/** One file with all that is known of it; features add their facts (`match`, `tracks`). */
export interface EntryDetail extends Entry {
  parse: {
    title: string | null;
    episode: number | null;
    season: number | null;
    release_group: string | null;
    resolution: string | null;
    /** What sort of thing the path says it is; null until the next index after an upgrade. */
    kind: ReleaseKind | null;
    /** What the parser saw in the file's name, by its own words for the parts. */
    elements: Record<string, string[]>;
  } | null;
  match: Json;
  [fact: string]: Json | undefined;
}

/** What features know of a file: see `Feature.describe`. */
export type Describe = (mediaId: string) => Promise<Record<string, Json>>;

export interface Library {
  media: Media;
  job: JobDefinition<"index">;
  listing: Listing;
  /** @throws NotFound */
  entry(id: string, describe: Describe): Promise<EntryDetail>;
}

export interface LibraryParts {
  sql: Sql;
  config: Pick<CoreConfig, "media" | "db" | "server">;
  log: Logger;
}

export function createLibrary({ sql, config, log }: LibraryParts): Library {
  return {
    media: createMedia(sql, config.media),
    job: indexJob(sql, config, log),
    listing: createListing(sql),
    async entry(id, describe) {
      const row = MEDIA_ID.test(id) ? await findEntry(sql, id) : null;
      if (!row) throw new NotFound("there is no such file in the library");
      const { title, episode, season, release_group, resolution, kind, elements } = row;
      return {
        ...toEntry(row),
        parse: elements && { title, episode, season, release_group, resolution, kind, elements },
        match: null,
        ...(await describe(id)),
      };
    },
  };
}
