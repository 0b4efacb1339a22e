/**
 * A real database for a test, in milliseconds: one embedded server for all test processes of this machine, and in it a
 * clone of a template for each caller.
 */
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sql } from "postgres";
import { joinEmbedded } from "../../src/db/embedded.ts";
import { migrate } from "../../src/db/migrate.ts";
import { coreMigrations } from "../../src/db/migrations.ts";
import { createPool } from "../../src/db/pool.ts";
import { isAlive } from "../../src/db/whole-folder.ts";
import { atEnd } from "./at-end.ts";
import { silentLogger } from "./silent-logger.ts";

export interface TestDatabase {
  sql: Sql;
  /** For `db.database_url`, also in another process. */
  url: string;
  /** Ends the connections, everybody's, and removes the database. */
  drop(): Promise<void>;
}

interface TestServer {
  host: string;
  /** On the maintenance database. */
  admin: Sql;
}

/** Kept between runs, so that only the first one unpacks and makes a cluster. */
const DATA_DIR = join(tmpdir(), `anicargo-test-${process.getuid!()}`);
const TEMPLATE_LOCK = 1;
/** Roles that a test makes need their password, on the socket too. */
const ACCESS = join(DATA_DIR, "pg_hba.conf");
const ACCESS_RULES = "local all anicargo trust\nlocal all all scram-sha-256\n";
const SETTINGS = {
  // A lost test database is no loss.
  fsync: "off",
  full_page_writes: "off",
  synchronous_commit: "off",
  hba_file: ACCESS,
};

let server: Promise<TestServer> | undefined;
let count = 0;

/** @param options.migrated false: an empty database, for tests of the migrations */
export async function testDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  server ??= startTestServer();
  const { host, admin } = await server;
  const name = `test_${process.pid}_${++count}`;
  await clone(name, migrated, host, admin);
  const url = urlOf(host, name);
  const sql = createPool(url, 5, silentLogger);
  return {
    sql,
    url,
    drop: async () => {
      await sql.end({ timeout: 0 });
      await admin`drop database if exists ${admin(name)} with (force)`;
    },
  };
}

export async function startTestServer(): Promise<TestServer> {
  await mkdir(DATA_DIR, { recursive: true, mode: 0o711 });
  await writeFile(ACCESS, ACCESS_RULES);
  const embedded = await joinEmbedded(DATA_DIR, silentLogger, { settings: SETTINGS });
  const admin = createPool(urlOf(embedded.host, "postgres"), 1, silentLogger);
  atEnd(async () => {
    await admin.end({ timeout: 0 });
    await embedded.close();
  });
  await sweep(admin);
  return { host: embedded.host, admin };
}

async function clone(name: string, migrated: boolean, host: string, admin: Sql): Promise<void> {
  const template = migrated ? await ensureTemplate(host, admin) : "template0";
  try {
    await admin`create database ${admin(name)} template ${admin(template)}`;
  } catch (error) {
    // Swept just now by a test process of another state of the sources.
    if ((error as { code?: string }).code === "3D000") return clone(name, migrated, host, admin);
    throw error;
  }
}

const urlOf = (host: string, name: string) => `postgres://anicargo@localhost/${name}?host=${encodeURIComponent(host)}`;

/** Removes what killed test processes left behind, and templates of other schemas. */
async function sweep(admin: Sql): Promise<void> {
  const names = await admin<{ datname: string }[]>`select datname from pg_database where datname ~ '^(test|template)_'`;
  for (const { datname } of names) {
    const owner = /^test_(\d+)_/.exec(datname)?.[1];
    if (owner === undefined ? datname === templateName() : isAlive(Number(owner))) continue;
    // Another process may sweep too, or be cloning an older template at this moment.
    await admin`drop database if exists ${admin(datname)}`.catch(() => undefined);
  }
}

/** A new name for every change of a migration. */
const templateName = () =>
  `template_${createHash("sha256").update(JSON.stringify(coreMigrations)).digest("hex").slice(0, 16)}`;

async function ensureTemplate(host: string, admin: Sql): Promise<string> {
  const template = templateName();
  const exists = async () => (await admin`select from pg_database where datname = ${template}`).length > 0;
  if (await exists()) return template;
  await admin`select pg_advisory_lock(${TEMPLATE_LOCK})`;
  try {
    if (await exists()) return template;
    const making = `${template}_making`;
    await admin`drop database if exists ${admin(making)} with (force)`;
    await admin`create database ${admin(making)} template template0`;
    const sql = createPool(urlOf(host, making), 1, silentLogger);
    await migrate(sql, [{ name: "core", migrations: coreMigrations }], silentLogger);
    await sql.end();
    // Only a whole template bears the name.
    await admin`alter database ${admin(making)} rename to ${admin(template)}`;
  } finally {
    await admin`select pg_advisory_unlock(${TEMPLATE_LOCK})`;
  }
  return template;
}
