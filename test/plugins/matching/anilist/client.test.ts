import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { type Client, createClient, OUTAGE_MS } from "../../../../plugins/matching/anilist/client.ts";
import { GAP_MS } from "../../../../plugins/matching/anilist/limiter.ts";
import type { AniListWork } from "../../../../plugins/matching/anilist/model.ts";
import { type FakeAniList, startFakeAniList } from "./fake-anilist.ts";
import { type ImaginedClock, imaginedClock } from "./imagined-clock.ts";

const FRIEREN: AniListWork = {
  anilistId: 154587,
  malId: 52991,
  titles: ["Sousou no Frieren", "Frieren: Beyond Journey’s End"],
  format: "TV",
  year: 2023,
  episodes: 28,
};

let anilist: FakeAniList;
let clock: ImaginedClock;
let stop: AbortController;
let client: Client;

beforeEach(() => {
  anilist = startFakeAniList([FRIEREN]);
  clock = imaginedClock();
  stop = new AbortController();
  client = createClient(anilist.url, stop.signal, clock);
});
afterEach(() => anilist.stop());

const refusal = (headers: Record<string, string> = {}) =>
  Response.json({ data: null, errors: [{ message: "Too Many Requests.", status: 429 }] }, { status: 429, headers });

test("a title is asked for with one question that names the program, and answered with works", async () => {
  expect(await client.search("beyond frieren")).toEqual([FRIEREN]);
  const [request, ...more] = anilist.requests;
  expect(more).toEqual([]);
  expect(request?.title).toBe("beyond frieren");
  expect(request?.query).toContain("media(search: $title, type: ANIME, sort: SEARCH_MATCH)");
  expect(request?.headers.get("user-agent")).toMatch(/^anicargo\/anicargo\/\S+ \(\S+\)$/);
});

test("a title that AniList does not know has no works", async () => {
  expect(await client.search("Goblin Slayer")).toEqual([]);
});

test("a server that says it allows fewer requests gets fewer", async () => {
  anilist.reply(() => Response.json({ data: { Page: { media: [] } } }, { headers: { "x-ratelimit-limit": "20" } }));
  await client.search("a");
  await client.search("b");
  await client.search("c");
  expect(clock.waits).toEqual([GAP_MS, 3000]);
});

describe("a refusal (429)", () => {
  test("is rested for as long as it says, and then the question is asked again", async () => {
    anilist.reply(() => refusal({ "retry-after": "30" }));
    expect(await client.search("frieren")).toEqual([FRIEREN]);
    expect(clock.waits).toEqual([30_000]);
    expect(anilist.requests).toHaveLength(2);
  });

  test.each([{}, { "retry-after": "soon" }])(
    "is rested for a minute where it does not say how long (%p)",
    async (headers) => {
      anilist.reply(() => refusal(headers as Record<string, string>));
      expect(await client.search("frieren")).toEqual([FRIEREN]);
      expect(clock.waits).toEqual([60_000]);
    },
  );

  test("that comes again after the rest makes AniList count as out of reach", async () => {
    anilist.reply(() => refusal());
    anilist.reply(() => refusal());
    await expect(client.search("frieren")).rejects.toThrow("AniList refuses again after a rest");
    await expect(client.search("frieren")).rejects.toThrow("AniList was out of reach a moment ago");
    expect(anilist.requests).toHaveLength(2);
  });

  test("for hours is not waited for, and AniList is left alone until it is over", async () => {
    anilist.reply(() => refusal({ "retry-after": "7200" }));
    await expect(client.search("frieren")).rejects.toThrow("AniList refuses for long");
    await expect(client.search("frieren")).rejects.toThrow("AniList was out of reach a moment ago");
    expect(anilist.requests).toHaveLength(1);
    clock.pass(7_200_000);
    expect(await client.search("frieren")).toEqual([FRIEREN]);
  });
});

describe("out of reach", () => {
  const suspended = {
    errors: [{ message: "The AniList API has been temporarily disabled due to severe stability issues.", status: 403 }],
    data: null,
  };
  const cases: [what: string, reply: () => Response | Promise<Response>, reason: string][] = [
    ["an outage (403)", () => Response.json(suspended, { status: 403 }), "AniList answers with 403 and no works"],
    ["a broken gateway", () => new Response("<h1>502</h1>", { status: 502 }), "AniList answers with 502 and no works"],
    ["a page instead of JSON", () => new Response("<html>"), "AniList answers with 200 and no works"],
    ["cut JSON", () => new Response('{"data": {"Page"'), "AniList answers with 200 and no works"],
    ["an error in a success", () => Response.json({ data: null, errors: [] }), "AniList answers with 200 and no works"],
    ["an endless answer", () => new Response(" ".repeat((1 << 20) + 1)), "AniList cannot be reached"],
    ["a way to elsewhere", () => Response.redirect(anilist.url, 307), "AniList cannot be reached"],
  ];
  test.each(cases)("%s is said so", async (_what, reply, reason) => {
    anilist.reply(reply);
    await expect(client.search("frieren")).rejects.toThrow(reason);
    await expect(client.search("frieren")).rejects.toThrow("AniList was out of reach a moment ago");
    expect(anilist.requests).toHaveLength(1);
  });

  test("a server that is not there is said so", async () => {
    client = createClient("http://127.0.0.1:1/", stop.signal, clock);
    await expect(client.search("frieren")).rejects.toThrow("AniList cannot be reached");
  });

  test("a server that never answers is given up at the deadline", async () => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    anilist.reply(() => promise);
    client = createClient(anilist.url, stop.signal, clock, 1);
    await expect(client.search("frieren")).rejects.toThrow("AniList cannot be reached");
    resolve(new Response());
  });

  test("nothing is asked for a while, not even by who stands in line, and then it is tried again", async () => {
    anilist.reply(() => Response.json(suspended, { status: 403 }));
    const outcomes = await Promise.allSettled([client.search("a"), client.search("b"), client.search("c")]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(anilist.requests).toHaveLength(1);
    clock.pass(OUTAGE_MS);
    expect(await client.search("frieren")).toEqual([FRIEREN]);
  });
});

test("a stop ends a question that is being asked, with the reason of the stop", async () => {
  const asked = Promise.withResolvers<void>();
  const { promise, resolve } = Promise.withResolvers<Response>();
  anilist.reply(() => {
    asked.resolve();
    return promise;
  });
  const search = client.search("frieren");
  await asked.promise;
  stop.abort(new Error("the program stops"));
  await expect(search).rejects.toThrow("the program stops");
  resolve(new Response());
});
