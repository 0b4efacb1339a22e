import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { AnyJob, Job } from "../../../src/jobs/job.ts";
import { createJobQueue } from "../../../src/jobs/service.ts";
import { mediaId } from "../../../src/library/media-id.ts";
import { foldSearch } from "../../../src/library/parse.ts";
import { readRelease } from "../../../src/library/reader/read-release.ts";
import { libraryRoutes } from "../../../src/library/routes.ts";
import { createLibrary } from "../../../src/library/service.ts";
import { insertFiles, upsertParses } from "../../../src/library/store.ts";
import { type TestDatabase, testDatabase } from "../../helpers/database.ts";
import { section, startHttp, type TestHttp } from "../../helpers/http.ts";
import { silentLogger } from "../../helpers/silent-logger.ts";

let database: TestDatabase;
let http: TestHttp;
/** What features tell of a file. */
let facts: Record<string, string[]> = {};

beforeAll(async () => {
  database = await testDatabase();
  const { sql } = database;
  const server = section("server");
  const config = {
    media: { media_dir: undefined, cache_dir: "/nowhere" },
    db: { data_dir: "/nowhere" } as never,
    server,
  };
  const library = createLibrary({ sql, config, log: silentLogger });
  const jobs = createJobQueue(sql, new Map<string, AnyJob>([["index", library.job]]), server);
  http = await startHttp({
    routes: (auth) => libraryRoutes({ library, jobs, auth: auth.guards, describe: async () => facts }),
  });
});
beforeEach(async () => {
  facts = {};
  await database.sql`truncate media_files, jobs cascade`;
});
afterAll(async () => {
  await http.stop();
  await database.drop();
});

/** Stores files of these paths; the title is the name up to the dash. */
async function store(...paths: string[]): Promise<void> {
  const files = paths.map((path, index) => ({
    id: mediaId(path),
    path,
    size: index,
    mtime: 1767323045678901,
    inode: 0,
  }));
  await insertFiles(database.sql, files);
  await upsertParses(
    database.sql,
    files.map(({ id, path }) => {
      const title = path.split("/").at(-1)!.split(" - ")[0]!;
      const rest = {
        episode: 7.5,
        season: null,
        release_group: "G",
        resolution: "1080p",
        kind: "special" as const,
        reading: readRelease(path, () => ({})),
        elements: { AnimeTitle: [title] },
      };
      return { media_id: id, title, ...rest, search: foldSearch(`${path}\n${title}`), parser_version: 1 };
    }),
  );
}

const get = (path: string, init: RequestInit & { as?: string } = {}) => http.fetch(path, { as: "alice", ...init });
const pathsOf = async (response: Response) => ((await response.json()) as { path: string }[]).map(({ path }) => path);
const listed = async (query: string) => pathsOf(await get(`/api/library${query}`));

describe("who may ask", () => {
  test.each([
    ["GET", "/api/library", undefined, 401],
    ["GET", "/api/library", "alice", 200],
    ["GET", "/api/library?refresh=true", undefined, 401],
    ["GET", "/api/library?refresh=true", "alice", 403],
    ["GET", "/api/library?refresh=true", "root", 200],
    ["GET", "/api/library/0123456789abcdef", undefined, 401],
    ["GET", "/api/library/0123456789abcdef", "alice", 404],
    ["POST", "/api/jobs/index", undefined, 401],
    ["POST", "/api/jobs/index", "alice", 403],
    ["POST", "/api/jobs/index", "root", 202],
  ])("%s %s as %p: %p", async (method, path, as, status) => {
    expect((await http.fetch(path, { method, as })).status).toBe(status);
  });
});

describe("GET /api/library", () => {
  test("answers entries with all their fields", async () => {
    await store("A Folder/Show - 07.5.mkv");
    const response = await get("/api/library");
    expect(response.headers.get("content-type")).toStartWith("application/json");
    expect(await response.json()).toEqual([
      {
        id: mediaId("A Folder/Show - 07.5.mkv"),
        filename: "Show - 07.5.mkv",
        path: "A Folder/Show - 07.5.mkv",
        size: 0,
        modified_at: "2026-01-02T03:04:05.678Z",
        title: "Show",
        episode: 7.5,
        season: null,
        release_group: "G",
        resolution: "1080p",
        subject_id: null,
        episode_id: null,
      },
    ]);
  });

  test("an empty library is an empty list", async () => {
    const response = await get("/api/library");
    expect(response.headers.get("x-total-count")).toBe("0");
    expect(await response.json()).toEqual([]);
  });

  test("is ordered by path, byte by byte", async () => {
    await store("b", "a/z", "Z", "a", "é", "\u{1F600}", "\uffee");
    expect(await listed("")).toEqual(["Z", "a", "a/z", "b", "é", "\uffee", "\u{1F600}"]);
  });

  test("without a limit comes whole; with one in pages, which tell how many there are", async () => {
    await store("a", "b", "c", "d", "e");
    expect((await listed("")).length).toBe(5);
    const page = await get("/api/library?limit=2&offset=1");
    expect(page.headers.get("x-total-count")).toBe("5");
    expect(await pathsOf(page)).toEqual(["b", "c"]);
    expect(await listed("?limit=2&offset=4")).toEqual(["e"]);
    expect(await listed("?limit=2&offset=9")).toEqual([]);
    expect(await listed("?offset=3")).toEqual(["d", "e"]);
    const none = await get("/api/library?limit=0");
    expect([none.headers.get("x-total-count"), await none.json()]).toEqual(["5", []]);
  });

  test("q is looked for in path and title, in any case and width", async () => {
    await store("Folder/One - 1", "Two - 2", "ÉCLAIR - 3", "Ｆａｔｅ - 4");
    expect(await listed("?q=FOLD")).toEqual(["Folder/One - 1"]);
    expect(await listed("?q=two")).toEqual(["Two - 2"]);
    expect(await listed("?q=%C3%A9clair")).toEqual(["ÉCLAIR - 3"]);
    expect(await listed("?q=fate")).toEqual(["Ｆａｔｅ - 4"]);
    expect(await listed("?q=nowhere")).toEqual([]);
    const filtered = await get("/api/library?q=o&limit=1");
    expect(filtered.headers.get("x-total-count")).toBe("2");
  });

  test.each(["%", "_", "\\", "'", '"', ".*", "100%"])("S38 q=%p stands for itself", async (text) => {
    await store(`with ${text} inside`, "without");
    expect(await listed(`?q=${encodeURIComponent(`th ${text}`)}`)).toEqual([`with ${text} inside`]);
  });

  test.each([
    ["q=%00", [400, 422]],
    ["q=a%00b", [400, 422]],
    ["q=%ED%A0%80", [200, 400, 422]],
    ["q=%FF", [200, 400, 422]],
    [`q=${"x".repeat(256)}`, [422]],
    ["q=a&q=b", [200, 422]],
    ["limit=-1", [422]],
    ["limit=abc", [422]],
    ["limit=1.5", [422]],
    ["limit=99999999999999999999", [422]],
    ["limit=", [422]],
    ["offset=-1", [422]],
    ["offset=99999999999", [422]],
    ["subject_id=0", [422]],
    ["subject_id=x", [422]],
    ["subject_id=9223372036854775808", [422]],
    ["unmatched=maybe", [422]],
    ["refresh=maybe", [422]],
  ])("%s is answered with one of %p, never 500", async (query, statuses) => {
    expect(statuses).toContain((await get(`/api/library?${query}`)).status);
  });

  test("an unknown parameter is harmless", async () => {
    await store("a");
    expect(await listed("?sort=size")).toEqual(["a"]);
  });
});

describe("an unchanged library", () => {
  test("answers 304 to who has it, in any of the forms of If-None-Match", async () => {
    await store("a");
    const etag = (await get("/api/library")).headers.get("etag")!;
    for (const value of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
      const response = await get("/api/library", { headers: { "if-none-match": value } });
      expect([response.status, response.headers.get("etag"), await response.text()]).toEqual([304, etag, ""]);
    }
    expect((await get("/api/library", { headers: { "if-none-match": '"x"' } })).status).toBe(200);
  });

  test("is not unchanged any more after whatever changes what is shown", async () => {
    await store("a");
    const { sql } = database;
    for (const change of [
      () => store("b"),
      () => sql`update media_files set size = 99 where path = 'a'`,
      () => sql`update media_parses set title = 'New'`,
      () => sql`delete from media_files where path = 'b'`,
    ]) {
      const before = await get("/api/library");
      const etag = before.headers.get("etag")!;
      await before.arrayBuffer();
      await change();
      const after = await get("/api/library", { headers: { "if-none-match": etag } });
      expect(after.status).toBe(200);
      expect(await after.json()).not.toEqual([]);
    }
    const [entry] = (await (await get("/api/library")).json()) as { size: number; title: string }[];
    expect([entry!.size, entry!.title]).toEqual([99, "New"]);
  });

  test("is served as it is now to everyone, while it changes under many readers", async () => {
    await store("a");
    for (let round = 2; round < 12; round++) {
      const readers = Array.from({ length: 5 }, () => get("/api/library").then((response) => response.json()));
      await store(`file ${round}`);
      expect(await listed("")).toHaveLength(round);
      await Promise.all(readers);
    }
  });
});

describe("what another feature knows", () => {
  beforeAll(async () => {
    const { sql } = database;
    await sql`create table test_matches (media_id text primary key, subject_id integer, episode_id integer)`;
    await sql`create or replace view library_matches as select media_id, subject_id, episode_id from test_matches`;
    await sql`create trigger library_changed after insert or update or delete on test_matches for each statement execute function library_changed()`;
  });

  test("is in the entries, is filtered by, and changes the version", async () => {
    await store("a", "b", "c");
    const etag = (await get("/api/library")).headers.get("etag")!;
    await database.sql`insert into test_matches values (${mediaId("b")}, 400602, 1201), (${mediaId("c")}, 7, null)`;
    const response = await get("/api/library", { headers: { "if-none-match": etag } });
    const entries = (await response.json()) as { subject_id: number; episode_id: number }[];
    expect(entries.map((entry) => [entry.subject_id, entry.episode_id])).toEqual([
      [null, null],
      [400602, 1201],
      [7, null],
    ] as never);
    expect(await listed("?subject_id=400602")).toEqual(["b"]);
    expect(await listed("?unmatched=true")).toEqual(["a"]);
    expect(await listed("?unmatched=false")).toEqual(["a", "b", "c"]);
    expect((await get("/api/library?unmatched=true&limit=0")).headers.get("x-total-count")).toBe("1");
  });
});

describe("GET /api/library/:id", () => {
  test("answers the entry with its parse, raw elements included, and a match of null", async () => {
    await store("Show - 01.mkv");
    const response = await get(`/api/library/${mediaId("Show - 01.mkv")}`);
    expect(await response.json()).toMatchObject({
      id: mediaId("Show - 01.mkv"),
      filename: "Show - 01.mkv",
      parse: {
        title: "Show",
        episode: 7.5,
        season: null,
        release_group: "G",
        resolution: "1080p",
        kind: "special",
        elements: { AnimeTitle: ["Show"] },
      },
      match: null,
    });
  });

  test("holds what features know of it", async () => {
    await store("a");
    facts = { tracks: ["video"], match: ["their match"] };
    expect(await (await get(`/api/library/${mediaId("a")}`)).json()).toMatchObject(facts);
  });

  test("a file without a parse has none", async () => {
    await store("a");
    await database.sql`delete from media_parses`;
    expect(await (await get(`/api/library/${mediaId("a")}`)).json()).toMatchObject({ title: null, parse: null });
  });

  test.each([
    "0123456789ABCDEF",
    "1",
    "-1",
    "1e3",
    "9223372036854775808",
    "%00",
    "..%2f..%2fetc%2fpasswd",
    "%ff",
    "a".repeat(5000),
  ])("S4 %p is nothing", async (id) => {
    expect([400, 404, 422]).toContain((await get(`/api/library/${id}`)).status);
  });
});

describe("asking for an index", () => {
  const jobs = () => database.sql<{ id: string; payload: Job }[]>`select id, payload from jobs order by created_at`;
  const ask = (body?: unknown) =>
    http.fetch("/api/jobs/index", {
      method: "POST",
      as: "root",
      ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });

  test("answers 202 with the job, with or without a body; the same work is one job", async () => {
    const answers = await Promise.all([ask(), ask({}), ask({ allow_removals: false })]);
    expect(answers.map((answer) => answer.status)).toEqual([202, 202, 202]);
    const ids = await Promise.all(answers.map(async (answer) => ((await answer.json()) as { job_id: string }).job_id));
    expect(await jobs()).toMatchObject([{ id: ids[0], payload: {} }]);
    expect(new Set(ids).size).toBe(1);
  });

  test("that may remove is another job", async () => {
    await ask();
    expect((await ask({ allow_removals: true })).status).toBe(202);
    expect((await jobs()).map(({ payload }) => payload)).toEqual([{}, { allow_removals: true }] as never);
  });

  test.each([
    ['{"allow_removals":"yes"}', [422]],
    ["{", [400]],
  ])("with the body %s is refused", async (body, statuses) => {
    const headers = { "content-type": "application/json" };
    const response = await http.fetch("/api/jobs/index", { method: "POST", as: "root", body, headers });
    expect(statuses).toContain(response.status);
    expect(await jobs()).toHaveLength(0);
  });

  test("by ?refresh=true answers the library, and the job in X-Job-Id, also with 304", async () => {
    await store("a");
    const response = await get("/api/library?refresh=true", { as: "root" });
    expect(await pathsOf(response)).toEqual(["a"]);
    const [job] = await jobs();
    expect(response.headers.get("x-job-id")).toBe(job!.id);
    const headers = { "if-none-match": response.headers.get("etag")! };
    const again = await get("/api/library?refresh=true", { as: "root", headers });
    expect([again.status, again.headers.get("x-job-id")]).toEqual([304, job!.id]);
  });

  test("by a user's ?refresh=true enqueues nothing", async () => {
    await get("/api/library?refresh=true");
    expect(await jobs()).toHaveLength(0);
  });
});
