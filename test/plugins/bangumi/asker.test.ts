import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Misshapen } from "../../../plugins/bangumi/answer.ts";
import { type ApiRequest, type AskerOptions, backoffMs, createAsker } from "../../../plugins/bangumi/asker.ts";
import type { BangumiConfig } from "../../../plugins/bangumi/config.ts";
import { createLimiter } from "../../../plugins/bangumi/limiter.ts";
import { createStanding } from "../../../plugins/bangumi/standing.ts";
import { Unavailable } from "../../../src/plugin.ts";
import {
  apiError,
  type FakeBangumi,
  type Fault,
  fakeBangumi,
  htmlPage,
  redirect,
  silence,
  text,
  tooManyRequests,
  truncated,
} from "../../helpers/fake-bangumi.ts";
import { until } from "../../helpers/until.ts";
import { CONFIG } from "./place.ts";
import { type TestProxy, testProxy } from "./proxy.ts";

const PATH = "/v0/subjects/1";
const REQUEST: ApiRequest<unknown> = { path: PATH, read: (answer) => (answer as { name: string }).name };

let fake: FakeBangumi;
let stopping: AbortController;
let pauses: number[];
beforeEach(() => {
  fake = fakeBangumi({ subjects: [{ id: 1, name: "One" }] });
  stopping = new AbortController();
  pauses = [];
});
afterEach(async () => {
  stopping.abort();
  await fake.stop();
});

const asker = (config: Partial<BangumiConfig> = {}, options: Partial<AskerOptions> = {}) =>
  createAsker({
    config: { ...CONFIG, base_url: fake.url, ...config },
    limiter: createLimiter({ perSecond: 0, atOnce: 4, peopleWaiting: 8, signal: stopping.signal }),
    standing: createStanding(),
    signal: stopping.signal,
    pause: async (ms) => void pauses.push(ms),
    ...options,
  });

const errorOf = async (promise: Promise<unknown>): Promise<Unavailable> => {
  const error = await promise.then(
    () => new Error("no error"),
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(Unavailable);
  return error;
};

describe("a request", () => {
  test("says who asks, and brings the token", async () => {
    expect(await asker({ access_token: "sesame" })("jobs", REQUEST)).toBe("One");
    expect(fake.requests[0]).toMatchObject({
      userAgent: "someone/anicargo/test",
      authorization: "Bearer sesame",
      method: "GET",
    });
  });

  test("brings none when there is none", async () => {
    await asker()("jobs", REQUEST);
    expect(fake.requests[0]!.authorization).toBeNull();
  });

  test("goes below a base URL with a path and a slash", async () => {
    await asker({ base_url: `${fake.url}/mirror//` })("jobs", REQUEST);
    expect(fake.requests[0]!.path).toBe("/mirror/v0/subjects/1");
  });

  test("of something unknown gives null, at once", async () => {
    expect(await asker()("jobs", { ...REQUEST, path: "/v0/subjects/2" })).toBeNull();
    expect(fake.requests.length).toBe(1);
  });
});

describe("a fault that may pass", () => {
  const faults: [string, Fault][] = [
    ["an error of the server", apiError(500)],
    ["an error with details in words", apiError(503, "Busy", "later")],
    ["a web page with 502", htmlPage(502)],
    ["a web page with 200", htmlPage(200)],
    ["half an answer", truncated],
    ["an empty answer", text("")],
  ];

  test.each(faults)("%s: is asked again, after a pause", async (_kind, fault) => {
    fake.fail(PATH, fault, 2);
    expect(await asker()("jobs", REQUEST)).toBe("One");
    expect([fake.requests.length, pauses.length]).toEqual([3, 2]);
  });

  test.each(faults)("%s: is asked for three times, a person's question twice", async (_kind, fault) => {
    fake.fail(PATH, fault);
    await errorOf(asker()("jobs", REQUEST));
    expect(fake.requests.length).toBe(3);
    await errorOf(asker()("people", REQUEST));
    expect(fake.requests.length).toBe(5);
  });

  test("no answer in time: is asked again", async () => {
    fake.fail(PATH, silence, 1);
    expect(await asker({}, { deadlines: { begin: 100, whole: 10_000 } })("jobs", REQUEST)).toBe("One");
  });
});

test("nobody there: the error names the keys to check", async () => {
  await fake.stop();
  const error = await errorOf(asker()("jobs", REQUEST));
  expect(error).toMatchObject({ status: 503, exitCode: 69, retryAfter: 30 });
  expect(error.message).toMatch(/connection refused.*bangumi\.base_url.*bangumi\.proxy/);
});

describe("what a second question would not mend is asked once", () => {
  test.each<[string, Fault, RegExp]>([
    ["a bad request", apiError(400, "Bad Request"), /HTTP 400, Bad Request: in its own words/],
    ["a bad token", apiError(401), /bangumi\.access_token/],
    ["a refusal", htmlPage(403), /bangumi\.user_agent/],
    [
      "a redirect to another host",
      redirect("https://evil.example/v0"),
      /leads to https:\/\/evil\.example: set bangumi\.base_url/,
    ],
    ["an answer of another shape", text("[1]"), /not as documented/],
  ])("%s", async (_kind, fault, message) => {
    fake.fail(PATH, fault);
    const read = () => {
      throw new Misshapen("/id is missing");
    };
    const error = await errorOf(asker({ access_token: "sesame" })("jobs", { ...REQUEST, read }));
    expect(error.message).toMatch(message);
    expect(fake.requests.length).toBe(1);
  });
});

describe("a redirect", () => {
  test("within the origin is followed with all that the question had", async () => {
    fake.fail("/old", redirect("/v0/search/subjects?limit=20", 301));
    const ask = asker({ access_token: "sesame" });
    await ask("jobs", { path: "/old", body: { keyword: "one" }, read: () => null });
    expect(fake.requests.map(({ method, body, authorization }) => [method, body, authorization])).toEqual([
      ["POST", { keyword: "one" }, "Bearer sesame"],
      ["POST", { keyword: "one" }, "Bearer sesame"],
    ]);
  });

  test("S20 to another host takes the token nowhere", async () => {
    const other = fakeBangumi();
    fake.fail(PATH, redirect(`${other.url}/v0`));
    await errorOf(asker({ access_token: "sesame" })("jobs", REQUEST));
    expect(other.requests).toEqual([]);
    await other.stop();
  });

  test("in a circle ends", async () => {
    fake.fail(PATH, redirect(PATH));
    expect((await errorOf(asker()("jobs", REQUEST))).message).toContain("leads nowhere");
    expect(fake.requests.length).toBe(4);
  });
});

test("R30 after 429 nothing is asked, also by those that wait already", async () => {
  const limiter = createLimiter({ perSecond: 0, atOnce: 1, peopleWaiting: 8, signal: stopping.signal });
  fake.fail("*", tooManyRequests());
  const ask = asker({}, { limiter });
  const errors = await Promise.all([ask("jobs", REQUEST), ask("jobs", REQUEST), ask("people", REQUEST)].map(errorOf));
  expect(fake.requests.length).toBe(1);
  for (const error of errors) expect(error.message).toMatch(/left alone until \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
  expect(errors[0]!.retryAfter).toBe(3600);
});

test("the process's end ends a pause, and what is asked after it", async () => {
  fake.fail(PATH, apiError(500));
  const ask = asker({}, { pause: undefined });
  const asked = errorOf(ask("jobs", REQUEST));
  await until(() => fake.requests.length > 0);
  stopping.abort();
  expect((await asked).message).toBe("the program is stopping");
  expect(fake.requests.length).toBe(1);
});

test("no more than four are under way at once", async () => {
  fake.fail("*", async () => {
    await Bun.sleep(2);
    return Response.json({ name: "One" });
  });
  const ask = asker();
  await Promise.all(Array.from({ length: 20 }, () => ask("jobs", REQUEST)));
  expect([fake.requests.length, fake.mostAtOnce()]).toEqual([20, 4]);
});

test.each([
  [1, 0, 500],
  [1, 1, 1500],
  [2, 0.5, 2000],
])("the pause after attempt %p with chance %p is %p ms", (attempt, random, ms) => {
  expect(backoffMs(attempt, random)).toBe(ms);
});

describe("a proxy", () => {
  let proxy: TestProxy;
  beforeEach(async () => {
    proxy = await testProxy("user", "p@ss");
  });
  afterEach(() => proxy.stop());

  test("is gone through, with its login", async () => {
    expect(await asker({ proxy: proxy.url, access_token: "sesame" })("jobs", REQUEST)).toBe("One");
    expect(proxy.asked).toEqual([`GET ${fake.url}${PATH}`]);
    expect(fake.requests[0]).toMatchObject({ authorization: "Bearer sesame", userAgent: "someone/anicargo/test" });
  });

  test("tunnels to a base URL of https", async () => {
    const { port } = new URL(fake.url);
    // What is at the end speaks no TLS; that the tunnel led there is what counts.
    const error = await errorOf(asker({ proxy: proxy.url, base_url: `https://127.0.0.1:${port}` })("people", REQUEST));
    expect(proxy.asked[0]).toBe(`CONNECT 127.0.0.1:${port}`);
    expect(error.message).toContain("bangumi.proxy");
  });

  test("that refuses us says so, and no error holds its password", async () => {
    const wrong = proxy.url.replace("p%40ss", "wr0ng");
    const { port } = new URL(fake.url);
    const plain = await errorOf(asker({ proxy: wrong })("people", REQUEST));
    expect(plain.message).toContain("the proxy wants a login: set bangumi.proxy");
    const tunnel = await errorOf(asker({ proxy: wrong, base_url: `https://127.0.0.1:${port}` })("people", REQUEST));
    expect(tunnel.message).toContain("the proxy opens no tunnel");
    expect(Bun.inspect([plain, tunnel], { depth: 9 })).not.toContain("wr0ng");
    expect(fake.requests).toEqual([]);
  });

  test("that is away says so, and no error holds its password", async () => {
    await proxy.stop();
    const error = await errorOf(asker({ proxy: proxy.url })("people", REQUEST));
    expect(error.message).toContain("connection refused");
    expect(Bun.inspect(error, { depth: 9 })).not.toContain("p%40ss");
  });
});
