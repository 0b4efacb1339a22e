import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { openDatabase } from "../../../src/db/connect.ts";
import { ConfigError, Unavailable } from "../../../src/errors.ts";
import { type TestDatabase, testDatabase } from "../../helpers/database.ts";
import { silentLogger } from "../../helpers/silent-logger.ts";

let db: TestDatabase;
const role = `reader_${process.pid}`;

const open = (database_url: string) =>
  openDatabase({ database_url, max_connections: 2, data_dir: "/nonexistent" }, silentLogger);

/** The test database's URL with some parts changed. */
const urlWith = (change: (url: URL) => void): string => {
  const url = new URL(db.url);
  change(url);
  return url.href;
};

beforeAll(async () => {
  db = await testDatabase();
  await db.sql.unsafe(`create role ${role} login password 'sesame'`);
}, 30_000);

afterAll(async () => {
  await db.sql.unsafe(`drop role ${role}`);
  await db.drop();
});

test("an external database is opened, also through a socket folder, and closed", async () => {
  const database = await open(db.url);
  expect(database.kind).toBe("external");
  const [row] = await database.sql<[{ name: string }]>`select current_setting('application_name') as name`;
  expect(row.name).toBe("anicargo");
  await database.close();
  expect(database.sql`select 1`.execute()).rejects.toThrow("CONNECTION_ENDED");
});

test("int8 is a number and timestamptz is a Date", async () => {
  const [row] = await db.sql`
    select count(*) as count, 9007199254740991::int8 as big, array[1, 2]::int8[] as many,
      '2026-11-22 12:00:00.5+00'::timestamptz as at`;
  expect(row).toEqual({ count: 1, big: 9007199254740991, many: [1, 2], at: new Date("2026-11-22T12:00:00.500Z") });
});

describe("what cannot be used is said in one line, without the password", () => {
  const cases: [string, () => string, RegExp][] = [
    [
      "a wrong password",
      () =>
        urlWith((url) => {
          url.username = role;
          url.password = "guessed-secret";
        }),
      /^the database test_\d+_\d+ at \/.* refuses the user or the password: check db\.database_url$/,
    ],
    [
      "a missing database",
      () =>
        urlWith((url) => {
          url.pathname = "/nowhere";
          url.password = "guessed-secret";
        }),
      /^the database nowhere at \/.* does not exist there: create it \(createdb\), or check db\.database_url$/,
    ],
    [
      "nobody at the address",
      () => "postgres://me:guessed-secret@127.0.0.1:1/anime",
      /^the database anime at 127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\): start PostgreSQL there, or check/,
    ],
    [
      "no socket in the folder",
      () => "postgres://me:guessed-secret@/anime?host=/nonexistent",
      /^the database anime at \/nonexistent cannot be reached \(ENOENT\)/,
    ],
  ];

  for (const [name, url, message] of cases)
    test(name, async () => {
      const error = await open(url()).catch((error) => error);
      expect(error).toBeInstanceOf(Unavailable);
      expect(error.exitCode).toBe(69);
      expect(error.message).toMatch(message);
      expect(Bun.inspect(error)).not.toContain("guessed-secret");
    });

  test("a refusal of the server in its own words", async () => {
    await db.sql.unsafe(`alter role ${role} connection limit 0`);
    const url = urlWith((url) => {
      url.username = role;
      url.password = "sesame";
    });
    await expect(open(url)).rejects.toThrow(/cannot be used: too many connections for role/);
  });

  test("a password with unescaped characters in it", async () => {
    const error = await open("postgres://me:guessed/secret@nas:5432/anime").catch((error) => error);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toContain("percent-encoded");
    expect(Bun.inspect(error)).not.toContain("guessed");
  });

  test("a database that takes no writes", async () => {
    const readOnly = await testDatabase();
    await readOnly.sql.unsafe(
      `alter database ${new URL(readOnly.url).pathname.slice(1)} set default_transaction_read_only = on`,
    );
    await expect(open(readOnly.url)).rejects.toThrow(/takes no writes .*: name the primary server in db\.database_url/);
    await readOnly.drop();
  });
});
