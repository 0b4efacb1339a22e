/** Every statement on the cache of Bangumi's answers. Ages are seconds by the database's clock. */
import type { Sql, TransactionSql } from "postgres";
import type { ToldSubject } from "./answer.ts";
import type { Episode, Relation, Subject } from "./model.ts";

type Db = Sql | TransactionSql;

/** Lets the statement that joins it commit without waiting for the disk: what a crash takes back is asked again. */
const relaxed = (db: Db) => db`relaxed as materialized (select set_config('synchronous_commit', 'off', true))`;

/** The columns of a subject `s`. */
const subjectColumns = (db: Db) => db`
  s.id, s.name, s.name_cn, s.aliases, s.platform, to_char(s.date, 'YYYY-MM-DD') as date, s.eps, s.total_episodes, s.nsfw, s.image
`;

/**
 * A part of a statement that stores subjects. A page that says the same again is not rewritten within the hour; and what a
 * short answer leaves out is not erased by it. In the order of their ids, so that two who write the same ones do not lock
 * each other out.
 */
function putSubjects(db: Db, subjects: readonly ToldSubject[]) {
  const rows = subjects.toSorted((a, b) => a.id - b.id);
  return db`
    insert into bangumi_subjects
      (id, name, name_cn, aliases, platform, date, eps, total_episodes, nsfw, image, raw)
    select t.* from relaxed, jsonb_to_recordset(${db.json(rows as never)}) as t (
      id integer, name text, name_cn text, aliases jsonb, platform text, date date, eps integer, total_episodes integer,
      nsfw boolean, image text, raw jsonb
    )
    on conflict (id) do update set
      name = excluded.name,
      name_cn = excluded.name_cn,
      aliases = case when excluded.raw ? 'infobox' then excluded.aliases else bangumi_subjects.aliases end,
      platform = case when excluded.raw ? 'platform' then excluded.platform else bangumi_subjects.platform end,
      date = case when excluded.raw ? 'date' then excluded.date else bangumi_subjects.date end,
      eps = case when excluded.raw ? 'eps' then excluded.eps else bangumi_subjects.eps end,
      total_episodes =
        case when excluded.raw ? 'total_episodes' then excluded.total_episodes else bangumi_subjects.total_episodes end,
      nsfw = case when excluded.raw ? 'nsfw' then excluded.nsfw else bangumi_subjects.nsfw end,
      image = case when excluded.raw ? 'images' then excluded.image else bangumi_subjects.image end,
      raw = bangumi_subjects.raw || excluded.raw,
      fetched_at = now()
    where bangumi_subjects.fetched_at < now() - interval '1 hour'
      or bangumi_subjects.raw <> bangumi_subjects.raw || excluded.raw
  `;
}

export async function saveSubject(db: Db, subject: ToldSubject): Promise<void> {
  await db`with ${relaxed(db)} ${putSubjects(db, [subject])}`;
}

/** As if it had just been said again. */
export async function touchSubject(db: Db, id: number): Promise<void> {
  await db`update bangumi_subjects set fetched_at = now() where id = ${id}`;
}

/**
 * Keeps what a keyword found, in one statement. A search that suddenly finds nothing does not take back what one found before.
 * @param ids best first
 * @param news those of them to store
 */
export async function saveSearch(
  db: Db,
  keyword: string,
  ids: readonly number[],
  news: readonly ToldSubject[],
): Promise<void> {
  await db`
    with ${relaxed(db)}, put as (${putSubjects(db, news)})
    insert into bangumi_searches (keyword, subject_ids)
    select ${keyword}, ${ids}::integer[] from relaxed
    on conflict (keyword) do update set
      subject_ids = case when excluded.subject_ids = '{}' then bangumi_searches.subject_ids else excluded.subject_ids end,
      asked_at = now()
  `;
}

/** What is cached, and for how long it has been. */
export interface Kept<T> {
  value: T;
  age: number;
}

/** @returns null for a keyword that was never asked; `whole`: none of its subjects was lost in a crash of the database */
export async function findSearch(db: Db, keyword: string): Promise<(Kept<Subject[]> & { whole: boolean }) | null> {
  const rows = await db<(Subject & { age: number; hits: number })[]>`
    select extract(epoch from now() - q.asked_at)::float8 as age, cardinality(q.subject_ids) as hits, ${subjectColumns(db)}
    from bangumi_searches q
    left join lateral unnest(q.subject_ids) with ordinality as hit (id, place) on true
    left join bangumi_subjects s on s.id = hit.id
    where q.keyword = ${keyword}
    order by hit.place
  `;
  const [first] = rows;
  if (!first) return null;
  const value = rows.filter(({ id }) => id !== null).map(({ age: _age, hits: _hits, ...subject }) => subject);
  return { value, age: first.age, whole: value.length === first.hits };
}

/** With the last date of its episodes that is known. */
export async function findSubject(
  db: Db,
  id: number,
): Promise<(Kept<Subject> & { lastAirdate: string | null }) | null> {
  const [row] = await db<(Subject & { age: number; lastAirdate: string | null })[]>`
    select ${subjectColumns(db)}, extract(epoch from now() - s.fetched_at)::float8 as age,
      (select to_char(max(airdate), 'YYYY-MM-DD') from bangumi_episodes where subject_id = s.id) as "lastAirdate"
    from bangumi_subjects s
    where s.id = ${id}
  `;
  if (!row) return null;
  const { age, lastAirdate, ...value } = row;
  return { value, age, lastAirdate };
}

export const listSubjects = (db: Db, ids: readonly number[]): Promise<Subject[]> => db<Subject[]>`
  select ${subjectColumns(db)} from bangumi_subjects s where s.id = any(${ids}::integer[])
`;

type ListName = "episodes" | "relations";

/** @returns null when the list was never asked for */
async function findList<T extends object>(
  db: Db,
  list: ListName,
  subjectId: number,
  rows: PromiseLike<T[]>,
): Promise<Kept<T[]> | null> {
  const [[asked], value] = await Promise.all([
    db<{ age: number }[]>`
      select extract(epoch from now() - fetched_at)::float8 as age from bangumi_lists
      where subject_id = ${subjectId} and list = ${list}
    `,
    rows,
  ]);
  return asked ? { value, age: asked.age } : null;
}

export const findEpisodes = (db: Db, subjectId: number): Promise<Kept<Episode[]> | null> =>
  findList(db, "episodes", subjectId, listEpisodes(db, subjectId));

export const listEpisodes = (db: Db, subjectId: number) => db<Episode[]>`
  select id, subject_id, type, sort, ep, name, name_cn, to_char(airdate, 'YYYY-MM-DD') as airdate
  from bangumi_episodes where subject_id = ${subjectId}
  order by type, sort, id
`;

export const findRelations = (db: Db, subjectId: number): Promise<Kept<Relation[]> | null> =>
  findList(db, "relations", subjectId, listRelations(db, subjectId));

export const listRelations = (db: Db, subjectId: number) => db<Relation[]>`
  select related_id as id, type, relation, name, name_cn from bangumi_relations
  where subject_id = ${subjectId} order by position
`;

/** Notes that the list was asked for; its row keeps two who store it at once apart. */
export async function touchList(db: Db, list: ListName, subjectId: number): Promise<void> {
  await db`
    with ${relaxed(db)}
    insert into bangumi_lists (subject_id, list) select ${subjectId}, ${list} from relaxed
    on conflict (subject_id, list) do update set fetched_at = now()
  `;
}

/** Replaces the episodes of a subject. */
export async function saveEpisodes(db: Db, subjectId: number, episodes: readonly Episode[]): Promise<void> {
  const rows = episodes.toSorted((a, b) => a.id - b.id);
  await db`
    with gone as (
      delete from bangumi_episodes where subject_id = ${subjectId} and id <> all(${rows.map(({ id }) => id)}::bigint[])
    )
    insert into bangumi_episodes (id, subject_id, type, sort, ep, name, name_cn, airdate)
    select t.id, ${subjectId}, t.type, t.sort, t.ep, t.name, t.name_cn, t.airdate::date
    from unnest(
      ${rows.map((row) => row.id)}::bigint[],
      ${rows.map((row) => row.type)}::smallint[],
      ${rows.map((row) => row.sort)}::float8[],
      ${rows.map((row) => row.ep)}::float8[],
      ${rows.map((row) => row.name)}::text[],
      ${rows.map((row) => row.name_cn)}::text[],
      ${rows.map((row) => row.airdate)}::text[]
    ) as t (id, type, sort, ep, name, name_cn, airdate)
    on conflict (id) do update set
      subject_id = excluded.subject_id, type = excluded.type, sort = excluded.sort, ep = excluded.ep,
      name = excluded.name, name_cn = excluded.name_cn, airdate = excluded.airdate
    where (bangumi_episodes.*) is distinct from (excluded.*)
  `;
}

/** Replaces the relations of a subject. */
export async function saveRelations(db: Db, subjectId: number, relations: readonly Relation[]): Promise<void> {
  await db`
    with gone as (
      delete from bangumi_relations where subject_id = ${subjectId} and position >= ${relations.length}
    )
    insert into bangumi_relations (subject_id, position, related_id, type, relation, name, name_cn)
    select ${subjectId}, t.position - 1, t.related_id, t.type, t.relation, t.name, t.name_cn
    from unnest(
      ${relations.map((row) => row.id)}::integer[],
      ${relations.map((row) => row.type)}::smallint[],
      ${relations.map((row) => row.relation)}::text[],
      ${relations.map((row) => row.name)}::text[],
      ${relations.map((row) => row.name_cn)}::text[]
    ) with ordinality as t (related_id, type, relation, name, name_cn, position)
    on conflict (subject_id, position) do update set
      related_id = excluded.related_id, type = excluded.type, relation = excluded.relation,
      name = excluded.name, name_cn = excluded.name_cn
    where (bangumi_relations.*) is distinct from (excluded.*)
  `;
}

/** @returns seconds that are left; 0 or less when Bangumi may be asked */
export async function restLeft(db: Db, identity: string): Promise<number> {
  const [row] = await db<{ secs: number }[]>`
    select extract(epoch from until - now())::float8 as secs from bangumi_rests where identity = ${identity}
  `;
  return row?.secs ?? 0;
}

export async function saveRest(db: Db, identity: string, secs: number): Promise<void> {
  await db`
    insert into bangumi_rests (identity, until) values (${identity}, now() + make_interval(secs => ${secs}))
    on conflict (identity) do update set until = greatest(bangumi_rests.until, excluded.until)
  `;
}
