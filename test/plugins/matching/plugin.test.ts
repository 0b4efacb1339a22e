/** The plugin as it is shipped, from files on disk to the API, against Bangumi's fake. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type TestApp, testApp } from "../../helpers/app.ts";
import { type FakeBangumi, fakeBangumi } from "../../helpers/fake-bangumi.ts";
import { LONG_AGO } from "../../helpers/media-tree.ts";

/** The first one unpacks PostgreSQL. */
setDefaultTimeout(60_000);

let upstream: FakeBangumi;
let app: TestApp;
beforeAll(async () => {
  upstream = fakeBangumi({
    subjects: [
      { id: 400602, name: "葬送のフリーレン", name_cn: "葬送的芙莉莲", date: "2023-09-29", eps: 28 },
      { id: 999001, name: "Another Show of Nobody", date: "2020-01-01", eps: 2 },
    ],
    episodes: { 400602: 28, 999001: 2 },
  });
  app = await testApp({
    env: { ANICARGO_BANGUMI_BASE_URL: upstream.url, ANICARGO_BANGUMI_REQUESTS_PER_SECOND: "0" },
  });
  for (const path of [
    "[LoliHouse] 葬送的芙莉莲 - 01 [WebRip 1080p].mkv",
    "[LoliHouse] 葬送的芙莉莲 - 03 [WebRip 1080p].mkv",
    "Home Video 2019.mkv",
  ]) {
    const file = join(app.mediaDir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, path);
    utimesSync(file, LONG_AGO, LONG_AGO);
  }
});
afterAll(async () => {
  await app.remove();
  await upstream.stop();
});

const post = async (path: string, body: unknown = {}) => {
  const headers = { "content-type": "application/json" };
  return app.request(path, { method: "POST", headers, body: JSON.stringify(body) });
};
const json = async (path: string) => (await app.request(path)).json() as never;
const finish = async (path: string) => app.finish(((await (await post(path)).json()) as { job_id: string }).job_id);

interface Entry {
  id: string;
  filename: string;
  subject_id: number | null;
  episode_id: number | null;
}

test("index, auto-match: the library knows what its files are", async () => {
  expect((await finish("/api/jobs/index")).status).toBe("done");
  const { status, result } = await finish("/api/matches/auto");
  expect([status, result]).toEqual(["done", expect.objectContaining({ scanned: 3, matched: 2, skipped: 0 })] as never);
  const entries: Entry[] = await json("/api/library");
  expect(entries.map(({ subject_id, episode_id }) => [subject_id, episode_id])).toEqual([
    [null, null],
    [400602, 400602001],
    [400602, 400602003],
  ]);
  const detail: { match: { method: string; reason: string } } = await json(`/api/library/${entries[1]!.id}`);
  expect(detail.match.method).toBe("auto");
  expect(detail.match.reason).toContain("葬送的芙莉莲");
});

test("a second auto-match asks Bangumi nothing", async () => {
  upstream.requests.length = 0;
  expect((await finish("/api/jobs/auto-match")).result).toMatchObject({ matched: 2, skipped: 3 });
  expect(upstream.requests).toEqual([]);
});

test("a subject that is not cached is fetched when a person chooses it, and the series show it", async () => {
  const entries: Entry[] = await json("/api/library");
  const answer = await post(`/api/matches/${entries[0]!.id}`, { subject_id: 999001, episode_id: 999001002 });
  expect(answer.status).toBe(204);
  const series: { subject_id: number; episodes_present: number[]; episodes_missing: number[] }[] =
    await json("/api/series");
  expect(series.map(({ subject_id, episodes_present }) => [subject_id, episodes_present])).toEqual([
    [400602, [1, 3]],
    [999001, [2]],
  ]);
  expect(series[1]!.episodes_missing).toEqual([1]);
});

test("a subject that Bangumi does not know is 422, one that cannot be asked for is 503", async () => {
  const entries: Entry[] = await json("/api/library");
  const path = `/api/matches/${entries[0]!.id}`;
  expect((await post(path, { subject_id: 123 })).status).toBe(422);
  await upstream.stop();
  expect((await post(path, { subject_id: 124 })).status).toBe(503);
});
