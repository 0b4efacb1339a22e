import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestDatabase, testDatabase } from "../../helpers/database.ts";
import { apiError, type FakeBangumi, fakeBangumi, tooManyRequests } from "../../helpers/fake-bangumi.ts";

/** Real processes on a machine that may be busy. */
setDefaultTimeout(30_000);

const main = join(import.meta.dir, "../../../src/main.ts");
const home = mkdtempSync(join(tmpdir(), "anicargo-bangumi-"));
let database: TestDatabase;
let fake: FakeBangumi;
beforeAll(async () => {
  database = await testDatabase();
  fake = fakeBangumi({
    subjects: [
      { id: 1, name: "けいおん！", name_cn: "轻音少女" },
      { id: 2, name: "けいおん！！\n\x1b[2J", name_cn: "轻音\t少女 第二季" },
    ],
    episodes: { 1: 14 },
  });
});
afterAll(async () => {
  await fake.stop();
  await database.drop();
  rmSync(home, { recursive: true, force: true });
});
beforeEach(() => fake.mend());

async function anicargo(args: string[], more: Record<string, string> = {}) {
  const env = {
    ...{ PATH: process.env.PATH, HOME: home, ANICARGO_DATABASE_URL: database.url },
    ...{ ANICARGO_MEDIA_DIR: join(home, "media"), ANICARGO_CACHE_DIR: join(home, "cache") },
    ...{ ANICARGO_BANGUMI_BASE_URL: fake.url, ANICARGO_BANGUMI_REQUESTS_PER_SECOND: "0", ...more },
  };
  const child = Bun.spawn([process.execPath, main, ...args], { cwd: home, env, stdin: "ignore", stderr: "pipe" });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, out, err };
}

describe("anicargo bangumi-search", () => {
  test("prints id, name and Chinese name; what would break the columns or drive the terminal is shown", async () => {
    expect(await anicargo(["bangumi-search", "けいおん"])).toEqual({
      code: 0,
      out: "1\tけいおん！\t轻音少女\n2\tけいおん！！ \\u001b[2J\t轻音 少女 第二季\n",
      err: "",
    });
  });

  test("--json prints a subject a line", async () => {
    const { out } = await anicargo(["bangumi-search", "--json", "轻音少女"]);
    expect(JSON.parse(out.split("\n")[0]!)).toMatchObject({ id: 1, name: "けいおん！", platform: "TV", aliases: [] });
  });

  test("finds nothing: that is no failure, and is said beside the data", async () => {
    const { code, out, err } = await anicargo(["bangumi-search", "nothing of the kind"]);
    expect([code, out, err]).toEqual([0, "", expect.stringContaining("knows no anime by that keyword")]);
  });
});

describe("anicargo bangumi-sync", () => {
  test("stores subject and episodes", async () => {
    expect(await anicargo(["bangumi-sync", "1"])).toEqual({
      code: 0,
      out: "synced subject 1 (episodes 14)\n",
      err: "",
    });
    expect((await database.sql`select from bangumi_episodes where subject_id = 1`).length).toBe(14);
  });

  test("--json prints one document", async () => {
    const { out } = await anicargo(["bangumi-sync", "1", "--json"]);
    expect(JSON.parse(out)).toEqual({ subject_id: 1, name: "けいおん！", episodes: 14 });
  });
});

describe("ends with a line and an exit code", () => {
  test.each<[string, string[], number, string]>([
    ["an unknown subject", ["bangumi-sync", "99"], 66, "does not know this subject"],
    ["an id that is none", ["bangumi-sync", "x1"], 64, "a subject id is a number"],
    ["an id beyond all", ["bangumi-sync", "2147483648"], 64, "a subject id is a number"],
    ["a keyword of blanks", ["bangumi-search", "  "], 64, "the keyword is empty"],
    ["no keyword", ["bangumi-search"], 64, "missing KEYWORD"],
  ])("%s", async (_kind, args, code, words) => {
    const ended = await anicargo(args);
    expect([ended.code, ended.out, ended.err]).toEqual([code, "", expect.stringContaining(words)]);
    expect(ended.err.trimEnd().split("\n").length).toBe(1);
  });

  test("Bangumi out of reach: 69, and the keys to check", async () => {
    const ended = await anicargo(["bangumi-search", "new"], { ANICARGO_BANGUMI_BASE_URL: "http://127.0.0.1:1" });
    expect([ended.code, ended.out]).toEqual([69, ""]);
    expect(ended.err).toMatch(
      /^anicargo: Bangumi cannot be reached \(connection refused\): .*bangumi\.base_url.*bangumi\.proxy.*\n$/,
    );
  });

  test("a refused token: 69, and the key to set, also at debug level without the token", async () => {
    fake.fail("*", apiError(401));
    const env = { ANICARGO_BANGUMI_ACCESS_TOKEN: "very-secret", ANICARGO_LOG_LEVEL: "debug" };
    const ended = await anicargo(["bangumi-search", "newer"], env);
    expect([ended.code, ended.out]).toEqual([69, ""]);
    expect(ended.err).toContain("set a new bangumi.access_token");
    expect(ended.err).not.toContain("very-secret");
  });

  test("R30 429: 69 until when, and the next command asks nothing", async () => {
    fake.fail("*", tooManyRequests());
    const base = `${fake.url}/`;
    const first = await anicargo(["bangumi-search", "newest"], { ANICARGO_BANGUMI_BASE_URL: base });
    expect([first.code, first.err]).toEqual([69, expect.stringContaining("left alone until")]);
    fake.requests.length = 0;
    const second = await anicargo(["bangumi-sync", "1"], { ANICARGO_BANGUMI_BASE_URL: base });
    expect([second.code, second.err]).toEqual([69, expect.stringContaining("left alone until")]);
    expect(fake.requests).toEqual([]);
  });
});
