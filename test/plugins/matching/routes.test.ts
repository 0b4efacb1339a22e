import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { autoMatchJob } from "../../../plugins/matching/job.ts";
import { matchingRoutes } from "../../../plugins/matching/routes.ts";
import { createJobQueue } from "../../../src/jobs/service.ts";
import { libraryRoutes } from "../../../src/library/routes.ts";
import { createLibrary } from "../../../src/library/service.ts";
import type { AnyJob, Job } from "../../../src/plugin.ts";
import { jsonBody, section, startHttp, type TestHttp } from "../../helpers/http.ts";
import { silentLogger } from "../../helpers/silent-logger.ts";
import { type House, noJobs, OUT, openHouse, outage } from "./house.ts";

/** The first one unpacks PostgreSQL. */
setDefaultTimeout(30_000);

let house: House;
let http: TestHttp;
beforeAll(async () => {
  house = await openHouse();
  const { sql, matching } = house;
  const server = section("server");
  const config = {
    media: { media_dir: undefined, cache_dir: "/nowhere" },
    db: { data_dir: "/nowhere" } as never,
    server,
  };
  const library = createLibrary({ sql, config, log: silentLogger });
  const definitions = new Map<string, AnyJob>([["auto-match", autoMatchJob(matching, sql, noJobs)]]);
  const jobs = createJobQueue(sql, definitions, server);
  http = await startHttp({
    routes: ({ guards: auth }) =>
      matchingRoutes(matching, jobs, auth).use(libraryRoutes({ library, jobs, auth, describe: matching.describe })),
  });
});
beforeEach(async () => {
  await house.clear();
  house.shelf.add(7, "Show", 12);
  house.shelf.add(8, "Other", 12);
});
afterAll(async () => {
  await http.stop();
  await house.close();
});

const UNKNOWN = "0000000000000000";

const ask = async (method: string, path: string, body?: unknown, as = "root") => {
  const init = body === undefined ? { method } : jsonBody(body, method);
  const response = await http.fetch(path, { as, ...init });
  const text = await response.text();
  return { status: response.status, body: text === "" ? null : JSON.parse(text), headers: response.headers };
};
const choose = (id: string, body: unknown) => ask("POST", `/api/matches/${id}`, body);
const current = async (id: string) => (await ask("GET", `/api/matches/${id}`, undefined, "alice")).body.current;

describe("who may ask", () => {
  test.each<[string, string, string | undefined, number]>([
    ["GET", `/api/matches/${UNKNOWN}`, undefined, 401],
    ["GET", `/api/matches/${UNKNOWN}`, "alice", 404],
    ["GET", `/api/matches/${UNKNOWN}/candidates`, undefined, 401],
    ["GET", `/api/matches/${UNKNOWN}/candidates`, "alice", 404],
    ["POST", `/api/matches/${UNKNOWN}`, undefined, 401],
    ["POST", `/api/matches/${UNKNOWN}`, "alice", 403],
    ["DELETE", `/api/matches/${UNKNOWN}`, undefined, 401],
    ["DELETE", `/api/matches/${UNKNOWN}`, "alice", 403],
    ["DELETE", `/api/matches/${UNKNOWN}`, "root", 404],
    ["POST", "/api/matches/auto", undefined, 401],
    ["POST", "/api/matches/auto", "alice", 403],
    ["POST", "/api/jobs/auto-match", undefined, 401],
    ["POST", "/api/jobs/auto-match", "alice", 403],
  ])("%s %s as %p: %p", async (method, path, as, status) => {
    const response = await http.fetch(path, { method, as });
    expect(response.status).toBe(status);
  });
});

describe("asking for an auto-match", () => {
  test.each(["/api/matches/auto", "/api/jobs/auto-match"])("POST %s without a body enqueues one job", async (path) => {
    const first = await ask("POST", path);
    expect([first.status, (await ask("POST", path, {})).body]).toEqual([202, first.body]);
    expect((await ask("POST", "/api/jobs/auto-match")).body).toEqual((await ask("POST", "/api/matches/auto")).body);
  });

  test("the limits reach the job", async () => {
    const limits = { limit: 3, min_candidate_score: 0.4, min_confidence: 0.95 };
    const { status, body } = await ask("POST", "/api/jobs/auto-match", limits);
    const [job] = await house.sql<(Job & { payload: unknown })[]>`select payload from jobs where id = ${body.job_id}`;
    expect([status, job!.payload]).toEqual([202, limits] as never);
  });

  test.each<[unknown, string]>([
    [{ limit: 0 }, "body.limit"],
    [{ limit: 1.5 }, "body.limit"],
    [{ limit: "many" }, "body.limit"],
    [{ min_candidate_score: -0.1 }, "body.min_candidate_score"],
    [{ min_confidence: 1.1 }, "body.min_confidence"],
    [{ min_confidence: null }, "body.min_confidence"],
  ])("%j is refused with the field's name", async (body, field) => {
    for (const path of ["/api/jobs/auto-match", "/api/matches/auto"]) {
      const answer = await ask("POST", path, body);
      expect([answer.status, answer.body.error]).toEqual([422, expect.stringContaining(field)]);
    }
  });
});

describe("GET", () => {
  test("/api/matches/:id tells the match, or null", async () => {
    const [found, not] = await house.add("Show - 01.mkv", "Nothing.mkv");
    await house.run();
    expect(await current(found!)).toEqual({
      ...{ media_id: found, subject_id: 7, episode_id: 70001, method: "auto", confidence: 0.99, reason: '"Show"' },
    });
    expect(await current(not!)).toBeNull();
  });

  test("/api/matches/:id/candidates tells them best first, or none", async () => {
    house.shelf.add(9, "Other Story", 1);
    const [found, not] = await house.add("Other - 01.mkv", "Nothing.mkv");
    await house.run();
    const of = async (id: string) => (await ask("GET", `/api/matches/${id}/candidates`, undefined, "alice")).body;
    expect(await of(found!)).toEqual({
      candidates: [
        { subject_id: 8, confidence: 0.99, reason: '"Other"', name: "Other", name_cn: "Other CN" },
        { subject_id: 9, confidence: 0.6, reason: '"Other"', name: "Other Story", name_cn: "Other Story CN" },
      ],
    });
    expect(await of(not!)).toEqual({ candidates: [] });
  });

  test("/api/library carries subject and episode, however large its number, and /api/library/:id the match", async () => {
    const [id] = await house.add("Show - 01.mkv");
    const etag = (await ask("GET", "/api/library")).headers.get("etag");
    house.shelf.add(400602, "Long", 1);
    await choose(id!, { subject_id: 400602 });
    const after = await ask("GET", "/api/library");
    expect(after.headers.get("etag")).not.toBe(etag);
    expect(after.body).toMatchObject([{ subject_id: 400602, episode_id: 4006020001 }]);
    expect((await ask("GET", `/api/library/${id}`)).body.match).toMatchObject({ method: "manual", subject_id: 400602 });
    await ask("DELETE", `/api/matches/${id}`);
    expect((await ask("GET", `/api/library/${id}`)).body.match).toBeNull();
  });

  test.each(["nope", "%00", "0123456789ABCDEF", "x".repeat(500)])("an id that is none (%s) is 404", async (id) => {
    expect((await ask("GET", `/api/matches/${id}`)).status).toBe(404);
    expect((await ask("GET", `/api/matches/${id}/candidates`)).status).toBe(404);
  });
});

describe("POST /api/matches/:id", () => {
  test("without an episode takes that of the file's number, and wins over the rules", async () => {
    const [id] = await house.add("Show - 03.mkv");
    await house.run();
    expect((await choose(id!, { subject_id: 8 })).status).toBe(204);
    expect(await current(id!)).toEqual({
      ...{ media_id: id, subject_id: 8, episode_id: 80003, method: "manual", confidence: 1, reason: "chosen by hand" },
    });
    await house.run();
    expect(await current(id!)).toMatchObject({ subject_id: 8 });
  });

  test("with an episode takes that one, and a later choice replaces it", async () => {
    const [id] = await house.add("Show - 03.mkv");
    await choose(id!, { subject_id: 7, episode_id: 70005 });
    expect(await current(id!)).toMatchObject({ episode_id: 70005 });
    await choose(id!, { subject_id: 8, episode_id: 80001 });
    expect(await current(id!)).toMatchObject({ subject_id: 8, episode_id: 80001 });
  });

  test("leaves the episode open where the number is none of the subject's, or the file has no parse of now", async () => {
    const [far, unread, old] = await house.add("Show - 99.mkv", "Show - 01.mkv", "Show - 02.mkv");
    await house.sql`delete from media_parses where media_id = ${unread!}`;
    await house.sql`update media_parses set reading = default where media_id = ${old!}`;
    for (const id of [far, unread, old]) {
      expect((await choose(id!, { subject_id: 7, apply_to_group: true })).status).toBe(204);
      expect(await current(id!)).toMatchObject({ subject_id: 7, episode_id: null });
    }
  });

  test("an episode that is newer than the cache is found", async () => {
    const [id] = await house.add("Show - 13.mkv");
    await choose(id!, { subject_id: 7 });
    house.shelf.addEpisode(7, 13);
    expect((await choose(id!, { subject_id: 7, episode_id: 70013 })).status).toBe(204);
    expect(await current(id!)).toMatchObject({ episode_id: 70013 });
  });

  test.each<[string, unknown, number, string]>([
    ["a subject that Bangumi does not know", { subject_id: 99 }, 422, "body.subject_id: Bangumi knows no such subject"],
    [
      "an episode of another subject",
      { subject_id: 7, episode_id: 80001 },
      422,
      "body.episode_id: the subject has no such episode",
    ],
    ["no subject", {}, 422, "body.subject_id"],
    ["a subject that is no number", { subject_id: "Show" }, 422, "body.subject_id"],
    ["a subject that no database holds", { subject_id: 2 ** 31 }, 422, "body.subject_id"],
    ["an episode that is no number", { subject_id: 7, episode_id: 1.5 }, 422, "body.episode_id"],
    ["an odd group", { subject_id: 7, apply_to_group: "perhaps" }, 422, "body.apply_to_group"],
  ])("%s is refused, and what stood there stays", async (_what, body, status, message) => {
    const [id] = await house.add("Show - 03.mkv");
    await choose(id!, { subject_id: 8 });
    const answer = await choose(id!, body);
    expect([answer.status, answer.body.error]).toEqual([status, expect.stringContaining(message)]);
    expect(await current(id!)).toMatchObject({ subject_id: 8, episode_id: 80003 });
  });

  test("a file that is not in the library is 404, and Bangumi is not asked", async () => {
    expect((await choose(UNKNOWN, { subject_id: 7 })).status).toBe(404);
    expect(house.shelf.calls).toEqual([]);
  });

  test("a file that goes while Bangumi is asked is 404", async () => {
    const [id] = await house.add("Show - 03.mkv");
    const { episodes } = house.shelf;
    house.shelf.episodes = async (subjectId) => {
      await house.sql`delete from media_files`;
      return episodes(subjectId);
    };
    const { status } = await choose(id!, { subject_id: 7 });
    house.shelf.episodes = episodes;
    expect(status).toBe(404);
  });

  test("Bangumi out of reach is 503 with the time to wait", async () => {
    const [id] = await house.add("Show - 03.mkv");
    house.shelf.down = outage(30);
    const answer = await choose(id!, { subject_id: 7 });
    expect([answer.status, answer.body.error, answer.headers.get("retry-after")]).toEqual([503, OUT, "30"]);
    expect(await current(id!)).toBeNull();
  });
});

describe("apply_to_group", () => {
  test("gives the neighbours the subject, each with its own episode, and nobody else", async () => {
    const [id] = await house.add(
      ...["a/Show - 01.mkv", "a/Show - 02.mkv", "a/Show (NCOP).mkv", "a/Show S2 - 01.mkv", "b/Show - 03.mkv"],
      "Show - 04.mkv",
    );
    await house.run();
    await choose(id!, { subject_id: 8, apply_to_group: true });
    expect(await house.matches()).toEqual([
      "Show - 04.mkv: 7/70004 auto",
      "a/Show - 01.mkv: 8/80001 manual",
      "a/Show - 02.mkv: 8/80002 manual",
      "a/Show S2 - 01.mkv: 7/70001 auto",
      "b/Show - 03.mkv: 7/70003 auto",
    ]);
  });

  test("works at the top of the library, where folders hold the same titles", async () => {
    const [id] = await house.add("Show - 01.mkv", "Show - 02.mkv", "a/Show - 03.mkv");
    await choose(id!, { subject_id: 8, apply_to_group: true });
    expect(await house.matches()).toEqual(["Show - 01.mkv: 8/80001 manual", "Show - 02.mkv: 8/80002 manual"]);
  });

  test("leaves neighbours that a person gave another subject or episode, and those beyond the subject's end", async () => {
    house.shelf.add(9, "Third", 3);
    const [first, second, third] = await house.add(
      ...["Show - 01.mkv", "Show - 02.mkv", "Show - 03.mkv", "Show - 04.mkv", "Show - 13.mkv"],
    );
    await choose(second!, { subject_id: 9 });
    await choose(third!, { subject_id: 7, episode_id: 70009 });
    await choose(first!, { subject_id: 7, apply_to_group: true });
    expect(await house.matches()).toEqual([
      "Show - 01.mkv: 7/70001 manual",
      "Show - 02.mkv: 9/90002 manual",
      "Show - 03.mkv: 7/70009 manual",
      "Show - 04.mkv: 7/70004 manual",
    ]);
  });

  test("new files of the group follow it", async () => {
    const [id] = await house.add("Unheard - 01.mkv", "Unheard - 02.mkv");
    await choose(id!, { subject_id: 7, apply_to_group: true });
    await house.add("Unheard - 03.mkv");
    await house.run();
    expect((await house.matches()).at(-1)).toBe("Unheard - 03.mkv: 7/70003 auto");
  });
});

describe("DELETE /api/matches/:id", () => {
  test("takes away a match by hand or by the rules, and the next auto-match looks again", async () => {
    const [byHand, byRules] = await house.add("Show - 01.mkv", "Other - 02.mkv");
    await choose(byHand!, { subject_id: 8 });
    await house.run();
    for (const id of [byHand, byRules]) expect((await ask("DELETE", `/api/matches/${id}`)).status).toBe(204);
    expect(await house.matches()).toEqual([]);
    expect(await house.run()).toMatchObject({ matched: 2, skipped: 0 });
  });

  test("of a file without a match is done already", async () => {
    const [id] = await house.add("Show - 01.mkv");
    expect((await ask("DELETE", `/api/matches/${id}`)).status).toBe(204);
  });

  test("with apply_to_group undoes a choice for a group, and leaves other subjects", async () => {
    const [first, second] = await house.add("Show - 01.mkv", "Show - 02.mkv", "Show - 03.mkv", "a/Show - 04.mkv");
    await choose(second!, { subject_id: 8 });
    await choose(first!, { subject_id: 7, apply_to_group: true });
    await ask("DELETE", `/api/matches/${first}?apply_to_group=true`);
    expect(await house.matches()).toEqual(["Show - 02.mkv: 8/80002 manual"]);
  });
});
