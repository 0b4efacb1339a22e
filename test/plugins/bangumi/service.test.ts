import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { bangumiForPeople, bangumiOf, provideBangumi } from "../../../plugins/bangumi/service.ts";
import {
  apiError,
  type Fault,
  htmlPage,
  SEARCH,
  text,
  tooManyRequests,
  truncated,
} from "../../helpers/fake-bangumi.ts";
import { type BangumiPlace, bangumiPlace } from "./place.ts";

/** The first test may start the shared database server. */
setDefaultTimeout(30_000);

const FRIEREN = {
  ...{ id: 400602, name: "葬送のフリーレン", name_cn: "葬送的芙莉莲", aliases: ["Frieren"], date: "2023-09-29" },
  ...{ platform: "TV", eps: 28, total_episodes: 34 },
};
const SECOND = {
  id: 515759,
  name: "葬送のフリーレン 第2期",
  name_cn: "葬送的芙莉莲 第二季",
  date: "2026-01-16",
  eps: 10,
};
const EPISODES = [
  { id: 11, type: 1, sort: 1 },
  { id: 10, type: 0, sort: 2, name: "b", airdate: "2023-10-06" },
  { id: 12, type: 0, sort: 1, name: "a", airdate: "2023-9-29" },
];

let place: BangumiPlace;
beforeEach(async () => {
  place = await bangumiPlace({
    subjects: [FRIEREN, SECOND],
    episodes: { 400602: EPISODES },
    relations: { 400602: [{ id: 515759, relation: "续集" }] },
  });
});
afterEach(() => place.close());

const paths = () => place.fake.requests.map(({ path }) => path);

describe("search", () => {
  test("asks for anime only, twenty at most, and finds them", async () => {
    const found = await place.forJobs.search("葬送のフリーレン");
    expect(found.map(({ id }) => id)).toEqual([400602, 515759]);
    expect(found[0]).toEqual({
      ...FRIEREN,
      nsfw: false,
      image: "https://lain.example/400602.jpg",
    });
    expect(place.fake.requests[0]).toMatchObject({
      path: "/v0/search/subjects?limit=20&offset=0",
      body: { keyword: "葬送のフリーレン", sort: "match", filter: { type: [2] } },
    });
  });

  test("is asked once in a week, by any process, in any spacing", async () => {
    const first = await place.forJobs.search("葬送のフリーレン 第2期");
    expect(await place.another().forPeople.search("  葬送のフリーレン  第2期 ")).toEqual(first);
    expect(place.fake.requests.length).toBe(1);
    await place.age("7 days");
    await place.forJobs.search("葬送のフリーレン 第2期");
    expect(place.fake.requests.length).toBe(2);
  });

  test("that finds nothing is asked again the next day", async () => {
    expect(await place.forJobs.search("nothing of the kind")).toEqual([]);
    expect(await place.forJobs.search("nothing of the kind")).toEqual([]);
    expect(place.fake.requests.length).toBe(1);
    await place.age("1 day");
    await place.forJobs.search("nothing of the kind");
    expect(place.fake.requests.length).toBe(2);
  });

  test("for nothing asks nothing", async () => {
    expect(await place.forJobs.search(" \0 ")).toEqual([]);
    expect(place.fake.requests).toEqual([]);
  });

  test("by many at once is one request", async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => place.forJobs.search("Frieren")));
    expect(new Set(all.map((found) => found.length))).toEqual(new Set([1]));
    expect(place.fake.requests.length).toBe(1);
  });

  test("leaves each subject in the cache", async () => {
    await place.forJobs.search("葬送のフリーレン");
    const cached = await place.forJobs.cached([515759, 400602, 1]);
    expect([...cached.keys()].sort()).toEqual([400602, 515759]);
    expect(await place.forJobs.subject(400602)).toMatchObject(FRIEREN);
    expect(place.fake.requests.length).toBe(1);
    expect(await place.forJobs.cached([])).toEqual(new Map());
  });

  test("keeps all that was said, also what we do not read", async () => {
    await place.forJobs.search("Frieren");
    const [row] = await place.database.sql`select raw from bangumi_subjects where id = 400602`;
    expect(row!.raw).toMatchObject({ id: 400602, rating: { score: 7.5 } });
  });

  test("that names a subject twice finds it once", async () => {
    place.fake.fail(SEARCH, text(JSON.stringify({ data: [FRIEREN, SECOND, FRIEREN], total: 3 })));
    expect((await place.forJobs.search("x")).map(({ id }) => id)).toEqual([400602, 515759]);
  });

  test("whose answer holds what PostgreSQL cannot keep is kept without that", async () => {
    place.fake.fail(SEARCH, text('{"data":[{"id":1,"name":"a\\u0000b","summary":"\\ud800"}],"total":1}'));
    expect(await place.forJobs.search("x")).toMatchObject([{ id: 1, name: "ab" }]);
    expect(await place.forJobs.search("x")).toMatchObject([{ id: 1, name: "ab" }]);
  });

  test("that suddenly finds nothing does not take back what it found", async () => {
    const before = await place.forJobs.search("Frieren");
    await place.age("8 days");
    place.fake.fail(SEARCH, text('{"data":[],"total":0}'));
    expect(await place.forJobs.search("Frieren")).toEqual(before);
    expect(await place.another().forJobs.search("Frieren")).toEqual(before);
    expect(place.fake.requests.length).toBe(2);
  });

  test("of which the database lost a subject is asked again, and the subject stored again", async () => {
    await place.forJobs.search("葬送のフリーレン");
    await place.database.sql`delete from bangumi_subjects where id = 515759`;
    expect((await place.forJobs.search("葬送のフリーレン")).length).toBe(2);
    expect((await place.another().forJobs.search("葬送のフリーレン")).length).toBe(2);
    expect(place.fake.requests.length).toBe(2);
  });
});

describe("what is stored", () => {
  const times = async () =>
    (await place.database.sql`select xmin::text, fetched_at::text as at from bangumi_subjects order by id`).map(
      ({ xmin, at }) => [xmin, at],
    );

  test("is not written again within the hour when it says the same", async () => {
    await place.forJobs.search("葬送のフリーレン");
    const before = await times();
    await place.forJobs.search("葬送");
    await place.another().forJobs.search("フリーレン");
    expect(await times()).toEqual(before);
  });

  test("is written when it says something else, and when it was said an hour ago", async () => {
    await place.forJobs.search("Frieren");
    place.fake.content.subjects[0] = { ...FRIEREN, name_cn: "芙莉莲" };
    await place.another().forJobs.search("葬送");
    expect((await place.forJobs.cached([400602])).get(400602)?.name_cn).toBe("芙莉莲");
    await place.age("1 hour");
    const before = await times();
    await place.another().forJobs.search("フリーレン");
    expect(await times()).not.toEqual(before);
  });

  test("is not erased by a shorter answer", async () => {
    await place.forJobs.subject(400602);
    await place.age("8 days");
    place.fake.fail("/v0/subjects/400602", text('{"id":400602,"name":"new name","a_new_field":1}'));
    await place.forJobs.subject(400602);
    expect((await place.forJobs.cached([400602])).get(400602)).toMatchObject({
      ...FRIEREN,
      name: "new name",
      name_cn: "",
    });
    const [row] = await place.database.sql`select raw from bangumi_subjects`;
    expect(row!.raw).toMatchObject({ a_new_field: 1, rating: { score: 7.5 } });
  });

  test("two searches with the same subjects in other orders do not lock each other out", async () => {
    const many = Array.from({ length: 20 }, (_, index) => ({ id: index + 1, name: `name ${index}` }));
    let turn = 0;
    place.fake.fail(SEARCH, () => {
      const data = (turn++ % 2 === 0 ? many : many.toReversed()).map((one) => ({ ...one, turn }));
      return Response.json({ data, total: 20 });
    });
    const services = [place.another(), place.another(), place.another()];
    const all = services.flatMap(({ forJobs }, one) =>
      Array.from({ length: 10 }, (_, index) => forJobs.search(`${one} ${index}`)),
    );
    expect((await Promise.all(all)).every((found) => found.length === 20)).toBe(true);
  });
});

describe("a subject", () => {
  test("is asked once in a week", async () => {
    await place.forJobs.subject(400602);
    await place.age("6 days");
    await place.forJobs.subject(400602);
    expect(place.fake.requests.length).toBe(1);
    await place.age("1 day");
    await place.forJobs.subject(400602);
    expect(place.fake.requests.length).toBe(2);
  });

  test("that is airing is asked once in a day, its episodes every six hours", async () => {
    const today = new Date().toISOString().slice(0, 10);
    place.fake.content.subjects.push({ id: 7, name: "Airing", date: today, eps: 12 });
    place.fake.content.episodes[7] = 3;
    const ask = async () => {
      await place.forJobs.subject(7);
      await place.forJobs.episodes(7);
      await place.forJobs.relations(7);
      return paths()
        .splice(0)
        .map((path) => path.replace(/\?.*/, ""))
        .sort();
    };
    await ask();
    await place.age("6 hours");
    place.fake.requests.length = 0;
    expect(await ask()).toEqual(["/v0/episodes"]);
    await place.age("18 hours");
    place.fake.requests.length = 0;
    expect(await ask()).toEqual(["/v0/episodes", "/v0/subjects/7", "/v0/subjects/7/subjects"]);
  });

  test("that nobody knows is null, its lists empty", async () => {
    expect(await place.forJobs.subject(1)).toBeNull();
    expect(await place.forJobs.episodes(1)).toEqual([]);
    expect(await place.forJobs.relations(1)).toEqual([]);
  });

  test("R32 that is gone or hidden now is kept as it was", async () => {
    await place.forJobs.sync(400602);
    await place.age("8 days");
    place.fake.content.subjects.length = 0;
    expect(await place.forJobs.subject(400602)).toMatchObject(FRIEREN);
    expect((await place.forJobs.episodes(400602)).length).toBe(3);
    expect((await place.forJobs.relations(400602)).length).toBe(1);
    place.fake.requests.length = 0;
    await place.forJobs.subject(400602);
    await place.forJobs.episodes(400602);
    expect(place.fake.requests).toEqual([]);
  });
});

describe("episodes and relations", () => {
  test("are kept in order, with days as days", async () => {
    const told = await place.forJobs.episodes(400602);
    expect(told.map(({ id, type, sort, ep, airdate }) => [id, type, sort, ep, airdate])).toEqual([
      [12, 0, 1, 1, "2023-09-29"],
      [10, 0, 2, 2, "2023-10-06"],
      [11, 1, 1, 0, null],
    ]);
    expect(await place.another().forJobs.episodes(400602)).toEqual(told);
    expect(await place.forJobs.relations(400602)).toEqual([
      { id: 515759, type: 2, relation: "续集", name: SECOND.name, name_cn: SECOND.name_cn },
    ]);
    await place.another().forJobs.relations(400602);
    expect(place.fake.requests.length).toBe(2);
  });

  test("an empty list is an answer too, and remembered", async () => {
    expect(await place.forJobs.episodes(515759)).toEqual([]);
    expect(await place.forJobs.relations(515759)).toEqual([]);
    await place.forJobs.episodes(515759);
    await place.forJobs.relations(515759);
    expect(place.fake.requests.length).toBe(2);
  });

  test("an empty list does not take the place of one that was not", async () => {
    const [episodes, relations] = [await place.forJobs.episodes(400602), await place.forJobs.relations(400602)];
    await place.age("8 days");
    place.fake.content.episodes[400602] = [];
    place.fake.content.relations[400602] = [];
    expect(await place.forJobs.episodes(400602)).toEqual(episodes);
    expect(await place.forJobs.relations(400602)).toEqual(relations);
  });

  test("what is gone from a list goes, what is new comes, what moved to another subject moves", async () => {
    await place.forJobs.episodes(400602);
    await place.forJobs.relations(400602);
    await place.age("8 days");
    place.fake.content.episodes = { 400602: [EPISODES[1]!, { id: 13, sort: 3 }], 515759: [{ id: 12, sort: 29 }] };
    place.fake.content.relations[400602] = [];
    place.fake.content.relations[400602].push(
      { id: 2, relation: "前传" },
      { id: 2, relation: "番外篇" },
      { id: 3, relation: "其他" },
    );
    expect((await place.forJobs.episodes(400602)).map(({ id }) => id)).toEqual([10, 13]);
    expect((await place.forJobs.episodes(515759)).map(({ id }) => id)).toEqual([12]);
    expect((await place.forJobs.relations(400602)).map(({ id }) => id)).toEqual([2, 2, 3]);
    await place.age("8 days");
    place.fake.content.relations[400602] = [{ id: 3, relation: "其他" }];
    expect((await place.forJobs.relations(400602)).map(({ id }) => id)).toEqual([3]);
  });

  test("more than a page of episodes comes in pages of 200", async () => {
    place.fake.content.episodes[400602] = 450;
    expect((await place.forJobs.episodes(400602)).length).toBe(450);
    expect(paths()).toEqual([0, 200, 400].map((offset) => `/v0/episodes?subject_id=400602&limit=200&offset=${offset}`));
  });

  test("exactly one page is asked for once: beyond the end is a bad request", async () => {
    place.fake.content.episodes[400602] = 200;
    expect((await place.forJobs.episodes(400602)).length).toBe(200);
    expect(place.fake.requests.length).toBe(1);
  });

  test("a list that becomes shorter between two pages ends there", async () => {
    place.fake.content.episodes[400602] = 450;
    const path = "/v0/episodes";
    place.fake.fail(path, async (request) => {
      place.fake.mend();
      const answer = await fetch(request.url, { headers: { "user-agent": "someone/test" } });
      place.fake.content.episodes[400602] = 100;
      return answer;
    });
    expect((await place.forJobs.episodes(400602)).length).toBe(200);
    expect(paths().at(-1)).toEndWith("offset=200");
  });

  test("a page that fails takes nothing of the list that is kept", async () => {
    place.fake.content.episodes[400602] = 450;
    await place.forJobs.episodes(400602);
    await place.age("8 days");
    let count = 0;
    place.fake.content.episodes[400602] = 460;
    place.fake.fail("/v0/episodes", async (request) => {
      if (++count > 1) return new Response("", { status: 500 });
      return Response.json({
        data: [{ id: 1, subject_id: 400602, type: 0, sort: 1 }],
        total: 450,
        request: request.url,
      });
    });
    expect((await place.forJobs.episodes(400602)).length).toBe(450);
  });

  test("a page that is empty although there should be something is trouble, not an empty list", async () => {
    place.fake.fail("/v0/episodes", text('{"data":[],"total":28}'));
    await expect(place.forJobs.episodes(400602)).rejects.toThrow("not as documented");
  });
});

describe("R32 when Bangumi cannot be used", () => {
  const faults: [string, Fault][] = [
    ["errors", apiError(500)],
    ["web pages with 200", htmlPage(200)],
    ["web pages with 404", htmlPage(404)],
    ["halves of answers", truncated],
    ["answers of another shape", text('{"title":"odd","description":"odd"}')],
    ["refusals", apiError(403)],
    ["429", tooManyRequests()],
  ];

  test.each(faults)("%s: what is cached is given, however old, and stays", async (_kind, fault) => {
    const { forJobs, fake } = place;
    const before = [
      await forJobs.search("Frieren"),
      await forJobs.subject(400602),
      await forJobs.episodes(400602),
      await forJobs.relations(400602),
    ];
    await place.age("1 year");
    fake.fail("*", fault);
    const { forJobs: later } = place.another();
    const after = [
      await later.search("Frieren"),
      await later.subject(400602),
      await later.episodes(400602),
      await later.relations(400602),
    ];
    expect(after).toEqual(before);
    await expect(later.search("something else")).rejects.toMatchObject({ status: 503, exitCode: 69 });
    await expect(later.subject(515759)).rejects.toMatchObject({ status: 503 });
    await expect(later.episodes(515759)).rejects.toMatchObject({ status: 503 });
    await expect(later.sync(400602)).rejects.toMatchObject({ status: 503 });
    fake.mend();
    expect((await place.forJobs.cached([400602])).size).toBe(1);
  });

  test("nobody there: what is cached is given, the rest says what to check", async () => {
    await place.forJobs.search("Frieren");
    await place.age("1 year");
    await place.fake.stop();
    expect((await place.forJobs.search("Frieren")).length).toBe(1);
    await expect(place.forJobs.search("else")).rejects.toThrow("check bangumi.base_url and bangumi.proxy");
  });
});

describe("sync", () => {
  test("asks whatever the cache says, and stores all three", async () => {
    await place.forJobs.subject(400602);
    place.fake.content.subjects[0] = { ...FRIEREN, name_cn: "芙莉莲" };
    expect(await place.forJobs.sync(400602)).toMatchObject({ episodes: 3, subject: { name_cn: "芙莉莲" } });
    place.fake.requests.length = 0;
    expect(await place.forJobs.subject(400602)).toMatchObject({ name_cn: "芙莉莲" });
    expect((await place.forJobs.episodes(400602)).length).toBe(3);
    expect((await place.forJobs.relations(400602)).length).toBe(1);
    expect(place.fake.requests).toEqual([]);
  });

  test("of an unknown id is null and stores nothing", async () => {
    expect(await place.forJobs.sync(1)).toBeNull();
    expect(await place.database.sql`select from bangumi_lists`).toHaveLength(0);
  });

  test("is whole or not at all", async () => {
    await place.forJobs.sync(400602);
    place.fake.content.subjects[0] = { ...FRIEREN, name_cn: "芙莉莲" };
    place.fake.content.relations[400602] = [{ id: 9, relation: "其他" }];
    place.fake.fail("/v0/episodes", apiError(500));
    await expect(place.forJobs.sync(400602)).rejects.toThrow("HTTP 500");
    expect((await place.forJobs.cached([400602])).get(400602)?.name_cn).toBe("葬送的芙莉莲");
    expect((await place.forJobs.relations(400602)).map(({ id }) => id)).toEqual([515759]);
  });

  test("is whole or not at all in the database too", async () => {
    const { sql } = place.database;
    await sql`alter table bangumi_episodes add check (sort < 100)`;
    await place.forJobs.sync(400602);
    place.fake.content.subjects[0] = { ...FRIEREN, name_cn: "芙莉莲" };
    place.fake.content.episodes[400602] = [{ id: 1, sort: 100 }];
    await expect(place.forJobs.sync(400602)).rejects.toThrow("check constraint");
    expect((await place.forJobs.cached([400602])).get(400602)?.name_cn).toBe("葬送的芙莉莲");
    expect((await place.forJobs.episodes(400602)).length).toBe(3);
  });

  test("with an empty list of episodes keeps those it had, and counts them", async () => {
    await place.forJobs.sync(400602);
    place.fake.content.episodes[400602] = [];
    expect(await place.forJobs.sync(400602)).toMatchObject({ episodes: 3 });
  });
});

describe("R30 the rest after 429", () => {
  test("is kept by other processes and over a restart, and ends", async () => {
    place.fake.fail("*", tooManyRequests(), 1);
    await expect(place.forJobs.search("a")).rejects.toMatchObject({ retryAfter: 3600 });
    await expect(place.another().forJobs.search("b")).rejects.toThrow("left alone until");
    expect(place.fake.requests.length).toBe(1);
    await place.database.sql`update bangumi_rests set until = now()`;
    await place.another().forJobs.search("b");
    expect(place.fake.requests.length).toBe(2);
  });

  test("is of one address, proxy and token: whoever changes them is somebody else", async () => {
    place.fake.fail("*", tooManyRequests(), 1);
    await expect(place.forJobs.search("a")).rejects.toThrow();
    await place.another({ access_token: "sesame" }).forJobs.search("a");
    const [row] = await place.database.sql`select identity from bangumi_rests`;
    expect(row!.identity).toMatch(/^[0-9a-f]{64}$/);
  });

  test("is told to the log and to whoever asks for our health, which asks nobody", async () => {
    expect(place.health()).toMatchObject({ ok: true });
    place.fake.fail("*", tooManyRequests(), 1);
    await expect(place.forJobs.search("a")).rejects.toThrow();
    expect(place.log.lines).toEqual([
      expect.objectContaining({ level: "warn", message: expect.stringContaining("3600 s") }),
    ]);
    expect(place.health()).toEqual({ ok: false, detail: expect.stringContaining("left alone until") });
    expect(place.fake.requests.length).toBe(1);
  });
});

test("the limits span all who ask: four at once, and so many a second", async () => {
  place.fake.fail("*", async () => {
    await Bun.sleep(2);
    return Response.json({ data: [], total: 0 });
  });
  const { forJobs, forPeople } = place.another();
  const jobs = Array.from({ length: 20 }, (_, index) => forJobs.search(`job ${index}`));
  const people = Array.from({ length: 8 }, (_, index) => forPeople.search(`person ${index}`));
  await Promise.all([...jobs, ...people]);
  expect(place.fake.mostAtOnce()).toBe(4);
});

test("S27 no token is in any error, log line or row", async () => {
  const secret = "very-secret-token";
  const { forJobs } = place.another({ access_token: secret });
  for (const fault of [apiError(401), apiError(500), htmlPage(200), tooManyRequests()]) {
    place.fake.fail("*", fault, 3);
    const error = await forJobs.search("x").catch((thrown) => thrown);
    expect(Bun.inspect(error, { depth: 9 })).not.toContain(secret);
    place.fake.mend();
  }
  expect(JSON.stringify(place.log.lines)).not.toContain(secret);
});

test("others find the service by the database, whichever core they were handed", () => {
  const { sql } = place.database;
  expect(() => bangumiOf({ sql })).toThrow("requires");
  provideBangumi({ sql }, place.forJobs, place.forPeople);
  expect([bangumiOf({ sql }), bangumiForPeople({ sql })]).toEqual([place.forJobs, place.forPeople]);
});
