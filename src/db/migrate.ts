/** Brings the schema up to the binary: forward only, each step whole or not at all, one process at a time. */
import { setTimeout as delay } from "node:timers/promises";
import type { ReservedSql, Sql } from "postgres";
import { AppError, EXIT, Unavailable } from "../errors.ts";
import type { Logger } from "../log.ts";
import { type AppliedMigration, type MigrationGroup, type PendingMigration, planMigrations } from "./migration-plan.ts";

/** Any number, as long as every version of anicargo uses the same. */
const MIGRATION_LOCK = 0x616e_696d;
const POLL_MS = 50;

/**
 * Applies what is missing. With nothing to do it is one query; several processes may come at once, one does the work.
 * @param groups in the order in which they may build on each other
 * @throws ConfigError when the database is newer than the binary or an applied migration was edited
 */
export async function migrate(sql: Sql, groups: readonly MigrationGroup[], log: Logger): Promise<void> {
  const applied = await readLedger(sql);
  if (applied && planMigrations(applied, groups).length === 0) return;
  const session = await sql.reserve();
  try {
    await lock(session, log);
    await createLedger(session);
    // Read again under the lock: somebody may have done it while we waited.
    for (const migration of planMigrations((await readLedger(session)) ?? [], groups)) {
      await apply(session, migration);
      log.info(`migrated ${migration.plugin}/${migration.name}`);
    }
  } finally {
    // On a broken connection the server has given the lock back already.
    await unlock(session).catch(() => undefined);
    session.release();
  }
}

/** @returns undefined when there is no ledger yet */
async function readLedger(sql: Sql | ReservedSql): Promise<AppliedMigration[] | undefined> {
  try {
    return await sql<AppliedMigration[]>`select plugin, name, checksum from schema_migrations`;
  } catch (error) {
    if ((error as { code?: string }).code === "42P01") return undefined;
    throw error;
  }
}

async function createLedger(session: ReservedSql): Promise<void> {
  try {
    await session`
      create table if not exists schema_migrations (
        plugin text not null,
        name text not null,
        checksum text not null,
        applied_at timestamptz not null default now(),
        primary key (plugin, name)
      )`;
  } catch (error) {
    if ((error as { code?: string }).code !== "42501") throw error;
    const [{ user }] = await session<[{ user: string }]>`select current_user as "user"`;
    throw new Unavailable(
      `the database user ${user} may not make tables: grant create on schema public to ${user} (since PostgreSQL 15 only the database's owner may)`,
      { cause: error },
    );
  }
}

/** Asks again and again rather than waiting inside the server, where `statement_timeout` would end it. */
async function lock(session: ReservedSql, log: Logger): Promise<void> {
  for (let said = false; ; said = true) {
    const [row] = await session<[{ locked: boolean }]>`select pg_try_advisory_lock(${MIGRATION_LOCK}) as locked`;
    if (row.locked) return;
    if (!said) log.info("another process is migrating the database, waiting for it");
    await delay(POLL_MS);
  }
}

async function unlock(session: ReservedSql): Promise<void> {
  await session`select pg_advisory_unlock(${MIGRATION_LOCK})`;
}

/** The migration and its line in the ledger, in one transaction. */
async function apply(session: ReservedSql, { plugin, name, checksum, sql }: PendingMigration): Promise<void> {
  await session`begin`;
  try {
    await session.unsafe(sql);
    await session`insert into schema_migrations (plugin, name, checksum) values (${plugin}, ${name}, ${checksum})`;
    await session`commit`;
  } catch (error) {
    // On a broken connection the server has rolled back already.
    await session`rollback`.catch(() => undefined);
    const reason = (error as Error).message;
    throw new AppError(
      `migration ${plugin}/${name} failed (${reason}); the database is as it was before it`,
      500,
      EXIT.failed,
      { cause: error },
    );
  }
}
