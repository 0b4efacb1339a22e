/** Every statement on `media_matches`, `match_candidates` and `match_decisions`. */
import type { Sql, TransactionSql } from "postgres";
import type { Reading } from "../../src/plugin.ts";
import type { KnownFile } from "./plan.ts";

type Db = Sql | TransactionSql;

/** A match as the API shows it. */
export interface Match {
  media_id: string;
  subject_id: number;
  episode_id: number | null;
  method: "auto" | "manual";
  /** 0 to 1. */
  confidence: number;
  reason: string;
}

export interface StoredCandidate {
  subject_id: number;
  confidence: number;
  reason: string;
  name: string;
  name_cn: string;
}

export type Outcome = "matched" | "candidates" | "unknown";

/** Days after which a file that nothing was found for is looked at again: Bangumi learns of new works every day. */
const LOOK_AGAIN_DAYS = 7;

interface KnownRow {
  media_id: string;
  path: string;
  reading: Reading;
  subject_id: number | null;
  method: "auto" | "manual" | null;
  inputs: string | null;
  stale: boolean | null;
}

/**
 * Every parsed file with what is decided on it, ordered by path; a parse that an older program made waits for the next index.
 * @param folder only those that lie in this one itself
 */
export async function listKnownFiles(sql: Db, folder?: string): Promise<KnownFile[]> {
  const rows = await sql<KnownRow[]>`
    select f.id as media_id, f.path, p.reading, m.subject_id, m.method, d.inputs,
      d.decided_at < now() - make_interval(days => ${LOOK_AGAIN_DAYS}) as stale
    from media_files f
    join media_parses p on p.media_id = f.id and p.reading <> '{}'
    left join media_matches m on m.media_id = f.id
    left join match_decisions d on d.media_id = f.id
    ${folder === undefined ? sql`` : sql`where coalesce(substring(f.path from '^(.*)/'), '') = ${folder}`}
    order by f.path
  `;
  return rows.map(({ media_id, path, reading, subject_id, method, inputs, stale }) => ({
    mediaId: media_id,
    path,
    reading,
    match: subject_id === null ? null : { subjectId: subject_id, method: method! },
    decision: inputs === null ? null : { inputs, stale: stale! },
  }));
}

/** @returns null when there is no such file; `reading` is null while it is not parsed by this program */
export async function findParsed(sql: Db, mediaId: string): Promise<{ path: string; reading: Reading | null } | null> {
  const [row] = await sql<{ path: string; reading: Reading | null }[]>`
    select f.path, nullif(p.reading, '{}') as reading from media_files f left join media_parses p on p.media_id = f.id where f.id = ${mediaId}
  `;
  return row ?? null;
}

/** Waits for whoever is moving or removing the file, then keeps it until the transaction ends. @returns whether it is there */
export const holdFile = async (tx: TransactionSql, mediaId: string): Promise<boolean> =>
  (await tx`select from media_files where id = ${mediaId} for key share`).length > 0;

/** How the parsed files without a manual match stand. */
export interface Standing {
  files: number;
  matched: number;
  /** Not matched, but there are candidates to pick from. */
  candidates: number;
  /** Looked at in vain. */
  unknown: number;
}

export async function countStanding(sql: Db): Promise<Standing> {
  const [row] = await sql<Standing[]>`
    select count(*) as files, count(m.media_id) as matched,
      count(*) filter (where m.media_id is null and d.outcome = 'candidates') as candidates,
      count(*) filter (where m.media_id is null and d.outcome = 'unknown') as unknown
    from media_parses p
    left join media_matches m on m.media_id = p.media_id
    left join match_decisions d on d.media_id = p.media_id
    where p.reading <> '{}' and m.method is distinct from 'manual'
  `;
  return row!;
}

/**
 * For a transaction that writes matches of several files: those of others wait until it ends, so that two never wait for each
 * other. Readers do not.
 */
export const lockMatches = (tx: TransactionSql) => tx`lock table media_matches in share row exclusive mode`;

/** Those of the files that are in the library, kept in it until the transaction ends. One that is being moved or removed is left out. */
export async function holdFiles(tx: TransactionSql, mediaIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx<{ id: string }[]>`
    select id from media_files where id = any(${mediaIds}::text[]) for key share skip locked
  `;
  return new Set(rows.map(({ id }) => id));
}

/** Writes what differs. A match by hand stays, whenever it was made. */
export const upsertAutoMatches = (tx: TransactionSql, matches: readonly Omit<Match, "method">[]) => tx`
  insert into media_matches as known (media_id, subject_id, episode_id, method, confidence, reason)
  select media_id, subject_id, episode_id, 'auto', confidence, reason
  from unnest(
    ${matches.map((match) => match.media_id)}::text[],
    ${matches.map((match) => match.subject_id)}::integer[],
    ${matches.map((match) => match.episode_id)}::bigint[],
    ${matches.map((match) => match.confidence)}::float8[],
    ${matches.map((match) => match.reason)}::text[]
  ) as m (media_id, subject_id, episode_id, confidence, reason)
  on conflict (media_id) do update set
    subject_id = excluded.subject_id, episode_id = excluded.episode_id, confidence = excluded.confidence,
    reason = excluded.reason, matched_at = now()
  where known.method = 'auto'
    and (known.subject_id, known.episode_id, known.confidence, known.reason)
      is distinct from (excluded.subject_id, excluded.episode_id, excluded.confidence, excluded.reason)
`;

/** A choice by hand wins over whatever stands there, at once. */
export const upsertManualMatches = (
  tx: Db,
  matches: readonly Pick<Match, "media_id" | "episode_id" | "reason">[],
  subjectId: number,
) => tx`
  insert into media_matches (media_id, subject_id, episode_id, method, confidence, reason)
  select media_id, ${subjectId}, episode_id, 'manual', 1, reason
  from unnest(
    ${matches.map((match) => match.media_id)}::text[],
    ${matches.map((match) => match.episode_id)}::bigint[],
    ${matches.map((match) => match.reason)}::text[]
  ) as m (media_id, episode_id, reason)
  on conflict (media_id) do update set
    subject_id = excluded.subject_id, episode_id = excluded.episode_id, method = excluded.method,
    confidence = excluded.confidence, reason = excluded.reason, matched_at = now()
`;

/** Those that the rules made and do not hold any more. */
export const deleteAutoMatches = (tx: TransactionSql, mediaIds: readonly string[]) => tx`
  delete from media_matches where method = 'auto' and media_id = any(${mediaIds}::text[])
`;

/** Of any method. */
export const deleteMatches = (tx: TransactionSql, mediaIds: readonly string[]) => tx`
  delete from media_matches where media_id = any(${mediaIds}::text[])
`;

/** Makes the next auto-match look at the files. */
export const forgetDecisions = (tx: TransactionSql, mediaIds: readonly string[]) => tx`
  delete from match_decisions where media_id = any(${mediaIds}::text[])
`;

/** Writes what differs. */
export const upsertCandidates = (
  tx: TransactionSql,
  candidates: readonly (StoredCandidate & { media_id: string; rank: number })[],
) => tx`
  insert into match_candidates as known (media_id, rank, subject_id, confidence, reason, name, name_cn)
  select * from unnest(
    ${candidates.map((candidate) => candidate.media_id)}::text[],
    ${candidates.map((candidate) => candidate.rank)}::integer[],
    ${candidates.map((candidate) => candidate.subject_id)}::integer[],
    ${candidates.map((candidate) => candidate.confidence)}::float8[],
    ${candidates.map((candidate) => candidate.reason)}::text[],
    ${candidates.map((candidate) => candidate.name)}::text[],
    ${candidates.map((candidate) => candidate.name_cn)}::text[]
  )
  on conflict (media_id, rank) do update set
    subject_id = excluded.subject_id, confidence = excluded.confidence, reason = excluded.reason,
    name = excluded.name, name_cn = excluded.name_cn
  where (known.subject_id, known.confidence, known.reason, known.name, known.name_cn)
    is distinct from (excluded.subject_id, excluded.confidence, excluded.reason, excluded.name, excluded.name_cn)
`;

/** Removes the candidates after the first `count` of each file. */
export const trimCandidates = (tx: TransactionSql, files: readonly { media_id: string; count: number }[]) => tx`
  delete from match_candidates c
  using unnest(
    ${files.map(({ media_id }) => media_id)}::text[], ${files.map(({ count }) => count)}::integer[]
  ) as kept (media_id, count)
  where c.media_id = kept.media_id and c.rank > kept.count
`;

export const upsertDecisions = (
  tx: TransactionSql,
  decisions: readonly { media_id: string; inputs: string; outcome: Outcome }[],
) => tx`
  insert into match_decisions (media_id, inputs, outcome)
  select * from unnest(
    ${decisions.map((decision) => decision.media_id)}::text[],
    ${decisions.map((decision) => decision.inputs)}::text[],
    ${decisions.map((decision) => decision.outcome)}::text[]
  )
  on conflict (media_id) do update set inputs = excluded.inputs, outcome = excluded.outcome, decided_at = now()
`;

export async function findMatch(sql: Db, mediaId: string): Promise<Match | null> {
  const [row] = await sql<Match[]>`
    select media_id, subject_id, episode_id, method, confidence, reason from media_matches where media_id = ${mediaId}
  `;
  return row ?? null;
}

/** Best first. */
export const listCandidates = async (sql: Db, mediaId: string): Promise<StoredCandidate[]> => [
  ...(await sql<StoredCandidate[]>`
    select subject_id, confidence, reason, name, name_cn from match_candidates where media_id = ${mediaId} order by rank
  `),
];
