/** Every statement on `anilist_answers`. */
import type { Sql } from "postgres";
import type { AniListWork } from "./model.ts";

/** Days for which an answer holds. A work that AniList did not know may be there next week. */
const DAYS = { works: 30, nothing: 7 };

/** @returns null when the title was not asked about, or too long ago */
export async function findAnswer(sql: Sql, title: string): Promise<AniListWork[] | null> {
  const [row] = await sql<{ works: AniListWork[] }[]>`
    select works from anilist_answers where title = ${title} and expires_at > now()
  `;
  return row?.works ?? null;
}

/** Forgets on the way what holds no longer, so that the table stays as small as the library's unknown titles. */
export async function saveAnswer(sql: Sql, title: string, works: AniListWork[]): Promise<void> {
  const days = works.length > 0 ? DAYS.works : DAYS.nothing;
  await sql`
    with expired as (
      delete from anilist_answers where expires_at <= now() and title <> ${title}
    )
    insert into anilist_answers (title, works, expires_at)
    values (${title}, ${sql.json(works as never)}, now() + make_interval(days => ${days}))
    on conflict (title) do update set works = excluded.works, expires_at = excluded.expires_at
  `;
}
