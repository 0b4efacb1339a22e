/** Every statement on `users` and `secrets`. */
import type { Sql, TransactionSql } from "postgres";
import type { Role } from "../core.ts";

type Db = Sql | TransactionSql;

export interface UserRow {
  id: string;
  role: Role;
  passwordHash: string;
  /** What `auth.admin_password` was when it was last applied to this user, hashed. */
  configuredHash: string | null;
  tokenVersion: string;
  createdAt: Date;
}

export async function findUser(sql: Db, id: string): Promise<UserRow | null> {
  const [row] = await sql<UserRow[]>`
    select id, role, password_hash as "passwordHash", configured_hash as "configuredHash",
      token_version as "tokenVersion", created_at as "createdAt"
    from users where id = ${id}
  `;
  return row ?? null;
}

export type ListedUser = Pick<UserRow, "id" | "role" | "createdAt">;

export const listUsers = (sql: Db): Promise<ListedUser[]> => sql<ListedUser[]>`
  select id, role, created_at as "createdAt" from users order by id
`;

/** @returns null when the name is taken, be it in other letters */
export async function insertUser(
  sql: Db,
  user: Pick<UserRow, "id" | "role" | "passwordHash" | "configuredHash">,
): Promise<ListedUser | null> {
  const [row] = await sql<ListedUser[]>`
    insert into users (id, role, password_hash, configured_hash)
    values (${user.id}, ${user.role}, ${user.passwordHash}, ${user.configuredHash})
    on conflict do nothing
    returning id, role, created_at as "createdAt"
  `;
  return row ?? null;
}

/** All admins, locked until the transaction ends: two who delete each other come one after the other. */
export async function lockAdmins(tx: TransactionSql): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`select id from users where role = 'admin' order by id for update`;
  return rows.map(({ id }) => id);
}

/** @returns whether there was one */
export async function deleteUser(sql: Db, id: string): Promise<boolean> {
  const { count } = await sql`delete from users where id = ${id}`;
  return count > 0;
}

/** @returns the new token version; null when there is no such user */
export async function updatePassword(sql: Db, id: string, passwordHash: string): Promise<string | null> {
  const [row] = await sql<Pick<UserRow, "tokenVersion">[]>`
    update users set password_hash = ${passwordHash}, token_version = gen_random_uuid() where id = ${id}
    returning token_version as "tokenVersion"
  `;
  return row?.tokenVersion ?? null;
}

/**
 * Makes the user what the configuration says: an admin, with the password named there.
 * @param configuredHash null: the password stays
 */
export async function applyConfiguration(sql: Db, id: string, configuredHash: string | null): Promise<void> {
  await sql`
    update users set
      role = 'admin',
      password_hash = coalesce(${configuredHash}, password_hash),
      configured_hash = coalesce(${configuredHash}, configured_hash),
      token_version = gen_random_uuid()
    where id = ${id}
  `;
}

/** Keeps `candidate` under the name if there is nothing yet. @returns what is kept: of several processes the first wins */
export async function keepSecret(sql: Db, name: string, candidate: string): Promise<string> {
  await sql`insert into secrets (name, value) values (${name}, ${candidate}) on conflict do nothing`;
  const [row] = await sql<[{ value: string }]>`select value from secrets where name = ${name}`;
  return row.value;
}
