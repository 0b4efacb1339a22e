/** Every statement on the library's tables. Sizes are bytes, times microseconds since 1970. */
import type { Sql, TransactionSql } from "postgres";
import type { Reading, ReleaseKind } from "./reader/reading.ts";

type Db = Sql | TransactionSql;

/** What an index compares with the disk. */
export interface KnownFile {
  id: string;
  path: string;
  size: number;
  mtime: number;
  inode: number;
  /** Null when there is no parse. */
  parser_version: number | null;
}

export const listKnownFiles = (sql: Db): Promise<KnownFile[]> => sql<KnownFile[]>`
  select f.id, f.path, f.size, f.mtime, f.inode, p.parser_version
  from media_files f
  left join media_parses p on p.media_id = f.id
`;

export interface FileRow {
  id: string;
  path: string;
  bytes?: Buffer;
  size: number;
  mtime: number;
  inode: number;
}

/** The rows as a table `f`. */
const fileTable = (sql: Db, rows: readonly FileRow[]) => sql`
  unnest(
    ${rows.map((row) => row.id)}::text[],
    ${rows.map((row) => row.path)}::text[],
    ${rows.map((row) => row.bytes?.toString("hex") ?? null)}::text[],
    ${rows.map((row) => row.size)}::bigint[],
    ${rows.map((row) => row.mtime)}::bigint[],
    ${rows.map((row) => row.inode)}::bigint[]
  ) as f (id, path, bytes_hex, size, mtime, inode)
`;

/** A file that another process has stored meanwhile is left as it is. */
export const insertFiles = (sql: Db, rows: readonly FileRow[]) => sql`
  insert into media_files (id, path, path_bytes, size, mtime, inode)
  select f.id, f.path, decode(f.bytes_hex, 'hex'), f.size, f.mtime, f.inode
  from ${fileTable(sql, rows)}
  on conflict do nothing
`;

export const updateFiles = (sql: Db, rows: readonly FileRow[]) => sql`
  update media_files set path = f.path, path_bytes = decode(f.bytes_hex, 'hex'), size = f.size, mtime = f.mtime, inode = f.inode
  from ${fileTable(sql, rows)}
  where media_files.id = f.id
`;

/**
 * Frees the paths of files that are about to get others in the same transaction: paths are unique at every moment, and
 * moves may run in a circle. No real path begins with a slash.
 */
export const parkPaths = (sql: Db, ids: readonly string[]) => sql`
  update media_files set path = '/' || id where id = any(${ids}::text[])
`;

export interface ParseRow {
  media_id: string;
  title: string | null;
  episode: number | null;
  season: number | null;
  release_group: string | null;
  resolution: string | null;
  kind: ReleaseKind;
  reading: Reading;
  elements: Record<string, readonly string[]>;
  search: string;
  parser_version: number;
}

/** Parses of files that have gone meanwhile are dropped. */
export const upsertParses = (sql: Db, rows: readonly ParseRow[]) => sql`
  insert into media_parses
    (media_id, title, episode, season, release_group, resolution, kind, reading, elements, search, parser_version)
  select
    p.media_id, p.title, p.episode, p.season, p.release_group, p.resolution,
    p.kind, p.reading, p.elements, p.search, p.parser_version
  from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as p (
    media_id text, title text, episode double precision, season integer, release_group text, resolution text,
    kind text, reading jsonb, elements jsonb, search text, parser_version integer
  )
  join media_files f on f.id = p.media_id
  on conflict (media_id) do update set
    title = excluded.title,
    episode = excluded.episode,
    season = excluded.season,
    release_group = excluded.release_group,
    resolution = excluded.resolution,
    kind = excluded.kind,
    reading = excluded.reading,
    elements = excluded.elements,
    search = excluded.search,
    parser_version = excluded.parser_version
`;

/** Removes files that are still where they are missed. @returns how many */
export async function removeFiles(sql: Db, files: readonly Pick<KnownFile, "id" | "path">[]): Promise<number> {
  const { count } = await sql`
    delete from media_files
    using unnest(${files.map(({ id }) => id)}::text[], ${files.map(({ path }) => path)}::text[]) as gone (id, path)
    where media_files.id = gone.id and media_files.path = gone.path
  `;
  return count;
}

/** What stands for all that the library shows: see the migration. */
export async function libraryVersion(sql: Db): Promise<number> {
  const [row] = await sql<{ version: number }[]>`select version from library_version`;
  return row!.version;
}

/** A file with what is known of it. */
export interface EntryRow {
  id: string;
  path: string;
  size: number;
  mtime: number;
  title: string | null;
  episode: number | null;
  season: number | null;
  release_group: string | null;
  resolution: string | null;
  subject_id: number | null;
  episode_id: number | null;
}

export interface EntryFilter {
  /** Part of the path or the title, folded like {@link ParseRow.search}; taken literally. */
  search?: string;
  subjectId?: number;
  /** Only files of which nobody knows what they are. */
  unmatched?: boolean;
}

export interface EntryPage {
  limit?: number;
  offset?: number;
}

const entryColumns = (sql: Db) => sql`
  f.id, f.path, f.size, f.mtime, p.title, p.episode, p.season, p.release_group, p.resolution, m.subject_id, m.episode_id
`;

const entryTables = (sql: Db) => sql`
  media_files f
  left join media_parses p on p.media_id = f.id
  left join library_matches m on m.media_id = f.id
`;

const asked = (sql: Db, { search, subjectId, unmatched }: EntryFilter) => sql`
  true
  ${search === undefined ? sql`` : sql`and strpos(p.search, ${search}) > 0`}
  ${subjectId === undefined ? sql`` : sql`and m.subject_id = ${subjectId}`}
  ${unmatched ? sql`and m.media_id is null` : sql``}
`;

/** Ordered by path. */
export const listEntries = (sql: Db, filter: EntryFilter, { limit, offset = 0 }: EntryPage): Promise<EntryRow[]> => sql<
  EntryRow[]
>`
  select ${entryColumns(sql)}
  from ${entryTables(sql)}
  where ${asked(sql, filter)}
  order by f.path
  limit ${limit ?? null} offset ${offset}
`;

export async function countEntries(sql: Db, filter: EntryFilter): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count from ${entryTables(sql)} where ${asked(sql, filter)}
  `;
  return row!.count;
}

/** The same with the rest of its parse; null where there is none. */
export interface EntryDetailRow extends EntryRow {
  kind: ReleaseKind | null;
  elements: Record<string, string[]> | null;
}

export async function findEntry(sql: Db, id: string): Promise<EntryDetailRow | null> {
  const [row] = await sql<EntryDetailRow[]>`
    select ${entryColumns(sql)}, p.kind, p.elements from ${entryTables(sql)} where f.id = ${id}
  `;
  return row ?? null;
}

/** Where a file is. */
export async function findFile(sql: Db, id: string): Promise<{ path: string; path_bytes: Buffer | null } | null> {
  const [row] = await sql<{ path: string; path_bytes: Buffer | null }[]>`
    select path, path_bytes from media_files where id = ${id}
  `;
  return row ?? null;
}
