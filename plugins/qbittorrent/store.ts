/** Every statement on `qbittorrent_torrents` and `qbittorrent_standing`. */
import type { ISql } from "postgres";

/** A torrent that was taken in, or is being taken in. */
export interface Taken {
  hash: string;
  /** Seconds since 1970, by qBittorrent. */
  completedAt: number;
  /** Wanted files that were not on disk. */
  missing: number;
}

export async function findTaken(sql: ISql, hashes: readonly string[]): Promise<Taken[]> {
  return sql<Taken[]>`
    select hash, completed_at as "completedAt", missing from qbittorrent_torrents where hash = any(${hashes as string[]})
  `;
}

/** Remembers torrents as taken in by this index, which has not ended yet. */
export async function savePending(sql: ISql, torrents: readonly Taken[], indexJob: string): Promise<void> {
  await sql`
    insert into qbittorrent_torrents (hash, completed_at, missing, index_job)
    select hash, completed_at, missing, ${indexJob} from unnest(
      ${torrents.map(({ hash }) => hash)}::text[],
      ${torrents.map(({ completedAt }) => completedAt)}::bigint[],
      ${torrents.map(({ missing }) => missing)}::int[]
    ) as torrents (hash, completed_at, missing)
    on conflict (hash) do update set
      completed_at = excluded.completed_at, missing = excluded.missing, index_job = excluded.index_job
  `;
}

/** The indexes that torrents wait for. */
export async function listPendingIndexes(sql: ISql): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select distinct index_job as id from qbittorrent_torrents where index_job is not null
  `;
  return rows.map(({ id }) => id);
}

/** The index ended well. */
export async function confirmTaken(sql: ISql, indexJob: string): Promise<void> {
  await sql`update qbittorrent_torrents set index_job = null where index_job = ${indexJob}`;
}

/** The index did not end well. @returns how many torrents are new again */
export async function forgetPending(sql: ISql, indexJob: string): Promise<number> {
  const { count } = await sql`delete from qbittorrent_torrents where index_job = ${indexJob}`;
  return count;
}

/**
 * Takes the turn to look when `intervalSecs` have passed since the last one, whoever had that.
 * @returns 0 when the turn is ours, else the seconds until the next one
 */
export async function takeTurn(sql: ISql, intervalSecs: number): Promise<number> {
  const [row] = await sql<{ wait: number }[]>`
    with turn as (
      update qbittorrent_standing set turn_at = now()
      where turn_at <= now() - make_interval(secs => ${intervalSecs})
      returning true
    )
    select case when exists (select from turn) then 0
      -- Another process took it in this very moment: what is read here is older.
      else greatest(1, extract(epoch from turn_at - now()) + ${intervalSecs})
      end::float8 as wait
    from qbittorrent_standing
  `;
  return row!.wait;
}

/** @param problem null: it answered */
export async function saveStanding(sql: ISql, problem: string | null): Promise<void> {
  await sql`update qbittorrent_standing set asked_at = now(), problem = ${problem}`;
}

export async function findStanding(sql: ISql): Promise<{ askedAt: Date | null; problem: string | null }> {
  const [row] = await sql<{ askedAt: Date | null; problem: string | null }[]>`
    select asked_at as "askedAt", problem from qbittorrent_standing
  `;
  return row!;
}

/** When a login at this address may be tried again; null: now. */
export async function banEnd(sql: ISql, baseUrl: string): Promise<Date | null> {
  const [row] = await sql<{ until: Date }[]>`
    select until from qbittorrent_bans where base_url = ${baseUrl} and until > now()`;
  return row?.until ?? null;
}

export const saveBan = (sql: ISql, baseUrl: string, until: Date) => sql`
  insert into qbittorrent_bans (base_url, until) values (${baseUrl}, ${until})
  on conflict (base_url) do update set until = excluded.until`;
