/** The plugin with AniList switched on: a title that neither Bangumi nor the bundled index knows. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestApp, testApp } from "../../helpers/app.ts";
import { type FakeBangumi, fakeBangumi } from "../../helpers/fake-bangumi.ts";
import { LONG_AGO } from "../../helpers/media-tree.ts";
import { type FakeAniList, startFakeAniList } from "./anilist/fake-anilist.ts";

/** The first one unpacks PostgreSQL. */
setDefaultTimeout(60_000);

const TITLE = "Whimsical Wanderings of Nobody";
let bangumi: FakeBangumi;
let anilist: FakeAniList;

beforeAll(() => {
  bangumi = fakeBangumi({
    subjects: [{ id: 999002, name: "無名奇遊記", date: "2024-01-01", eps: 12 }],
    episodes: { 999002: 12 },
  });
  anilist = startFakeAniList([
    { anilistId: 900001, malId: null, titles: [TITLE, "無名奇遊記"], format: "TV", year: 2024, episodes: 12 },
  ]);
});
afterAll(async () => {
  await bangumi.stop();
  await anilist.stop();
});

async function subjectWith(env: Record<string, string>): Promise<number | null> {
  const app: TestApp = await testApp({
    env: { ANICARGO_BANGUMI_BASE_URL: bangumi.url, ANICARGO_BANGUMI_REQUESTS_PER_SECOND: "0", ...env },
  });
  try {
    const file = join(app.mediaDir, `[Group] ${TITLE} - 04 [1080p].mkv`);
    mkdirSync(app.mediaDir, { recursive: true });
    writeFileSync(file, TITLE);
    utimesSync(file, LONG_AGO, LONG_AGO);
    for (const path of ["/api/jobs/index", "/api/matches/auto"]) {
      const answer = await app.request(path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "{}",
      });
      await app.finish(((await answer.json()) as { job_id: string }).job_id);
    }
    const [entry] = (await (await app.request("/api/library")).json()) as { subject_id: number | null }[];
    return entry!.subject_id;
  } finally {
    await app.remove();
  }
}

test("AniList is asked for what is unknown, when it is switched on and only then", async () => {
  const url = { ANICARGO_MATCHING_ANILIST_URL: anilist.url };
  expect(await subjectWith(url)).toBeNull();
  expect(anilist.requests).toEqual([]);
  expect(await subjectWith({ ...url, ANICARGO_MATCHING_ANILIST: "true" })).toBe(999002);
  expect(anilist.requests.map(({ title }) => title)).toEqual([TITLE.toLowerCase()]);
});
