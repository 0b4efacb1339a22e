import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { bangumi } from "../../../plugins/bangumi/index.ts";
import { bangumiOf } from "../../../plugins/bangumi/service.ts";
import { type TestApp, testApp } from "../../helpers/app.ts";
import { apiError, type FakeBangumi, fakeBangumi, SEARCH } from "../../helpers/fake-bangumi.ts";
import { until } from "../../helpers/until.ts";

/** The first test may start the shared database server. */
setDefaultTimeout(30_000);

let fake: FakeBangumi;
let app: TestApp;
beforeAll(async () => {
  fake = fakeBangumi({
    subjects: [
      {
        id: 1,
        name: "けいおん！",
        name_cn: "轻音少女",
        aliases: ["K-ON!"],
        date: "2009-04-02",
        eps: 12,
        total_episodes: 14,
      },
      { id: 2, name: "けいおん！！", name_cn: "轻音少女 第二季" },
    ],
    episodes: { 1: [{ id: 10, sort: 1, name: "廃部！", airdate: "2009-4-3" }] },
    relations: { 1: [{ id: 2, relation: "续集" }] },
  });
  app = await testApp({
    plugins: [bangumi],
    env: { ANICARGO_BANGUMI_BASE_URL: fake.url, ANICARGO_BANGUMI_REQUESTS_PER_SECOND: "0" },
  });
});
afterAll(async () => {
  await app.remove();
  await fake.stop();
});
beforeEach(() => {
  fake.mend();
  fake.requests.length = 0;
});

async function get(path: string) {
  const answer = await app.request(path);
  return { status: answer.status, body: await answer.json(), retryAfter: answer.headers.get("retry-after") };
}

describe("GET /api/bangumi/search", () => {
  test("gives a list, best first, the second time without asking", async () => {
    const found = await get("/api/bangumi/search?q=K-ON!");
    expect(found).toEqual({
      status: 200,
      retryAfter: null,
      body: [
        {
          ...{ id: 1, name: "けいおん！", name_cn: "轻音少女", date: "2009-04-02", platform: "TV", eps: 12 },
          image: "https://lain.example/1.jpg",
        },
      ],
    });
    expect(await get("/api/bangumi/search?q=K-ON!")).toEqual(found);
    expect(fake.requests.length).toBe(1);
  });

  test("gives an empty list when nothing is found", async () => {
    expect(await get("/api/bangumi/search?q=nothing")).toMatchObject({ status: 200, body: [] });
  });

  test.each(["", "?q=", "?q=%20%20", `?q=${"x".repeat(101)}`, "?q=%00"])("%p is 422", async (query) => {
    const { status, body } = await get(`/api/bangumi/search${query}`);
    expect([status, (body as { error: string }).error]).toEqual([422, expect.stringContaining("q")]);
    expect(fake.requests).toEqual([]);
  });

  test("is 503 with Retry-After when Bangumi is out of reach", async () => {
    fake.fail(SEARCH, apiError(400));
    const { status, body, retryAfter } = await get("/api/bangumi/search?q=x");
    expect([status, retryAfter, (body as { error: string }).error]).toEqual([
      503,
      "30",
      expect.stringContaining("HTTP 400"),
    ]);
  });

  test("needs a login", async () => {
    expect((await fetch(`${app.url}/api/bangumi/search?q=x`)).status).toBe(401);
  });
});

describe("GET /api/bangumi/subjects/:id", () => {
  test("gives the subject with its episodes and relations, the second time without asking", async () => {
    const found = await get("/api/bangumi/subjects/1");
    expect(found).toMatchObject({
      status: 200,
      body: {
        ...{ id: 1, name_cn: "轻音少女", aliases: ["K-ON!"], eps: 12, total_episodes: 14, nsfw: false },
        episodes: [{ id: 10, type: 0, sort: 1, ep: 1, name: "廃部！", name_cn: "", airdate: "2009-04-03" }],
        relations: [{ id: 2, type: 2, relation: "续集", name: "けいおん！！", name_cn: "轻音少女 第二季" }],
      },
    });
    fake.requests.length = 0;
    expect(await get("/api/bangumi/subjects/1")).toEqual(found);
    expect(fake.requests).toEqual([]);
  });

  test("is 404 for an unknown one", async () => {
    expect(await get("/api/bangumi/subjects/99")).toMatchObject({ status: 404, body: { error: expect.any(String) } });
  });

  test.each(["0", "-1", "1.5", "x", "2147483648"])("%s is 422", async (id) => {
    expect((await get(`/api/bangumi/subjects/${id}`)).status).toBe(422);
    expect(fake.requests).toEqual([]);
  });
});

test("a person who asks without end is told to come back, and does not take the jobs' turns", async () => {
  const gate = Promise.withResolvers<void>();
  fake.fail(SEARCH, async () => {
    await gate.promise;
    return Response.json({ data: [], total: 0 });
  });
  const asked = Array.from({ length: 20 }, (_, index) => get(`/api/bangumi/search?q=flood%20${index}`));
  await until(() => fake.requests.length === 4);
  const job = bangumiOf(app.core).search("a job");
  let answered = 0;
  for (const one of asked) void one.then(() => answered++);
  await until(() => answered === 8);
  gate.resolve();
  const all = await Promise.all(asked);
  expect(all.filter(({ status }) => status === 503).length).toBe(8);
  expect(all.filter(({ status }) => status === 200).length).toBe(12);
  expect(await job).toEqual([]);
});

test("health degrades when Bangumi fails, and is not ended by it", async () => {
  expect(await get("/api/health")).toMatchObject({
    status: 200,
    body: { status: "ok", checks: { bangumi: { ok: true } } },
  });
  fake.fail(SEARCH, apiError(401));
  await get("/api/bangumi/search?q=unheard");
  fake.requests.length = 0;
  expect(await get("/api/health")).toMatchObject({
    status: 200,
    body: {
      status: "degraded",
      checks: { bangumi: { ok: false, detail: expect.stringContaining("bangumi.access_token") } },
    },
  });
  expect(fake.requests).toEqual([]);
});
