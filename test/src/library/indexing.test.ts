import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { appendFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { type IndexOptions, indexLibrary } from "../../../src/library/indexing.ts";
import { mediaId } from "../../../src/library/media-id.ts";
import { PARSER_VERSION } from "../../../src/library/parse.ts";
import { MissingRoot } from "../../../src/library/root.ts";
import { findEntry, libraryVersion, listEntries } from "../../../src/library/store.ts";
import { type TestDatabase, testDatabase } from "../../helpers/database.ts";
import { type MediaTree, mediaTree } from "../../helpers/media-tree.ts";

let database: TestDatabase;
let tree: MediaTree;
beforeAll(async () => {
  database = await testDatabase();
});
beforeEach(() => {
  tree = mediaTree();
});
afterEach(async () => {
  tree.remove();
  await database.sql`truncate media_files cascade`;
});
afterAll(() => database.drop());

const index = async (options: Partial<IndexOptions> = {}) => {
  const { result } = await indexLibrary({
    sql: database.sql,
    root: tree.root,
    allowRemovals: false,
    signal: new AbortController().signal,
    progress: () => {},
    fence: async () => {},
    pause: () => Promise.reject(new Error("nothing was touched lately: there is no need to wait")),
    ...options,
  });
  return result;
};
const entries = () => listEntries(database.sql, {}, {});
const pathsById = async () => Object.fromEntries((await entries()).map(({ id, path }) => [id, path]));
const files = (count: number, folder = "f") =>
  Array.from({ length: count }, (_, n) => `${folder}/Show - ${n + 10}.mkv`);

describe("a first index", () => {
  test("stores every file with what its name says, under the id that `scan` tells", async () => {
    const path = "Frieren/[SubsPlease] Sousou no Frieren - 01 (1080p) [F02B9CEE].mkv";
    tree.file(path, "12345");
    expect(await index()).toEqual({ scanned: 1, upserted: 1, parsed: 1, skipped: 0, removed: 0 });
    const entry = await findEntry(database.sql, mediaId(path));
    expect(entry).toMatchObject({ path, size: 5, title: "Sousou no Frieren", episode: 1, release_group: "SubsPlease" });
    expect(entry!.elements).toMatchObject({ FileChecksum: ["F02B9CEE"], VideoResolution: ["1080p"] });
  });

  test("of more files than a batch holds stores them all", async () => {
    for (const path of files(2100)) tree.file(path);
    expect(await index()).toMatchObject({ scanned: 2100, upserted: 2100, parsed: 2100 });
    expect((await entries()).length).toBe(2100);
  });

  test("tells how far it is", async () => {
    for (const path of files(3)) tree.file(path);
    const seen: unknown[] = [];
    await index({ progress: (progress) => seen.push(progress) });
    expect(seen.at(0)).toEqual({ done: 0, note: "looking" });
    expect(seen.at(-1)).toEqual({ done: 3, total: 3, note: "storing" });
  });

  test("S15 stores a name that is not UTF-8 with its bytes", async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${tree.root}/x`), Buffer.from([0xff]), Buffer.from(".mkv")]), "");
    tree.file("y.mkv");
    await index({ pause: async () => {} });
    const rows = await database.sql`select path, path_bytes from media_files order by path`;
    expect(rows.map((row) => [row.path, row.path_bytes])).toEqual([
      ["x\\xff.mkv", Buffer.from("x\xff.mkv", "latin1")],
      ["y.mkv", null],
    ]);
    expect(await index()).toMatchObject({ skipped: 2, upserted: 0 });
  });
});

describe("an unchanged library", () => {
  test("is neither parsed nor written", async () => {
    for (const path of files(3)) tree.file(path);
    await index();
    const before = await database.sql`select xmin, ctid from media_files union all select xmin, ctid from media_parses`;
    const version = await libraryVersion(database.sql);
    expect(await index()).toEqual({ scanned: 3, upserted: 0, parsed: 0, skipped: 3, removed: 0 });
    expect(
      await database.sql`select xmin, ctid from media_files union all select xmin, ctid from media_parses`,
    ).toEqual(before);
    expect(await libraryVersion(database.sql)).toBe(version);
  });

  test("is parsed again, and no more, when the parser is a newer one", async () => {
    for (const path of files(3)) tree.file(path);
    await index();
    await database.sql`update media_parses set parser_version = ${PARSER_VERSION - 1}, title = 'old' where media_id = ${mediaId(files(1)[0]!)}`;
    expect(await index()).toEqual({ scanned: 3, upserted: 0, parsed: 1, skipped: 2, removed: 0 });
    expect((await entries()).map((entry) => entry.title)).toEqual(["Show", "Show", "Show"]);
  });

  test("has its readings after the first index that follows an upgrade from before there were any", async () => {
    for (const path of files(2)) tree.file(path);
    await index();
    await database.sql`update media_parses set parser_version = 1, kind = default, reading = default`;
    expect(await index()).toEqual({ scanned: 2, upserted: 0, parsed: 2, skipped: 0, removed: 0 });
    const rows = await database.sql`select kind, reading -> 'titles' as titles from media_parses`;
    const titles = [{ text: "Show", derived: false }];
    expect([...rows]).toEqual([
      { kind: "episode", titles },
      { kind: "episode", titles },
    ]);
  });
});

describe("changes", () => {
  test("another content under the same name keeps the id", async () => {
    tree.file("a - 01.mkv", "old");
    await index();
    tree.file("a - 01.mkv", "newer", new Date("2026-02-02"));
    expect(await index()).toEqual({ scanned: 1, upserted: 1, parsed: 1, skipped: 0, removed: 0 });
    expect(await entries()).toMatchObject([{ id: mediaId("a - 01.mkv"), size: 5, mtime: Date.UTC(2026, 1, 2) * 1000 }]);
  });

  test("a missing file is removed with its parse", async () => {
    for (const path of files(3)) tree.file(path);
    await index();
    rmSync(tree.path(files(1)[0]!));
    expect(await index()).toEqual({ scanned: 2, upserted: 0, parsed: 0, skipped: 2, removed: 1 });
    expect((await database.sql`select from media_parses`).length).toBe(2);
  });

  test("every change of what is shown changes the version of the library", async () => {
    const versions = new Set<number>();
    const note = async () => void versions.add(await libraryVersion(database.sql));
    await note();
    tree.file("a.mkv");
    await index();
    await note();
    renameSync(tree.path("a.mkv"), tree.path("b.mkv"));
    await index();
    await note();
    tree.file("b.mkv", "more");
    await index();
    await note();
    rmSync(tree.path("b.mkv"));
    await index({ allowRemovals: true });
    await note();
    expect(versions.size).toBe(5);
  });
});

describe("R7 renames and moves", () => {
  test("keep the id, and say what the new name says", async () => {
    tree.file("Show - 01.mkv");
    tree.file("stays.mkv");
    await index();
    tree.file("Other/placeholder.txt");
    renameSync(tree.path("Show - 01.mkv"), tree.path("Other/Better - 07.mkv"));
    expect(await index()).toEqual({ scanned: 2, upserted: 1, parsed: 1, skipped: 1, removed: 0 });
    const id = mediaId("Show - 01.mkv");
    expect(await findEntry(database.sql, id)).toMatchObject({
      path: "Other/Better - 07.mkv",
      title: "Better",
      episode: 7,
    });
  });

  test("of a whole folder of more files than a batch holds keep all ids", async () => {
    for (const path of files(1100, "old")) tree.file(path);
    await index();
    const before = await pathsById();
    renameSync(tree.path("old"), tree.path("new"));
    expect(await index()).toMatchObject({ upserted: 1100, removed: 0 });
    const moved = Object.fromEntries(Object.entries(before).map(([id, path]) => [id, path.replace("old", "new")]));
    expect(await pathsById()).toEqual(moved);
  });

  test("that swap two files keep both ids", async () => {
    tree.file("a.mkv", "first");
    tree.file("b.mkv", "second!");
    await index();
    renameSync(tree.path("a.mkv"), tree.path("c"));
    renameSync(tree.path("b.mkv"), tree.path("a.mkv"));
    renameSync(tree.path("c"), tree.path("b.mkv"));
    expect(await index()).toMatchObject({ upserted: 2, removed: 0 });
    expect(await pathsById()).toEqual({ [mediaId("a.mkv")]: "b.mkv", [mediaId("b.mkv")]: "a.mkv" });
  });

  test("over another file keep the id of the one that moved", async () => {
    tree.file("a.mkv", "first");
    tree.file("b.mkv", "second!");
    await index();
    renameSync(tree.path("a.mkv"), tree.path("b.mkv"));
    expect(await index()).toMatchObject({ upserted: 1, removed: 1 });
    expect(await pathsById()).toEqual({ [mediaId("a.mkv")]: "b.mkv" });
  });

  test("free the path for a new file, which gets an id of its own", async () => {
    tree.file("a.mkv", "first");
    await index();
    renameSync(tree.path("a.mkv"), tree.path("z.mkv"));
    tree.file("a.mkv", "another one");
    expect(await index()).toMatchObject({ upserted: 2, removed: 0 });
    expect(await pathsById()).toEqual({ [mediaId("a.mkv")]: "z.mkv", [mediaId("a.mkv", 1)]: "a.mkv" });
    expect(await index()).toMatchObject({ skipped: 2 });
  });

  test("keep what hangs on the file", async () => {
    tree.file("a.mkv");
    await database.sql`create table test_progress (media_id text primary key references media_files (id) on delete cascade)`;
    await index();
    await database.sql`insert into test_progress values (${mediaId("a.mkv")})`;
    renameSync(tree.path("a.mkv"), tree.path("b.mkv"));
    await index();
    expect((await database.sql`select from test_progress`).length).toBe(1);
    await database.sql`drop table test_progress`;
  });
});

describe("a file that was touched in the last ten seconds", () => {
  const justNow = () => new Date(Date.now() - 5000);

  test("is looked at again a second later, all such files together", async () => {
    for (const path of files(3)) tree.file(path, path, justNow());
    const waits: number[] = [];
    expect(await index({ pause: async (ms) => void waits.push(ms) })).toMatchObject({ scanned: 3, upserted: 3 });
    expect(waits).toEqual([1000]);
  });

  test.each(["grew", "was touched", "vanished"])("and %s meanwhile waits for the next pass", async (what) => {
    const [steady, growing] = files(2) as [string, string];
    tree.file(steady);
    const path = tree.file(growing, "12345", justNow());
    const pause = async () => {
      if (what === "grew") appendFileSync(path, "6");
      else if (what === "was touched") utimesSync(path, new Date(), new Date());
      else rmSync(path);
    };
    expect(await index({ pause })).toEqual({ scanned: 1, upserted: 1, parsed: 1, skipped: 0, removed: 0, growing: 1 });
    expect((await entries()).map((entry) => entry.path)).toEqual([steady]);
    if (what === "vanished") return;
    tree.file(growing, "123456");
    expect(await index()).toMatchObject({ upserted: 1, skipped: 1 });
  });

  test("and grows under a known name is left as it was known", async () => {
    tree.file("a.mkv", "1");
    await index();
    const path = tree.file("a.mkv", "12", justNow());
    await index({ pause: async () => appendFileSync(path, "3") });
    expect(await entries()).toMatchObject([{ path: "a.mkv", size: 1 }]);
  });

  test("and is known just so needs no second look", async () => {
    tree.file("a.mkv", "1", justNow());
    await index({ pause: async () => {} });
    expect(await index()).toMatchObject({ skipped: 1 });
  });

  test("waits by itself when nobody waits in its place", async () => {
    tree.file("a.mkv", "1", justNow());
    expect(await index({ pause: undefined })).toMatchObject({ scanned: 1, upserted: 1 });
  });
});

describe("R1 what looks like a lost disk", () => {
  beforeEach(async () => {
    for (const path of files(22)) tree.file(path);
    await index();
  });

  test("a missing library is an error, and removes nothing", async () => {
    rmSync(tree.root, { recursive: true });
    expect(await index().catch((error) => error)).toBeInstanceOf(MissingRoot);
    expect((await entries()).length).toBe(22);
  });

  test("an empty library removes nothing and says so, until removals are allowed", async () => {
    rmSync(tree.path("f"), { recursive: true });
    const result = await index();
    expect(result).toMatchObject({ scanned: 0, removed: 0 });
    expect(result.warnings!.join()).toContain("the media folder is empty, so 22 files that cannot be found stay");
    expect(result.warnings!.join()).toContain("--allow-removals");
    expect((await entries()).length).toBe(22);
    expect(await index({ allowRemovals: true })).toEqual({
      scanned: 0,
      upserted: 0,
      parsed: 0,
      skipped: 0,
      removed: 22,
    });
  });

  test("more than half gone at once removes nothing, and the rest of the index is done", async () => {
    for (const path of files(12)) rmSync(tree.path(path));
    tree.file("f/new.mkv");
    const result = await index();
    expect(result).toMatchObject({ scanned: 11, upserted: 1, skipped: 10, removed: 0 });
    expect(result.warnings!.join()).toContain("more than half of the library is gone at once");
    expect((await entries()).length).toBe(23);
    expect(await index({ allowRemovals: true })).toMatchObject({ removed: 12 });
  });

  test("half of it may go", async () => {
    for (const path of files(11)) rmSync(tree.path(path));
    expect(await index()).toEqual({ scanned: 11, upserted: 0, parsed: 0, skipped: 11, removed: 11 });
  });

  test("back after a remount, all is as it was", async () => {
    const before = await entries();
    renameSync(tree.path("f"), `${tree.root}-unmounted`);
    await index();
    renameSync(`${tree.root}-unmounted`, tree.path("f"));
    expect(await index()).toEqual({ scanned: 22, upserted: 0, parsed: 0, skipped: 22, removed: 0 });
    expect(await entries()).toEqual(before);
  });

  test("a missing library that may be gone is gone", async () => {
    rmSync(tree.root, { recursive: true });
    expect(await index({ allowRemovals: true })).toMatchObject({ scanned: 0, removed: 22 });
  });
});

describe("R18 an index that is stopped", () => {
  test("between two batches leaves whole batches behind, and the next one goes on from there", async () => {
    for (const path of files(2100)) tree.file(path);
    let writes = 0;
    const fence = async () => {
      if (++writes === 3) throw new Error("killed");
    };
    expect(await index({ fence }).catch((error) => error.message)).toBe("killed");
    expect((await entries()).length).toBe(2000);
    expect((await database.sql`select from media_parses`).length).toBe(2000);
    expect(await index()).toMatchObject({ upserted: 100, skipped: 2000 });
  });

  test("in the middle of a move leaves the files where they were", async () => {
    tree.file("a.mkv", "first");
    tree.file("b.mkv", "second!");
    await index();
    const before = await pathsById();
    renameSync(tree.path("a.mkv"), tree.path("c"));
    renameSync(tree.path("b.mkv"), tree.path("a.mkv"));
    renameSync(tree.path("c"), tree.path("b.mkv"));
    // The last statement of the transaction fails, as a killed one never comes.
    await database.sql`alter table media_parses add constraint broken check (false) not valid`;
    expect(await index().catch((error) => error.code)).toBe("23514");
    await database.sql`alter table media_parses drop constraint broken`;
    expect(await pathsById()).toEqual(before);
    await index();
    expect(await pathsById()).toEqual({ [mediaId("a.mkv")]: "b.mkv", [mediaId("b.mkv")]: "a.mkv" });
  });

  test("by its signal stops before it writes", async () => {
    for (const path of files(3)) tree.file(path);
    const controller = new AbortController();
    const stopped = index({ signal: controller.signal, progress: () => controller.abort(new Error("stopped")) });
    expect(await stopped.catch((error) => error.message)).toBe("stopped");
    expect(await entries()).toEqual([]);
  });

  test("that waits for a second look stops at once", async () => {
    tree.file("a.mkv", "1", new Date());
    const controller = new AbortController();
    const stopped = index({
      signal: controller.signal,
      pause: (_, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          controller.abort(new Error("stopped"));
        }),
    });
    expect(await stopped.catch((error) => error.message)).toBe("stopped");
  });
});

test("two at once end in the same library as one", async () => {
  for (const path of files(1500)) tree.file(path);
  await Promise.all([index(), index()]);
  expect((await entries()).length).toBe(1500);
  renameSync(tree.path("f"), tree.path("g"));
  await Promise.all([index(), index()]);
  expect((await entries()).every((entry) => entry.path.startsWith("g/"))).toBe(true);
  expect(await index()).toMatchObject({ skipped: 1500 });
});
