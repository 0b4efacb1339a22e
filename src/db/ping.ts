import type { Sql } from "postgres";

/** Asks the database the cheapest question there is. Rejects when it does not answer. */
export async function ping(sql: Sql): Promise<void> {
  await sql`select 1`;
}
