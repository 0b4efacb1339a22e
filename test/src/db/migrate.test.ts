import { afterEach, beforeEach, expect, test } from "bun:test";
import type { Sql } from "postgres";
import { migrate } from "../../../src/db/migrate.ts";
import type { MigrationGroup } from "../../../src/db/migration-plan.ts";
import { coreMigrations } from "../../../src/db/migrations.ts";
import { createPool } from "../../../src/db/pool.ts";
import { type TestDatabase, testDatabase } from "../../helpers/database.ts";
import { silentLogger } from "../../helpers/silent-logger.ts";

let db: TestDatabase;
const groups: MigrationGroup[] = [
  {
    name: "core",
    migrations: [
      { name: "0001-shelf", sql: "create table shelf (id int primary key); insert into shelf values (1);" },
      { name: "0002-box", sql: "create table box (shelf int references shelf);" },
    ],
  },
  { name: "hls", migrations: [{ name: "0001-tape", sql: "create table tape (box int);" }] },
];
const ledger = async (sql: Sql) =>
  (await sql<{ line: string }[]>`select plugin || '/' || name as line from schema_migrations order by 1`).map(
    ({ line }) => line,
  );
const ALL = ["core/0001-shelf", "core/0002-box", "hls/0001-tape"];

beforeEach(async () => {
  db = await testDatabase({ migrated: false });
}, 30_000);
afterEach(() => db.drop());

test("an empty database gets everything, once", async () => {
  await migrate(db.sql, groups, silentLogger);
  await migrate(db.sql, groups, silentLogger);
  expect(await ledger(db.sql)).toEqual(ALL);
  expect(await db.sql`select id from shelf`).toMatchObject([{ id: 1 }]);
});

test("our own migrations apply to an empty database", async () => {
  await migrate(db.sql, [{ name: "core", migrations: coreMigrations }], silentLogger);
  expect(await ledger(db.sql)).toHaveLength(coreMigrations.length);
});

test("with nothing to do it asks one question", async () => {
  await migrate(db.sql, groups, silentLogger);
  const [before] = await db.sql<[{ xact: number }]>`select txid_current() as xact`;
  const sql = createPool(db.url, 1, silentLogger);
  // A read-only session: anything but looking would fail.
  await sql`set default_transaction_read_only = on`;
  await migrate(sql, groups, silentLogger);
  await sql.end();
  const [after] = await db.sql<[{ xact: number }]>`select txid_current() as xact`;
  expect(after.xact).toBe(before.xact + 1);
});

test("of many processes that come at once one migrates and the others wait", async () => {
  const pools = Array.from({ length: 6 }, () => createPool(db.url, 2, silentLogger));
  const lines: string[] = [];
  const log = { ...silentLogger, info: (line: string) => void lines.push(line) };
  await Promise.all(pools.map((sql) => migrate(sql, groups, log)));
  await Promise.all(pools.map((sql) => sql.end()));
  expect(lines.filter((line) => line.startsWith("migrated"))).toEqual(ALL.map((name) => `migrated ${name}`));
  expect(await db.sql`select id from shelf`).toHaveLength(1);
});

test("a migration that fails leaves nothing of itself, keeps the ones before it and can be run again", async () => {
  const broken = "create table box (); create table nonsense (id no_such_type);";
  const failing = [{ name: "core", migrations: [groups[0]!.migrations[0]!, { name: "0002-box", sql: broken }] }];
  await expect(migrate(db.sql, failing, silentLogger)).rejects.toThrow(
    'migration core/0002-box failed (type "no_such_type" does not exist); the database is as it was before it',
  );
  expect(await ledger(db.sql)).toEqual(["core/0001-shelf"]);
  expect(await db.sql`select to_regclass('box') as box`).toMatchObject([{ box: null }]);
  await migrate(db.sql, groups, silentLogger);
  expect(await ledger(db.sql)).toEqual(ALL);
});

test("a killed migrator's lock goes with it", async () => {
  const other = createPool(db.url, 1, silentLogger);
  const [{ pid }] = await other<[{ pid: number }]>`select pg_backend_pid() as pid`;
  await other`select pg_advisory_lock(${0x616e_696d})`;
  const waiting = Promise.withResolvers<void>();
  const log = { ...silentLogger, info: (line: string) => void (line.includes("waiting") && waiting.resolve()) };
  const migrating = migrate(db.sql, groups, log);
  await waiting.promise;
  await db.sql`select pg_terminate_backend(${pid})`;
  await migrating;
  expect(await ledger(db.sql)).toEqual(ALL);
  await other.end();
});

test("a user who may not make tables is told what to grant", async () => {
  const role = `guest_${process.pid}`;
  await db.sql.unsafe(`create role ${role} login password 'sesame'`);
  const url = new URL(db.url);
  url.username = role;
  url.password = "sesame";
  const sql = createPool(url.href, 1, silentLogger);
  await expect(migrate(sql, groups, silentLogger)).rejects.toThrow(
    `the database user ${role} may not make tables: grant create on schema public to ${role}`,
  );
  await sql.end();
  await db.sql.unsafe(`drop role ${role}`);
});
