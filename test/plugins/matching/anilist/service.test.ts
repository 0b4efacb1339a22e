import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { OUTAGE_MS } from "../../../../plugins/matching/anilist/client.ts";
import type { AniList, AniListWork } from "../../../../plugins/matching/anilist/model.ts";
import { createAniList } from "../../../../plugins/matching/anilist/service.ts";
import anilistSql from "../../../../plugins/matching/migrations/0002-anilist.sql" with { type: "text" };
import { migrate } from "../../../../src/db/migrate.ts";
import { coreMigrations } from "../../../../src/db/migrations.ts";
import { type TestDatabase, testDatabase } from "../../../helpers/database.ts";
import { recordingLogger } from "../../../helpers/http.ts";
import { silentLogger } from "../../../helpers/silent-logger.ts";
import { type FakeAniList, startFakeAniList } from "./fake-anilist.ts";
import { type ImaginedClock, imaginedClock } from "./imagined-clock.ts";

const FRIEREN: AniListWork = {
  anilistId: 154587,
  malId: 52991,
  titles: ["Sousou no Frieren"],
  format: "TV",
  year: 2023,
  episodes: 28,
};

let database: TestDatabase;
let fake: FakeAniList;
let clock: ImaginedClock;
let stop: AbortController;
let log: ReturnType<typeof recordingLogger>;
let anilist: AniList;

beforeAll(async () => {
  database = await testDatabase();
  const matching = { name: "matching", migrations: [{ name: "0002-anilist", sql: anilistSql }] };
  await migrate(database.sql, [{ name: "core", migrations: coreMigrations }, matching], silentLogger);
}, 30_000);
afterAll(() => database.drop());

beforeEach(async () => {
  await database.sql`delete from anilist_answers`;
  fake = startFakeAniList([FRIEREN]);
  clock = imaginedClock();
  stop = new AbortController();
  log = recordingLogger();
  anilist = createAniList({ sql: database.sql, config: { anilist_url: fake.url }, log, signal: stop.signal }, clock);
});
afterEach(() => fake.stop());

const asked = () => fake.requests.map(({ title }) => title);
const broken = () => new Response("", { status: 500 });

const daysKept = async () =>
  (
    await database.sql<{ days: number }[]>`
      select round(extract(epoch from expires_at - now()) / 86400)::int as days from anilist_answers order by title
    `
  ).map(({ days }) => days);

test("a title is asked about once, however it is written, and the answer is kept for a month", async () => {
  expect(await anilist.search("Sousou no Frieren")).toEqual([FRIEREN]);
  expect(await anilist.search("  ＳＯＵＳＯＵ no   frieren ")).toEqual([FRIEREN]);
  expect(asked()).toEqual(["sousou no frieren"]);
  expect(await daysKept()).toEqual([30]);
});

test("that AniList knows nothing is kept for a week", async () => {
  expect(await anilist.search("Kimisen")).toEqual([]);
  expect(await anilist.search("Kimisen")).toEqual([]);
  expect(asked()).toEqual(["kimisen"]);
  expect(await daysKept()).toEqual([7]);
});

test("an answer that holds no longer is asked for again, and one that nobody asks for is forgotten", async () => {
  await anilist.search("frieren");
  await anilist.search("forgotten");
  await database.sql`update anilist_answers set expires_at = now(), works = '[]'`;
  expect(await anilist.search("frieren")).toEqual([FRIEREN]);
  expect(asked()).toEqual(["frieren", "forgotten", "frieren"]);
  expect(await daysKept()).toEqual([30]);
});

test("two who want to know the same share one question", async () => {
  const answered = Promise.withResolvers<undefined>();
  fake.reply(() => answered.promise);
  const both = Promise.all([anilist.search("Frieren"), anilist.search("frieren")]);
  // Whoever looks into the database by themselves has done so after these.
  await Promise.all(Array.from({ length: 10 }, async () => await database.sql`select 1`));
  answered.resolve(undefined);
  expect(await both).toEqual([[FRIEREN], [FRIEREN]]);
  expect(asked()).toEqual(["frieren"]);
});

test("a title of blanks is not asked about", async () => {
  expect(await anilist.search(" \t")).toEqual([]);
  expect(asked()).toEqual([]);
});

test("out of reach, it knows nothing, says so once, remembers nothing, and comes back by itself", async () => {
  fake.reply(broken);
  expect(await anilist.search("frieren")).toEqual([]);
  expect(await anilist.search("frieren")).toEqual([]);
  clock.pass(OUTAGE_MS);
  fake.reply(broken);
  expect(await anilist.search("frieren")).toEqual([]);
  expect(log.lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
    "warn: AniList is out of reach: matching goes on without it until it is back",
  ]);
  expect(await daysKept()).toEqual([]);

  clock.pass(OUTAGE_MS);
  expect(await anilist.search("frieren")).toEqual([FRIEREN]);
  fake.reply(broken);
  await anilist.search("another outage");
  expect(log.lines).toHaveLength(2);
});

test("what is remembered is there when AniList is not", async () => {
  await anilist.search("frieren");
  await fake.stop();
  expect(await anilist.search("frieren")).toEqual([FRIEREN]);
  expect(log.lines).toEqual([]);
});

test("a stop of the program ends the wait for a turn, and is no outage", async () => {
  anilist = createAniList({ sql: database.sql, config: { anilist_url: fake.url }, log, signal: stop.signal });
  await anilist.search("frieren");
  const search = anilist.search("after the gap");
  stop.abort(new Error("the program stops"));
  await expect(search).rejects.toThrow("the program stops");
  expect(asked()).toEqual(["frieren"]);
  expect(log.lines).toEqual([]);
});
