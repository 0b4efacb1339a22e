import { describe, expect, test } from "bun:test";
import { loadAnitomy } from "../../../src/library/anitomy.ts";
import { foldSearch, parsePath } from "../../../src/library/parse.ts";

const anitomy = await loadAnitomy();
const parse = (path: string) => parsePath(path, anitomy);

describe("what a path says", () => {
  const nothing = { title: null, episode: null, season: null, release_group: null, resolution: null };
  test.each([
    [
      "[SubsPlease] Sousou no Frieren - 01 (1080p) [F02B9CEE].mkv",
      { title: "Sousou no Frieren", episode: 1, release_group: "SubsPlease", resolution: "1080p" },
    ],
    ["Show.S02E05.720P.WEB-DL.mkv", { title: "Show", season: 2, episode: 5, resolution: "720p" }],
    ["[G] Show - 07.5 [852X480].avi", { title: "Show", episode: 7.5, release_group: "G", resolution: "852x480" }],
    ["[G] Show - 01-03 [1920x1080].mkv", { title: "Show", episode: 1, release_group: "G", resolution: "1920x1080" }],
    ["Show 2nd Season - 03.mkv", { title: "Show", season: 2, episode: 3 }],
    ["Film.mkv", { title: "Film" }],
    ["Some Show/03.mkv", { title: "Some Show", episode: 3 }],
    ["[G] Some Show [1080p]/Season 2/03.mkv", { title: "Some Show", season: 2, episode: 3 }],
    ["Some Show/s03/004.mkv", { title: "Some Show", season: 3, episode: 4 }],
    ["Dr. Stone (2019)/01.mkv", { title: "Dr. Stone", episode: 1 }],
    ["Some Show/Season 2/Named - 05.mkv", { title: "Named", season: 2, episode: 5 }],
    ["03.mkv", { episode: 3 }],
    ["Season 1/03.mkv", { season: 1, episode: 3 }],
    ["S/20240131123456.mkv", { title: "S" }],
    ["孤独摇滚! 第二季/Season 2/第06话.mkv", { title: "孤独摇滚!", season: 2, episode: 6 }],
    [
      "[G] Nijiyon Animation 2 - 09 [1080p].mkv",
      { title: "Nijiyon Animation 2", episode: 9, release_group: "G", resolution: "1080p" },
    ],
    ["Frieren/[SubsPlease] - 05.mkv", { title: "Frieren", episode: 5, release_group: "SubsPlease" }],
    ["[G] Show [NCOP1][1080p].mkv", { title: "Show", release_group: "G", resolution: "1080p" }],
  ])("%p", (path, expected) => {
    const { title, episode, season, release_group, resolution } = parse(path);
    expect({ title, episode, season, release_group, resolution }).toEqual({ ...nothing, ...expected });
  });

  test("the raw elements hold all that Anitomy saw, every episode of a range too", () => {
    expect(parse("x/[G] Show - 01-03 [1080p].mkv").elements).toEqual({
      AnimeTitle: ["Show"],
      EpisodeNumber: ["01", "03"],
      FileExtension: ["mkv"],
      FileName: ["[G] Show - 01-03 [1080p]"],
      ReleaseGroup: ["G"],
      VideoResolution: ["1080p"],
    });
  });
});

test("the kind and the whole reading are kept for whoever matches the file", () => {
  const { kind, reading } = parse("Frieren/SPs/[G] Frieren _ 葬送的芙莉莲 [SP01].mkv");
  expect(kind).toBe("special");
  expect(reading).toMatchObject({
    kind: "special",
    episode: 1,
    group: "G",
    titles: [
      { text: "Frieren", derived: false },
      { text: "葬送的芙莉莲", derived: false },
    ],
    folderTitles: [{ text: "Frieren", derived: false }],
  });
});

describe("S42 hostile names", () => {
  test.each(["[", "(", "[]", "1", "a.", " - ", "aaaa!", "0x", "日", "\u{1F600}", "S01E01", "第1話"])(
    "10 kB of %p",
    (text) => {
      const name = `${text.repeat(Math.ceil(10_000 / text.length))}.mkv`;
      // What takes time by the square or worse runs into the time limit of the test.
      for (let round = 0; round < 100; round++) parse(`${name}/${name}`);
    },
  );

  test.each(["", " ", ".mkv", "a/", "\ud800 - 01.mkv", "\0 - 01.mkv", "\ufffd - 02.mkv", "e\u0301 - 03.mkv"])(
    "%p gives text that can be stored",
    (name) => {
      expect(JSON.stringify(parse(name))).not.toMatch(/\\ud[89ab]/i);
    },
  );

  test("the parser still works after them", () => {
    expect(parse("[G] Show - 04.mkv").episode).toBe(4);
  });
});

test("Anitomy leaves no handlers behind that would end the process at every stray error", () => {
  const listeners = [...process.listeners("uncaughtException"), ...process.listeners("unhandledRejection")];
  expect(listeners.map(String).filter((source) => source.includes("throw"))).toEqual([]);
});

test("a search does not care for case, width or composition", () => {
  expect(foldSearch("Ｆａｔｅ／Zero")).toBe(foldSearch("fate/zero"));
  expect(foldSearch("Cafe\u0301")).toBe(foldSearch("CAF\u00c9"));
});
