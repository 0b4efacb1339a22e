import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Taken } from "../../../plugins/qbittorrent/store.ts";
import { survey } from "../../../plugins/qbittorrent/survey.ts";
import { type MediaTree, mediaTree } from "../../helpers/media-tree.ts";
import { hashOf, openShelf, type Shelf } from "./shelf.ts";

let disk: MediaTree;
let library: string;
let shelf: Shelf;
let taken: Taken[];

beforeEach(() => {
  disk = mediaTree("library/Show/1.mkv", "library/Show/2.mkv", "elsewhere/Film/1.mkv");
  library = disk.path("library");
  shelf = openShelf(library);
  taken = [];
});
afterEach(() => disk.remove());

const look = async (
  config: { category?: string; path_map?: { from: string; to: string }[] } = {},
  mediaDir = library,
) => {
  const surveyed = await survey({
    qbittorrent: shelf,
    config: { category: "", path_map: [], ...config },
    mediaDir,
    findTaken: async () => taken,
  });
  return Object.fromEntries(surveyed.map(({ torrent, finding }) => [torrent.name, finding]));
};

test("a complete torrent whose files are in the library is new", async () => {
  shelf.put({ name: "Show" }, ["Show/1.mkv", "Show/2.mkv"]);
  expect(await look()).toEqual({ Show: { is: "new", files: 2, missing: 0 } });
});

test("what was taken in is known, and its files are not asked for; completed anew it is new", async () => {
  const { hash, completedAt } = shelf.put({ name: "Show" });
  taken = [{ hash, completedAt, missing: 0 }];
  expect(await look()).toEqual({ Show: { is: "known" } });
  expect(shelf.calls).toEqual(["torrents"]);
  shelf.put({ name: "Show", completedAt: completedAt + 60 });
  expect(await look()).toMatchObject({ Show: { is: "new" } });
});

test.each(["moving", "missingFiles", "checkingUP", "checkingResumeData"])(
  "Q5: %s waits, with all its files in place",
  async (state) => {
    shelf.put({ name: "Show", state });
    expect(await look()).toMatchObject({ Show: { is: "waiting" } });
    expect(shelf.calls).toEqual(["torrents"]);
  },
);

test("Q6: files that are not wanted or not whole do not count", async () => {
  shelf.put({ name: "Show" }, [
    "Show/1.mkv",
    { name: "Show/3.mkv", wanted: false },
    { name: "Show/4.mkv", progress: 0.9 },
  ]);
  expect(await look()).toEqual({ Show: { is: "new", files: 1, missing: 0 } });
  shelf.put({ name: "Show" }, [{ name: "Show/1.mkv", wanted: false }]);
  expect(await look()).toMatchObject({ Show: { is: "waiting", why: "none of its files is wanted" } });
});

test("Q7: a file renamed in qBittorrent is looked for under its new name", async () => {
  renameSync(disk.path("library/Show"), disk.path("library/Better Name"));
  shelf.put({ name: "Show", contentPath: `${library}/Better Name` }, ["Better Name/1.mkv", "Better Name/2.mkv"]);
  expect(await look()).toEqual({ Show: { is: "new", files: 2, missing: 0 } });
});

test("Q14: one that is removed between the list and its files is left out", async () => {
  shelf.put({ name: "Show" });
  shelf.put({ name: "Gone" });
  shelf.files = async (hash) =>
    hash === hashOf("Gone") ? null : [{ name: "Show/1.mkv", size: 1, progress: 1, wanted: true }];
  expect(Object.keys(await look())).toEqual(["Show"]);
});

describe("files that are not on disk", () => {
  test("none: it waits and says where they were looked for", async () => {
    shelf.put({ name: "Lost" }, ["Lost/1.mkv", "Lost/2.mkv"]);
    expect(await look()).toEqual({
      Lost: { is: "waiting", why: `its files are not on disk (${library}/Lost)`, passes: false },
    });
  });

  test("some: those that are there do not wait; when more come back it is new again", async () => {
    const { hash, completedAt } = shelf.put({ name: "Show" }, ["Show/1.mkv", "Show/3.mkv", "Show/4.mkv"]);
    expect(await look()).toEqual({ Show: { is: "new", files: 1, missing: 2 } });
    taken = [{ hash, completedAt, missing: 2 }];
    expect(await look()).toMatchObject({
      Show: { is: "waiting", why: expect.stringContaining("2 of its files are not on disk") },
    });
    disk.file("library/Show/3.mkv");
    expect(await look()).toEqual({ Show: { is: "new", files: 2, missing: 1 } });
  });

  test("a folder in a file's place is no file", async () => {
    mkdirSync(disk.path("library/Odd/1.mkv"), { recursive: true });
    shelf.put({ name: "Odd" });
    expect(await look()).toMatchObject({ Odd: { is: "waiting" } });
  });
});

describe("outside the library", () => {
  const elsewhere = () => disk.path("elsewhere");

  test("it is counted, without asking for its files", async () => {
    shelf.put({ name: "Film", savePath: elsewhere() });
    expect(await look()).toEqual({ Film: { is: "outside", path: `${elsewhere()}/Film`, here: `${elsewhere()}/Film` } });
    expect(shelf.calls).toEqual(["torrents"]);
  });

  test("one that we added is misplaced, with both paths", async () => {
    shelf.put({ name: "Film", category: "anicargo", savePath: "/downloads" });
    const path_map = [{ from: "/downloads", to: elsewhere() }];
    expect(await look({ path_map })).toEqual({
      Film: { is: "misplaced", path: "/downloads/Film", here: `${elsewhere()}/Film` },
    });
  });

  test("a path of Windows without a mapping is no path of this machine", async () => {
    shelf.put({ name: "Film", savePath: "D:\\dl", contentPath: "D:\\dl\\Film" });
    expect(await look()).toEqual({ Film: { is: "outside", path: "D:\\dl\\Film", here: null } });
  });

  test("a folder that only begins like the library is outside", async () => {
    shelf.put({ name: "Film", savePath: `${library}2` });
    expect(await look()).toMatchObject({ Film: { is: "outside" } });
  });

  test("a link in the library that leads out of it is outside, one into it is inside", async () => {
    symlinkSync(disk.path("elsewhere/Film"), join(library, "Film"));
    symlinkSync(library, disk.path("link"));
    shelf.put({ name: "Film" });
    shelf.put({ name: "Show", savePath: disk.path("link") });
    expect(await look()).toMatchObject({ Film: { is: "outside" }, Show: { is: "new" } });
  });

  test("a name that climbs out of the torrent's folder does not count", async () => {
    shelf.put({ name: "Show" }, ["Show/1.mkv", "../elsewhere/Film/1.mkv"]);
    expect(await look()).toEqual({ Show: { is: "new", files: 1, missing: 0 } });
  });

  test("gone from a library that is a link: it waits, it is not outside", async () => {
    symlinkSync(library, disk.path("media"));
    shelf.put({ name: "Lost", savePath: disk.path("media") });
    expect(await look({}, disk.path("media"))).toMatchObject({ Lost: { is: "waiting" } });
  });
});

test("a torrent without a folder of its own counts by its files, also where the library is below its save path", async () => {
  disk.file("library/Loose 1.mkv");
  shelf.put({ name: "Loose", contentPath: library }, ["Loose 1.mkv"]);
  shelf.put({ name: "Wide", savePath: disk.root, contentPath: disk.root }, [
    "library/Show/1.mkv",
    "elsewhere/Film/1.mkv",
  ]);
  shelf.put({ name: "Other", savePath: disk.root, contentPath: disk.root }, ["elsewhere/Film/1.mkv"]);
  expect(await look()).toMatchObject({
    Loose: { is: "new", files: 1 },
    Wide: { is: "new", files: 1, missing: 0 },
    Other: { is: "outside" },
  });
});

test("paths are mapped: qBittorrent in a container, and on Windows with a relative content path", async () => {
  const path_map = [
    { from: "/downloads", to: library },
    { from: "D:\\dl", to: library },
  ];
  shelf.put({ name: "Show", savePath: "/downloads" });
  shelf.put({ name: "Same", savePath: "D:\\dl", contentPath: "Show" }, ["Show/1.mkv"]);
  expect(await look({ path_map })).toMatchObject({ Show: { is: "new" }, Same: { is: "new" } });
});

test("a category chooses, and what we added comes in all the same", async () => {
  shelf.put({ name: "Show", category: "anime" });
  shelf.put({ name: "Ours", category: "anicargo" }, ["Show/1.mkv"]);
  shelf.put({ name: "Film", category: "films" });
  expect(Object.keys(await look({ category: "anime" }))).toEqual(["Show", "Ours"]);
  expect(shelf.calls.filter((call) => call.startsWith("torrents"))).toEqual([
    "torrents of anime",
    "torrents of anicargo",
  ]);
});

test("a library that is not there is said, and no torrent is called outside for it", async () => {
  shelf.put({ name: "Show" });
  rmSync(library, { recursive: true });
  await expect(look()).rejects.toThrow("the library folder (media.media_dir) is not there: mount or create it");
});

test("Q12: five thousand known torrents cost one request", async () => {
  for (let n = 0; n < 5000; n++) {
    const { hash, completedAt } = shelf.put({ name: `Show ${n}` });
    taken.push({ hash, completedAt, missing: 0 });
  }
  expect(Object.keys(await look())).toHaveLength(5000);
  expect(shelf.calls).toEqual(["torrents"]);
});
