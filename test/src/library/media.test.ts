import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import type { Media } from "../../../src/core.ts";
import { Gone } from "../../../src/errors.ts";
import { createMedia } from "../../../src/library/media.ts";
import { mediaId } from "../../../src/library/media-id.ts";
import { insertFiles } from "../../../src/library/store.ts";
import { walk } from "../../../src/library/walk.ts";
import { type TestDatabase, testDatabase } from "../../helpers/database.ts";
import { type MediaTree, mediaTree } from "../../helpers/media-tree.ts";

let database: TestDatabase;
let tree: MediaTree;
let media: Media;

beforeEach(async () => {
  database = await testDatabase();
  tree = mediaTree("lib/Show/01.mkv", "outside.mkv");
  media = createMedia(database.sql, { media_dir: tree.path("lib"), cache_dir: tree.path("cache") });
});
afterEach(async () => {
  tree.remove();
  await database.drop();
});

/** Stores what is there. @returns the ids by path */
async function store(): Promise<Record<string, string>> {
  const { files } = await walk(tree.path("lib"));
  await insertFiles(
    database.sql,
    files.map((file) => ({ id: mediaId(file.bytes ?? file.path), ...file })),
  );
  return Object.fromEntries(files.map((file) => [file.path, mediaId(file.bytes ?? file.path)]));
}

test("a file is found with all that is needed to open it", async () => {
  const { "Show/01.mkv": id } = await store();
  expect(await media.find(id!)).toMatchObject({
    id,
    path: "Show/01.mkv",
    file: tree.path("lib/Show/01.mkv"),
    size: "lib/Show/01.mkv".length,
  });
});

test("S4 unknown ids, and what is no id, are nothing", async () => {
  for (const id of [
    "0123456789abcdef",
    "",
    "../../etc/passwd",
    "0123456789ABCDEF",
    "1e3",
    "-1",
    "\0",
    "0".repeat(17),
  ]) {
    expect(await media.find(id)).toBeNull();
  }
});

describe("R6 the version", () => {
  test("stays when nothing changes, and is fit for a file name", async () => {
    const { "Show/01.mkv": id } = await store();
    const [first, second] = [await media.find(id!), await media.find(id!)];
    expect(first!.version).toBe(second!.version);
    expect(first!.version).toMatch(/^[0-9a-z-]+$/);
  });

  test("changes when the file grows, and when another takes its place", async () => {
    const { "Show/01.mkv": id } = await store();
    const versions = new Set<string>();
    const note = async () => void versions.add((await media.find(id!))!.version);
    await note();
    appendFileSync(tree.path("lib/Show/01.mkv"), "more");
    await note();
    tree.file("lib/Show/new", readFileSync(tree.path("lib/Show/01.mkv"), "utf8"));
    renameSync(tree.path("lib/Show/new"), tree.path("lib/Show/01.mkv"));
    await note();
    expect(versions.size).toBe(3);
  });

  test("is kept by a rename", async () => {
    const { "Show/01.mkv": id } = await store();
    const before = await media.find(id!);
    renameSync(tree.path("lib/Show/01.mkv"), tree.path("lib/02.mkv"));
    await database.sql`update media_files set path = '02.mkv' where id = ${id!}`;
    expect((await media.find(id!))!.version).toBe(before!.version);
  });
});

describe("a file that is not there", () => {
  test.each([
    ["was removed", () => rmSync(tree.path("lib/Show/01.mkv"))],
    ["went with its folder", () => rmSync(tree.path("lib/Show"), { recursive: true })],
    ["went with the library", () => rmSync(tree.path("lib"), { recursive: true })],
    [
      "is a folder now",
      () => {
        rmSync(tree.path("lib/Show/01.mkv"));
        mkdirSync(tree.path("lib/Show/01.mkv"));
      },
    ],
  ])("because it %s is gone", async (_, happens) => {
    const { "Show/01.mkv": id } = await store();
    happens();
    expect(await media.find(id!).catch((error) => error)).toBeInstanceOf(Gone);
  });

  test("because no library is set is gone", async () => {
    const { "Show/01.mkv": id } = await store();
    const unset = createMedia(database.sql, { media_dir: undefined, cache_dir: tree.path("cache") });
    expect(await unset.find(id!).catch((error) => error)).toBeInstanceOf(Gone);
  });
});

describe("S5 links", () => {
  test("inside the library lead to the real file", async () => {
    tree.file("lib/.store/film.mkv");
    symlinkSync(".store/film.mkv", tree.path("lib/film.mkv"));
    const { "film.mkv": id } = await store();
    expect((await media.find(id!))!.file).toBe(tree.path("lib/.store/film.mkv"));
  });

  test.each(["a file", "a folder on the way"])("that were swapped since to lead out (%s) are gone", async (what) => {
    const { "Show/01.mkv": id } = await store();
    if (what === "a file") {
      unlinkSync(tree.path("lib/Show/01.mkv"));
      symlinkSync(tree.path("outside.mkv"), tree.path("lib/Show/01.mkv"));
    } else {
      tree.file("elsewhere/01.mkv");
      rmSync(tree.path("lib/Show"), { recursive: true });
      symlinkSync(tree.path("elsewhere"), tree.path("lib/Show"));
    }
    expect(await media.find(id!).catch((error) => error)).toBeInstanceOf(Gone);
  });
});

describe("S15 a name that is not UTF-8", () => {
  const bytes = (text: string) => Buffer.from(text, "latin1");

  test("is opened through a link with the same ending in the cache folder", async () => {
    writeFileSync(bytes(`${tree.root}/lib/x\xff.mkv`), "content");
    const { "x\\xff.mkv": id } = await store();
    const found = await media.find(id!);
    expect(found!.file).toBe(tree.path(`cache/names/${id}.mkv`));
    expect(readFileSync(found!.file, "utf8")).toBe("content");
  });

  test("is followed to where it moved", async () => {
    writeFileSync(bytes(`${tree.root}/lib/x\xff.mkv`), "content");
    const { "x\\xff.mkv": id } = await store();
    await media.find(id!);
    renameSync(bytes(`${tree.root}/lib/x\xff.mkv`), bytes(`${tree.root}/lib/y\xfe.mkv`));
    await database.sql`update media_files set path = 'y', path_bytes = ${bytes("y\xfe.mkv")} where id = ${id!}`;
    const { file } = (await media.find(id!))!;
    expect(readlinkSync(file, { encoding: "buffer" })).toEqual(bytes(`${tree.root}/lib/y\xfe.mkv`));
    expect(readFileSync(file, "utf8")).toBe("content");
  });

  test("asked for by many at once is one link, and nothing is left beside it", async () => {
    writeFileSync(bytes(`${tree.root}/lib/x\xff.mkv`), "content");
    const { "x\\xff.mkv": id } = await store();
    await Promise.all(Array.from({ length: 20 }, () => media.find(id!)));
    expect([...new Bun.Glob("*").scanSync({ cwd: tree.path("cache/names"), onlyFiles: false })]).toEqual([`${id}.mkv`]);
  });
});
