/** Every statement on `media_indexes`. */
import type { Sql } from "postgres";
import type { MediaIndex } from "./media-index.ts";
import { packIndex, unpackIndex } from "./pack.ts";

/** Add one when {@link MediaIndex} or what is found out for it changes. */
export const INDEX_VERSION = 1;

export type Known = { index: MediaIndex; problem: null } | { index: null; problem: string };

/** @returns null when this content has not been read by this version of the program */
export async function findIndex(sql: Sql, mediaId: string, version: string): Promise<Known | null> {
  const [row] = await sql<{ index: Buffer | null; problem: string }[]>`
    select index, problem from media_indexes
    where media_id = ${mediaId} and version = ${version} and index_version = ${INDEX_VERSION}
  `;
  if (!row) return null;
  return row.index ? { index: unpackIndex(row.index), problem: null } : { index: null, problem: row.problem };
}

/** Does nothing when the file left the library meanwhile. */
export async function saveIndex(sql: Sql, mediaId: string, version: string, { index, problem }: Known): Promise<void> {
  await sql`
    insert into media_indexes (media_id, version, stamp, index, problem, index_version)
    select id, ${version}, ${stamp(sql)}, ${index && packIndex(index)}, ${problem}, ${INDEX_VERSION}
    from media_files f where id = ${mediaId} for key share
    on conflict (media_id) do update
    set version = excluded.version, stamp = excluded.stamp, index = excluded.index, problem = excluded.problem,
      index_version = excluded.index_version, indexed_at = now()
  `;
}

/** What was read of a file is still of the file as the library has it now, though the library noticed a change later. */
export async function confirmIndex(sql: Sql, mediaId: string): Promise<void> {
  await sql`
    update media_indexes i set stamp = ${stamp(sql)} from media_files f where f.id = i.media_id and f.id = ${mediaId}
  `;
}

/** Ids of files that have not been read since they last changed, at most `limit`, behind `after` in the order of ids. */
export async function listUnread(sql: Sql, after: string, limit: number): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select f.id from media_files f
    left join media_indexes i on i.media_id = f.id and i.stamp = ${stamp(sql)} and i.index_version = ${INDEX_VERSION}
    where i.media_id is null and f.id > ${after}
    order by f.id
    limit ${limit}
  `;
  return rows.map(({ id }) => id);
}

const stamp = (sql: Sql) => sql`concat_ws('-', f.inode, f.size, f.mtime)`;

/** Another number than before means that the library changed. */
export async function libraryVersion(sql: Sql): Promise<string> {
  const [row] = await sql<{ version: string }[]>`select version::text from library_version`;
  return row?.version ?? "";
}
