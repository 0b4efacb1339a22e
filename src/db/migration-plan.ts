/** What is left to do on a database, decided without touching it. */
import { createHash } from "node:crypto";
import { ConfigError } from "../errors.ts";

/** One forward-only step of a namespace's schema. */
export interface Migration {
  /** `0001-jobs`: the number orders, the rest is for people. */
  name: string;
  sql: string;
}

/** The migrations of one namespace: the core's or a plugin's. */
export interface MigrationGroup {
  name: string;
  migrations: readonly Migration[];
}

/** A row of the ledger. */
export interface AppliedMigration {
  plugin: string;
  name: string;
  checksum: string;
}

export interface PendingMigration extends Migration {
  plugin: string;
  checksum: string;
}

/**
 * Compares the ledger with the binary.
 * Namespaces that the binary does not know (a plugin taken out) are left alone.
 * @returns what to apply, in order
 * @throws ConfigError when an applied migration was edited, or the database has one that the binary lacks
 */
export function planMigrations(
  applied: readonly AppliedMigration[],
  groups: readonly MigrationGroup[],
): PendingMigration[] {
  return groups.flatMap(({ name: plugin, migrations }) => {
    const done = new Map(applied.filter((row) => row.plugin === plugin).map((row) => [row.name, row.checksum]));
    const known = migrations.map((migration) => ({ ...migration, plugin, checksum: checksumOf(migration.sql) }));
    const unknown = [...done.keys()].find((name) => !known.some((migration) => migration.name === name));
    if (unknown !== undefined)
      throw new ConfigError(
        `the database was used by a newer anicargo (migration ${plugin}/${unknown}): use that version or a newer one, or a backup of the database from before; nothing was changed`,
      );
    for (const { name, checksum } of known)
      if ((done.get(name) ?? checksum) !== checksum)
        throw new ConfigError(
          `migration ${plugin}/${name} is not the one that the database was made with: put the file back as released and add a new migration instead; nothing was changed`,
        );
    return known.filter(({ name }) => !done.has(name));
  });
}

/** Blind to line ends, which a checkout may change. */
export const checksumOf = (sql: string): string =>
  createHash("sha256").update(sql.replaceAll("\r\n", "\n")).digest("hex");
