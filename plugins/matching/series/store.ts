/** The library by subject: reads what matching wrote and what the `bangumi` plugin keeps (`bangumi_subjects`, `bangumi_episodes`). */
import type { Sql } from "postgres";

export interface Series {
  subject_id: number;
  /** Empty while nothing is cached of the subject. */
  name: string;
  name_cn: string;
  /** First shown, `YYYY-MM-DD`. */
  date: string | null;
  image: string | null;
  /** Of every kind, as Bangumi counts. */
  total_episodes: number;
  files: number;
  /** Numbers (`sort`) of the main episodes that are here. */
  episodes_present: number[];
  /** Those of main episodes that were shown and are not here. */
  episodes_missing: number[];
}

/** Part of a name or an alias, folded (NFKC, lower case); taken literally. */
type Search = string | undefined;

const MAIN = 0;

const matched = (sql: Sql, search: Search) => sql`
  select m.subject_id, m.files, m.episodes, s.name, s.name_cn, s.date, s.image, s.total_episodes
  from (
    select subject_id, count(*) as files, array_agg(distinct episode_id) filter (where episode_id is not null) as episodes
    from media_matches group by subject_id
  ) m
  left join bangumi_subjects s on s.id = m.subject_id
  ${search === undefined ? sql`` : sql`where strpos(${folded(sql)}, ${search}) > 0`}
`;

const folded = (sql: Sql) => sql`lower(normalize(concat_ws(chr(10), s.name, s.name_cn, s.aliases::text), nfkc))`;

/**
 * Newest first. An episode without a date counts as shown a year after the subject began, and never for a subject without
 * a date.
 */
export const listSeries = async (
  sql: Sql,
  search: Search,
  { limit, offset = 0 }: { limit?: number; offset?: number },
): Promise<Series[]> => [
  ...(await sql<Series[]>`
    with page as (
      ${matched(sql, search)} order by s.date desc nulls last, m.subject_id limit ${limit ?? null} offset ${offset}
    )
    select page.subject_id, coalesce(page.name, '') as name, coalesce(page.name_cn, '') as name_cn,
      to_char(page.date, 'YYYY-MM-DD') as date, page.image, coalesce(page.total_episodes, 0) as total_episodes, page.files,
      coalesce(e.present, '{}') as episodes_present, coalesce(e.missing, '{}') as episodes_missing
    from page
    cross join lateral (
      select array_agg(sort order by sort) filter (where here) as present,
        array_agg(sort order by sort) filter (where not here and shown) as missing
      from (
        select sort, id = any(coalesce(page.episodes, '{}')) as here,
          coalesce(coalesce(airdate, page.date + interval '1 year') <= current_date, false) as shown
        from bangumi_episodes where subject_id = page.subject_id and type = ${MAIN}
      ) main
    ) e
    order by page.date desc nulls last, page.subject_id
  `),
];

export async function countSeries(sql: Sql, search: Search): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(*) as count from (${matched(sql, search)}) s`;
  return row!.count;
}
