import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { mediaId } from "../../../src/library/media-id.ts";
import { listEntries } from "../../../src/library/store.ts";
import { type TestDatabase, testDatabase } from "../../helpers/database.ts";
import { LONG_AGO, type MediaTree, mediaTree } from "../../helpers/media-tree.ts";

const MAIN = join(import.meta.dir, "../../../src/main.ts");

let place: MediaTree;
beforeEach(() => {
  place = mediaTree();
  mkdirSync(place.path("media"));
});
afterEach(() => place.remove());

/** Runs the program in a place of its own; `env` over a database that nothing listens at. */
async function anicargo(args: string[], env: Record<string, string> = {}) {
  const child = Bun.spawn([process.execPath, MAIN, ...args], {
    cwd: place.root,
    env: {
      PATH: process.env.PATH ?? "",
      HOME: place.root,
      ANICARGO_MEDIA_DIR: place.path("media"),
      ANICARGO_CACHE_DIR: place.path("cache"),
      ANICARGO_DATA_DIR: place.path("data"),
      ANICARGO_DATABASE_URL: "postgres://nobody@127.0.0.1:1/none",
      ...env,
    },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { stdout, stderr, code };
}

describe("anicargo scan", () => {
  test("lists id, size and path of every file, ordered by path, without a database", async () => {
    place.file("media/b/2.mkv", "12345");
    place.file("media/1.mp4", "");
    expect(await anicargo(["scan"])).toEqual({
      code: 0,
      stdout: `${mediaId("1.mp4")}\t0\t1.mp4\n${mediaId("b/2.mkv")}\t5\tb/2.mkv\n`,
      stderr: "",
    });
  });

  test("--json prints an object a line", async () => {
    place.file("media/1.mp4", "123");
    const { stdout } = await anicargo(["scan", "--json"]);
    expect(JSON.parse(stdout)).toEqual({
      id: mediaId("1.mp4"),
      size: 3,
      path: "1.mp4",
      modified_at: LONG_AGO.toISOString(),
    });
  });

  test("takes a folder in place of the library's", async () => {
    place.file("other/1.mp4", "123");
    expect((await anicargo(["scan", "other"], { ANICARGO_MEDIA_DIR: "" })).stdout).toEndWith("\t3\t1.mp4\n");
  });

  test("S36 control characters in names are shown, not obeyed", async () => {
    place.file("media/a\x1b[2J\n.mkv", "");
    expect((await anicargo(["scan"])).stdout).toEndWith("\t0\ta\\u001b[2J\\u000a.mkv\n");
  });

  test("says how many links were not followed", async () => {
    symlinkSync("/etc", place.path("media/etc"));
    const { code, stderr } = await anicargo(["scan"]);
    expect([code, stderr]).toEqual([0, "links that lead out of the folder and were not followed: 1\n"]);
  });

  test("R2 what cannot be read is named, and the exit code is 2", async () => {
    // Too long a path, which even root cannot read.
    const deep = Array(10).fill("d".repeat(250)).join("/");
    mkdirSync(place.path("first", deep), { recursive: true });
    mkdirSync(place.path("media", deep), { recursive: true });
    renameSync(place.path("first"), place.path("media", deep, "second"));
    place.file("media/a.mkv", "");
    const { code, stdout, stderr } = await anicargo(["scan"]);
    renameSync(place.path("media", deep, "second"), place.path("first"));
    expect([code, stdout.split("\n").length, stderr.split("\n").length]).toEqual([2, 2, 2]);
    expect(stderr).toContain("cannot read dddd");
  });

  test.each([
    [["scan"], { ANICARGO_MEDIA_DIR: "/nowhere" }, 66, "/nowhere"],
    [["scan", "/nowhere"], {}, 66, "/nowhere"],
    [["scan"], { ANICARGO_MEDIA_DIR: "" }, 78, "media.media_dir"],
    [["scan", "--frob"], {}, 64, "--frob"],
  ])("%p with %p ends with %p", async (args, env, code, words) => {
    const ended = await anicargo(args, env as Record<string, string>);
    expect([ended.code, ended.stdout]).toEqual([code, ""]);
    expect(ended.stderr).toContain(words);
    expect(ended.stderr.trimEnd().split("\n").length).toBe(1);
  });
});

describe("anicargo index", () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase();
  });
  afterEach(() => database.drop());
  const index = (...args: string[]) => anicargo(["index", ...args], { ANICARGO_DATABASE_URL: database.url });

  test("prints the summary; a second one finds nothing to do", async () => {
    place.file("media/Show - 01.mkv");
    place.file("media/Show - 02.mkv");
    expect(await index()).toEqual({
      code: 0,
      stdout: "indexed 2 files (parsed 2, skipped 0, removed 0)\n",
      stderr: "",
    });
    expect((await index()).stdout).toBe("indexed 2 files (parsed 0, skipped 2, removed 0)\n");
    expect((await listEntries(database.sql, {}, {})).map((entry) => entry.title)).toEqual(["Show", "Show"]);
  });

  test("--json prints the result of the job", async () => {
    place.file("media/Show - 01.mkv");
    expect((await index("--json")).stdout).toBe('{"scanned":1,"upserted":1,"parsed":1,"skipped":0,"removed":0}\n');
  });

  test("R1 what is held back is said on standard error with the flag that overrides it, and the exit code is 2", async () => {
    place.file("media/Show - 01.mkv");
    await index();
    rmSync(place.path("media/Show - 01.mkv"));
    const held = await index();
    expect([held.code, held.stdout]).toEqual([2, "indexed 0 files (parsed 0, skipped 0, removed 0)\n"]);
    expect(held.stderr).toContain("warning: the media folder is empty");
    expect(held.stderr).toContain("--allow-removals");
    expect(await index("--allow-removals")).toEqual({
      code: 0,
      stdout: "indexed 0 files (parsed 0, skipped 0, removed 1)\n",
      stderr: "",
    });
  });

  test("R1 a missing library is an error of its own, and nothing is removed", async () => {
    place.file("media/Show - 01.mkv");
    await index();
    rmSync(place.path("media"), { recursive: true });
    const ended = await index();
    expect([ended.code, ended.stdout]).toEqual([66, ""]);
    expect(ended.stderr).toContain("media.media_dir");
    expect((await listEntries(database.sql, {}, {})).length).toBe(1);
    expect((await index("--allow-removals")).stdout).toBe("indexed 0 files (parsed 0, skipped 0, removed 1)\n");
  });

  test("no library at all is a question of configuration, also when removals are allowed", async () => {
    const unset = { ANICARGO_DATABASE_URL: database.url, ANICARGO_MEDIA_DIR: "" };
    expect((await anicargo(["index"], unset)).code).toBe(78);
    expect((await anicargo(["index", "--allow-removals"], unset)).code).toBe(78);
  });

  test("a library that cannot be read fails with the reason", async () => {
    rmSync(place.path("media"), { recursive: true });
    symlinkSync("media", place.path("media"));
    const ended = await index("--allow-removals");
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain("cannot be read (ELOOP)");
  });
});
