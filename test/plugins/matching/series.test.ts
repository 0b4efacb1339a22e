import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { seriesRoutes } from "../../../plugins/matching/series/routes.ts";
import { startHttp, type TestHttp } from "../../helpers/http.ts";
import { type House, openHouse } from "./house.ts";

/** The first one unpacks PostgreSQL. */
setDefaultTimeout(30_000);

let house: House;
let http: TestHttp;
beforeAll(async () => {
  house = await openHouse();
  http = await startHttp({ routes: (auth) => seriesRoutes(house.sql, auth.guards) });
});
beforeEach(() => house.clear());
afterAll(async () => {
  await http.stop();
  await house.close();
});

interface Work {
  date?: string | null;
  name?: string;
  aliases?: string[];
  /** Main episodes: numbers, or numbers with the day they are shown. */
  episodes: (number | [sort: number, airdate: string | null])[];
}

/** As the `bangumi` plugin caches it; a special and an opening stand beside the main episodes. */
async function cache(id: number, { date = "2020-01-01", name = `Work ${id}`, aliases = [], episodes }: Work) {
  const { sql } = house;
  await sql`
    insert into bangumi_subjects (id, name, name_cn, aliases, platform, date, eps, total_episodes, nsfw, image, raw)
    values (${id}, ${name}, ${`${name} CN`}, ${sql.json(aliases)}, 'TV', ${date}::text::date, ${episodes.length},
      ${episodes.length + 2}, false, ${`https://covers.test/${id}.jpg`}, '{}')`;
  for (const episode of episodes) {
    const [sort, airdate] = typeof episode === "number" ? [episode, "2020-01-01"] : episode;
    await sql`
      insert into bangumi_episodes (id, subject_id, type, sort, ep, name, name_cn, airdate)
      values (${id * 10_000 + sort * 10}, ${id}, 0, ${sort}, 1, '', '', ${airdate}::text::date)`;
  }
  await sql`
    insert into bangumi_episodes (id, subject_id, type, sort, ep, name, name_cn, airdate)
    values (${id * 10_000 + 9001}, ${id}, 1, 1, 0, '', '', '2020-01-01'),
      (${id * 10_000 + 9002}, ${id}, 2, 1, 0, '', '', '2020-01-01')`;
}

/** A file matched to an episode by its number; null: to the subject alone. */
async function own(subject: number, ...sorts: (number | null)[]) {
  for (const [index, sort] of sorts.entries()) {
    const [id] = await house.add(`${subject}/${index} ${sort}.mkv`);
    await house.sql`
      insert into media_matches (media_id, subject_id, episode_id, method, confidence, reason)
      values (${id!}, ${subject}, ${sort === null ? null : subject * 10_000 + sort * 10}, 'auto', 1, '')`;
  }
}

const get = async (query = "", init: RequestInit = {}) => {
  const response = await http.fetch(`/api/series${query}`, { as: "alice", ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? null : JSON.parse(text) };
};
const idsOf = async (query = ""): Promise<number[]> =>
  (await get(query)).body.map(({ subject_id }: { subject_id: number }) => subject_id);

test("is for users", async () => {
  expect((await http.fetch("/api/series")).status).toBe(401);
});

test("tells of each subject what is here and what is missing, by the numbers that people use", async () => {
  await cache(7, { episodes: [29, 30, 30.5, 31] });
  await own(7, 31, 29, 29);
  const { body, headers } = await get();
  expect(body).toEqual([
    {
      subject_id: 7,
      name: "Work 7",
      name_cn: "Work 7 CN",
      date: "2020-01-01",
      image: "https://covers.test/7.jpg",
      total_episodes: 6,
      files: 3,
      episodes_present: [29, 31],
      episodes_missing: [30, 30.5],
    },
  ]);
  expect(headers.get("x-total-count")).toBe("1");
});

test("an empty library has no series", async () => {
  expect((await get()).body).toEqual([]);
});

test("a file without an episode counts as a file, and a special as one too", async () => {
  await cache(7, { episodes: [1] });
  await own(7, null, 900.1);
  expect((await get()).body).toMatchObject([{ files: 2, episodes_present: [], episodes_missing: [1] }]);
});

describe("what is not shown yet is not missing:", () => {
  test.each<[string, string | null, string | null, number[]]>([
    ["shown today", "today", "2020-01-01", [1]],
    ["shown tomorrow", "tomorrow", "2020-01-01", []],
    ["no day, an old subject", null, "2020-01-01", [1]],
    ["no day, a subject of this year", null, "yesterday", []],
    ["no day at all", null, null, []],
  ])("%s", async (_what, airdate, date, missing) => {
    await cache(7, { date, episodes: [[1, airdate]] });
    await own(7, null);
    expect((await get()).body[0].episodes_missing).toEqual(missing);
  });
});

test("a subject that nothing is cached of is there all the same, last", async () => {
  await cache(7, { episodes: [] });
  await own(7, null);
  await own(8, null);
  expect((await get()).body[1]).toEqual({
    ...{ subject_id: 8, name: "", name_cn: "", date: null, image: null, total_episodes: 0, files: 1 },
    ...{ episodes_present: [], episodes_missing: [] },
  });
});

test("comes newest first, in pages that tell how many there are", async () => {
  for (const [id, date] of [
    [5, null],
    [6, "2019-01-01"],
    [7, "2021-01-01"],
    [8, "2021-01-01"],
  ] as const) {
    await cache(id, { date, episodes: [] });
    await own(id, null);
  }
  expect(await idsOf()).toEqual([7, 8, 6, 5]);
  expect(await idsOf("?limit=2&offset=1")).toEqual([8, 6]);
  expect(await idsOf("?offset=9")).toEqual([]);
  expect((await get("?limit=0")).headers.get("x-total-count")).toBe("4");
  expect((await get("?offset=9")).headers.get("x-total-count")).toBe("4");
});

test("q is looked for in names and aliases, in any case and width, and stands for itself", async () => {
  await cache(7, { name: "葬送のフリーレン", aliases: ["Frieren: 100%"], episodes: [] });
  await cache(8, { name: "Other", episodes: [] });
  await own(7, null);
  await own(8, null);
  for (const q of ["フリーレン", "FRIEREN", "ｆｒｉｅｒｅｎ", "100%"]) {
    expect(await idsOf(`?q=${encodeURIComponent(q)}`)).toEqual([7]);
  }
  for (const q of ["_ther", "%", "nowhere"]) expect(await idsOf(`?q=${encodeURIComponent(q)}`)).not.toContain(8);
  expect((await get("?q=other&limit=0")).headers.get("x-total-count")).toBe("1");
});

test.each(["limit=-1", "limit=x", "offset=-1", "offset=99999999999", "q=%00", `q=${"x".repeat(256)}`])(
  "%s is refused",
  async (query) => {
    expect((await get(`?${query}`)).status).toBe(422);
  },
);

test("unchanged it is answered with 304, and changed it is not", async () => {
  await cache(7, { episodes: [1, 2] });
  await own(7, 1);
  const etag = (await get()).headers.get("etag")!;
  expect(await get("", { headers: { "if-none-match": etag } })).toMatchObject({ status: 304, body: null });
  await house.sql`delete from bangumi_episodes where sort = 2`;
  expect((await get("", { headers: { "if-none-match": etag } })).status).toBe(200);
});
