import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { createPool } from "../../../src/db/pool.ts";
import { type TestDatabase, testDatabase } from "../../helpers/database.ts";
import { silentLogger } from "../../helpers/silent-logger.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
}, 30_000);
afterAll(() => db.drop());

/** Undone even when the test hangs: a frozen session keeps the whole test server from stopping. */
let frozen: number | undefined;
afterEach(() => {
  if (frozen !== undefined) process.kill(frozen, "SIGCONT");
  frozen = undefined;
});

test("a frozen server fails the query instead of holding it, and the pool recovers", async () => {
  const sql = createPool(db.url, 1, silentLogger, { statement: 0, answer: 100 });
  const [{ pid }] = await sql<[{ pid: number }]>`select pg_backend_pid() as pid`;
  process.kill(pid, "SIGSTOP");
  frozen = pid;
  await expect(sql`select 1`.execute()).rejects.toMatchObject({ code: "ETIMEDOUT" });
  // Asked at once, the connection is still on its way out: that fails too, but it ends.
  await sql`select 2`.catch((error) => expect(error).toMatchObject({ code: "CONNECTION_CLOSED" }));
  expect(await sql`select 3 as three`).toMatchObject([{ three: 3 }]);
  await sql.end();
});

test("a listener may be silent for longer than an answer may take", async () => {
  const sql = createPool(db.url, 1, silentLogger, { statement: 0, answer: 50 });
  const heard = Promise.withResolvers<string>();
  let listens = 0;
  await sql.listen("news", heard.resolve, () => void listens++);
  await db.sql`select pg_sleep(0.2)`;
  await db.sql.notify("news", "hello");
  expect(await heard.promise).toBe("hello");
  expect(listens).toBe(1);
  await sql.end();
});

test("the server ends a statement that takes too long", async () => {
  const sql = createPool(db.url, 1, silentLogger, { statement: 20, answer: 10_000 });
  await expect(sql`select pg_sleep(60)`.execute()).rejects.toMatchObject({ code: "57014" });
  await sql.end();
});

test("a query larger than one write arrives, and so does a large answer", async () => {
  const text = "x".repeat(5_000_000);
  expect(await db.sql`select ${text}::text as text`).toEqual([{ text }] as never);
});

test("notices of the server go to the debug log", async () => {
  const lines: string[] = [];
  const sql = createPool(db.url, 1, { ...silentLogger, debug: (line) => void lines.push(line) });
  await sql`drop table if exists no_such_table`;
  expect(lines).toEqual(['database NOTICE: table "no_such_table" does not exist, skipping']);
  await sql.end();
});
