import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apiError, type FakeBangumi, fakeBangumi } from "../../helpers/fake-bangumi.ts";
import { until } from "../../helpers/until.ts";
import { type House, openHouse } from "./house.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(60_000);

const home = mkdtempSync(join(tmpdir(), "anicargo-match-"));
let house: House;
let upstream: FakeBangumi;
beforeAll(async () => {
  house = await openHouse();
  upstream = fakeBangumi({
    subjects: [
      { id: 7, name: "Show" },
      { id: 8, name: "Other Story" },
    ],
    episodes: { 7: 12, 8: 12 },
  });
});
beforeEach(async () => {
  await house.clear();
  await house.sql`truncate bangumi_searches, bangumi_lists, bangumi_rests`;
  upstream.mend();
});
afterAll(async () => {
  await upstream.stop();
  await house.close();
  rmSync(home, { recursive: true });
});

function start(...args: string[]) {
  const env = {
    ...{ PATH: process.env.PATH, HOME: home, ANICARGO_DATABASE_URL: house.url, ANICARGO_MEDIA_DIR: home },
    ...{ ANICARGO_BANGUMI_BASE_URL: upstream.url, ANICARGO_BANGUMI_REQUESTS_PER_SECOND: "0" },
  };
  const program = join(import.meta.dir, "plain-anicargo.ts");
  return Bun.spawn([process.execPath, program, ...args], { cwd: home, env, stdout: "pipe", stderr: "pipe" });
}

async function anicargo(...args: string[]) {
  const child = start(...args);
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, out, err };
}

test("prints one line about the whole library, and nothing else", async () => {
  await house.add("Show - 01.mkv", "Show - 02.mkv", "Other.mkv", "Nothing.mkv");
  const line = "matched 2 of 4 files (1 needs a look, 1 unknown)\n";
  expect(await anicargo("match")).toEqual({ code: 0, out: line, err: "" });
  expect(await house.matches()).toEqual(["Show - 01.mkv: 7/7001 auto", "Show - 02.mkv: 7/7002 auto"]);
  upstream.requests.length = 0;
  expect(await anicargo("match")).toEqual({ code: 0, out: line, err: "" });
  expect(upstream.requests).toEqual([]);
});

test("--json prints the result of the job, and the flags reach it", async () => {
  await house.add("Show - 01.mkv", "Other - 01.mkv");
  const { code, out } = await anicargo("match", "--json", "--min-confidence", ".6", "--limit=3");
  expect([code, out]).toEqual([0, '{"scanned":2,"candidates":0,"matched":2,"skipped":0,"unknown":0}\n']);
  const [job] = await house.sql`select payload from jobs`;
  expect(job!.payload).toEqual({ limit: 3, min_confidence: 0.6 });
});

test.each([
  [["--limit", "0"], "--limit: expected a number from 1 to 100"],
  [["--limit", "8.5"], "--limit: expected a number from 1 to 100"],
  [["--min-confidence", "2"], "--min-confidence: expected a number from 0 to 1"],
  [["--min-candidate-score", "high"], "--min-candidate-score: expected a number from 0 to 1"],
  [["--min-candidate-score", ""], "--min-candidate-score: expected a number from 0 to 1"],
  [["folder"], 'unexpected argument "folder"'],
])("%j ends with 64 and a line, and without a job", async (args, message) => {
  const { code, out, err } = await anicargo("match", ...args);
  expect([code, out, err]).toEqual([64, "", `anicargo: ${message}\n`]);
  expect(await house.sql`select from jobs`).toHaveLength(0);
});

test("Bangumi out of reach: prints what is done and ends with 69 and one line; the next run goes on", async () => {
  await house.add("Show - 01.mkv");
  await anicargo("match");
  await house.add("Other - 01.mkv", "Other - 02.mkv");
  upstream.fail("*", apiError(502));
  const { code, out, err } = await anicargo("match");
  expect([code, out]).toEqual([69, "matched 1 of 3 files (0 need a look, 0 unknown)\n"]);
  expect(err).toMatch(/^anicargo: .*Bangumi.*; 2 files wait for it\n$/);
  upstream.mend();
  // The job waits in the queue; a person who asks again need not wait as long.
  const again = await anicargo("match");
  expect([again.code, again.out]).toEqual([0, "matched 1 of 3 files (2 need a look, 0 unknown)\n"]);
  expect(again.err).toContain("under way already");
});

test("a job that already waits for Bangumi, and must wait on, ends the command as well", async () => {
  await house.add("Show - 01.mkv");
  upstream.fail("*", apiError(502));
  await anicargo("match");
  const { code, out } = await anicargo("match", "--json");
  expect([code, JSON.parse(out)]).toEqual([69, { scanned: 1, candidates: 0, matched: 0, skipped: 0, unknown: 0 }]);
});

test("files that a bug keeps from being matched are told, with 2", async () => {
  await house.add("Show - 01.mkv", "Bug - 01.mkv");
  const { code, out, err } = await anicargo("match");
  expect([code, out]).toEqual([2, "matched 1 of 2 files (0 need a look, 0 unknown)\n"]);
  expect(err).toContain("could not be matched because of a bug, see above: 1");
});

test("two at once are one job, and both print its result", async () => {
  await house.add("Show - 01.mkv");
  const ends = await Promise.all([anicargo("match"), anicargo("match")]);
  for (const { code, out } of ends)
    expect([code, out]).toEqual([0, "matched 1 of 1 file (0 need a look, 0 unknown)\n"]);
});

test("killed in the middle: what was written stays, and the next run goes on from there", async () => {
  await house.add("Show - 01.mkv");
  await anicargo("match");
  await house.add("Other - 01.mkv");
  upstream.fail("/v0/search/subjects", () => new Promise(() => {}));
  upstream.requests.length = 0;
  const child = start("match");
  await until(() => upstream.requests.length > 0);
  child.kill("SIGKILL");
  await child.exited;
  upstream.mend();
  expect(await house.matches()).toEqual(["Show - 01.mkv: 7/7001 auto"]);
  // As time would.
  await house.sql`update jobs set lease_until = now() - interval '1 second' where status = 'running'`;
  expect(await anicargo("match")).toMatchObject({ code: 0, out: "matched 1 of 2 files (1 needs a look, 0 unknown)\n" });
});
