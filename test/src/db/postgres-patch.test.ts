/** What `scripts/patches/postgres@3.4.9.patch` mends: without it these hang, or end the process. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Sql } from "postgres";
import { createPool } from "../../../src/db/pool.ts";
import { type TestDatabase, testDatabase } from "../../helpers/database.ts";
import { silentLogger } from "../../helpers/silent-logger.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
  await db.sql`create table written (id int)`;
}, 30_000);
afterAll(() => db.drop());

const terminate = (pid: number) => db.sql`select pg_terminate_backend(${pid}, 5000)`;
const pidOf = async (sql: Pick<Sql, "unsafe">): Promise<number> =>
  (await sql.unsafe<[{ pid: number }]>("select pg_backend_pid() as pid"))[0].pid;

test("a reserved connection that died rejects every query, and the pool goes on without it", async () => {
  const sql = createPool(db.url, 1, silentLogger);
  const reserved = await sql.reserve();
  await terminate(await pidOf(reserved));
  await expect(reserved`select 1`.execute()).rejects.toThrow();
  await expect(reserved`select 2`.execute()).rejects.toThrow();
  expect(await sql`select 3 as three`).toMatchObject([{ three: 3 }]);
  reserved.release();
  expect(await sql`select 4 as four`).toMatchObject([{ four: 4 }]);
  await sql.end();
});

test("a transaction whose connection died is rejected as a whole: nothing of it runs on the next connection", async () => {
  const sql = createPool(db.url, 1, silentLogger);
  let late: unknown;
  const goOn = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const transaction = sql.begin(async (tx) => {
    await tx`insert into written values (1)`;
    await terminate(await pidOf(tx));
    await goOn.promise;
    late = await tx`insert into written values (2)`.catch((error) => error);
    ended.resolve();
  });
  await expect(transaction).rejects.toThrow();
  // The pool has connected anew when the abandoned function wakes up.
  await sql`select 1`;
  goOn.resolve();
  await ended.promise;
  expect(late).toBeInstanceOf(Error);
  expect(await sql`select id from written`).toEqual([] as never);
  await sql.end();
});

test("a query after one that was killed gets its own answer", async () => {
  const sql = createPool(db.url, 1, silentLogger);
  const pid = await pidOf(sql);
  // The server's farewell, or a reset when it was quicker.
  const killed = sql`select pg_sleep(60)`.catch((error) => error);
  await terminate(pid);
  expect(await killed).toBeInstanceOf(Error);
  expect(await sql`select 5 as five`).toMatchObject([{ five: 5 }]);
  await sql.end();
});

test("a connection that dies with a query in the making is used again", async () => {
  for (let round = 0; round < 20; round++) {
    const sql = createPool(db.url, 1, silentLogger);
    const pid = await pidOf(sql);
    let asking = true;
    // One query at every turn of the loop, so that the end comes between asking and writing now and then.
    const asked = (async () => {
      while (asking) {
        void sql`select 1`.catch(() => undefined);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await terminate(pid);
    asking = false;
    await asked;
    // A query that still met the old connection may fail, but it ends; the one after it works.
    await sql`select 6`.catch(() => undefined);
    expect(await sql`select 7 as seven`).toMatchObject([{ seven: 7 }]);
    await sql.end({ timeout: 0 });
  }
}, 60_000);
