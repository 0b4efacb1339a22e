/** A file as the API shows it. */
import type { EntryRow } from "./store.ts";

export interface Entry {
  id: string;
  filename: string;
  /** Relative to the media folder. */
  path: string;
  /** Bytes. */
  size: number;
  /** ISO 8601 in UTC. */
  modified_at: string;
  title: string | null;
  episode: number | null;
  season: number | null;
  release_group: string | null;
  resolution: string | null;
  subject_id: number | null;
  episode_id: number | null;
}

export const toEntry = (row: EntryRow): Entry => ({
  id: row.id,
  filename: row.path.slice(row.path.lastIndexOf("/") + 1),
  path: row.path,
  size: row.size,
  modified_at: new Date(Math.floor(row.mtime / 1000)).toISOString(),
  title: row.title,
  episode: row.episode,
  season: row.season,
  release_group: row.release_group,
  resolution: row.resolution,
  subject_id: row.subject_id,
  episode_id: row.episode_id,
});
