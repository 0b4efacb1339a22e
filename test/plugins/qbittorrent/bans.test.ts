import { afterAll, beforeAll, expect, test } from "bun:test";
import { storedBans } from "../../../plugins/qbittorrent/bans.ts";
import { createQbittorrent } from "../../../plugins/qbittorrent/client.ts";
import qbittorrentSql from "../../../plugins/qbittorrent/migrations/0001-qbittorrent.sql" with { type: "text" };
import { migrate } from "../../../src/db/migrate.ts";
import { Unavailable } from "../../../src/errors.ts";
import { type TestDatabase, testDatabase } from "../../helpers/database.ts";
import { silentLogger } from "../../helpers/silent-logger.ts";
import { fakeQbittorrent } from "./fake-qbittorrent.ts";

const HERE = "http://127.0.0.1:8080";
const inSeconds = (seconds: number): Date => new Date(Date.now() + 1000 * seconds);

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  const migrations = [{ name: "0001-qbittorrent", sql: qbittorrentSql }];
  await migrate(database.sql, [{ name: "qbittorrent", migrations }], silentLogger);
}, 30_000);
afterAll(() => database.drop());

test("a ban holds for every process on the database, at the address that banned us, until its end", async () => {
  const end = inSeconds(3600);
  expect(await storedBans(database.sql, HERE).until()).toBeNull();
  await storedBans(database.sql, HERE).set(end);
  expect(await storedBans(database.sql, HERE).until()).toEqual(end);
  expect(await storedBans(database.sql, "http://127.0.0.1:9090").until()).toBeNull();
  await storedBans(database.sql, HERE).set(inSeconds(-1));
  expect(await storedBans(database.sql, HERE).until()).toBeNull();
});

test("Q2 a command after a ban does not even try to log in", async () => {
  const server = fakeQbittorrent({ dialect: "4.5", banAfter: 0 });
  try {
    const ask = () =>
      createQbittorrent(server.config, { bans: storedBans(database.sql, server.config.base_url) }).torrents();
    for (let command = 0; command < 3; command++) {
      const error = await ask().then(
        () => null,
        (problem: unknown) => problem,
      );
      expect(error).toBeInstanceOf(Unavailable);
      expect((error as Error).message).toContain("banned");
    }
    expect(server.asked("auth/login")).toBe(1);
  } finally {
    await server.stop();
  }
});
