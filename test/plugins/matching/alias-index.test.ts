import { describe, expect, test } from "bun:test";
import { aliasIndexOf, loadAliasIndex } from "../../../plugins/matching/alias-index.ts";
import { aliasRow, packAliases, unpackAliases } from "../../../plugins/matching/aliases/works.ts";

const row = (bangumi: number, ...titles: string[]) =>
  aliasRow({ bangumi, platform: "TV", date: "", anilist: [bangumi + 1], myanimelist: [] }, titles);
const rows = [
  row(1, "かぐや様は告らせたい", "辉夜大小姐想让我告白", "kaguya sama wa kokurasetai"),
  row(2, "かぐや様は告らせたい 2期", "kaguya sama wa kokurasetai 2nd season"),
  row(3, "転生したら第七王子だったので", "tensei shitara dainana ouji datta node kimama ni majutsu wo kiwamemasu"),
  row(4, "K", "K"),
];
const index = aliasIndexOf(rows);
const ids = (works: { subjectId: number }[]) => works.map(({ subjectId }) => subjectId);

describe("exact", () => {
  test.each([
    ["輝夜姬", []],
    ["輝夜大小姐想讓我告白", [1]],
    ["Kaguya-sama wa Kokurasetai", [1, 2]],
    ["Kaguya-sama wa Kokurasetai S2", [2, 1]],
    ["kaguyasama ha kokurasetai", []],
    ["", []],
  ] satisfies [string, number[]][])("%j names %j", (title, found) => {
    expect(ids(index.exact(title)).toSorted()).toEqual(found.toSorted());
  });

  test("gives at most 30 works", () => {
    const many = aliasIndexOf(Array.from({ length: 40 }, (_, at) => row(at, "One Title")));
    expect(many.exact("One Title")).toHaveLength(30);
  });
});

describe("similar", () => {
  test.each([
    ["a title spelled another way", "Kaguya-sama ha Kokurase Tai", 1],
    ["a long title cut short", "Tensei Shitara Dai Nana Ouji", 3],
    ["a title that goes on", "Kaguya-sama wa Kokurasetai - First Kiss", 1],
  ])("finds %s", (_, title, id) => {
    expect(ids(index.similar(title))).toContain(id);
  });

  test.each([["Kimi no Na wa"], ["K"], ["辉夜大小姐"], [""]])("finds nothing for %j", (title) => {
    expect(index.similar(title)).toEqual([]);
  });

  test("gives each work once, the nearest first, and at most 8", () => {
    const many = aliasIndexOf([
      ...Array.from({ length: 20 }, (_, at) =>
        row(at, `Sousou no Frieren ${"x".repeat(at + 1)}`, `Sousou no Furiren ${"x".repeat(at + 1)}`),
      ),
      row(99, "Sousou no Frieren"),
    ]);
    const found = ids(many.similar("Sousou no Frieren"));
    expect(found[0]).toBe(99);
    expect(found).toHaveLength(8);
    expect(new Set(found).size).toBe(8);
  });
});

test("a work is known by its id and by those of other sites", () => {
  expect(index.work(3)).toEqual({ subjectId: 3, titles: rows[2]![5], platform: "TV", date: null });
  expect(index.work(5)).toBeNull();
  expect(index.subjectFor("anilist", "4")).toBe(3);
  expect(index.subjectFor("myanimelist", "4")).toBeUndefined();
});

test("the file holds what was packed, and the same rows make the same bytes", () => {
  expect(unpackAliases(packAliases(rows))).toEqual(rows);
  expect(packAliases(rows)).toEqual(packAliases(structuredClone(rows)));
});

describe("the carried index", () => {
  test("is loaded once", () => {
    expect(loadAliasIndex()).toBe(loadAliasIndex());
  });

  test.each([
    ["葬送的芙莉蓮", 400602],
    ["Sousou no Frieren", 400602],
    ["Toukyou Ghoul", 93714],
    ["Eris no Seihai", 520642],
    ["Silent Witch", 506677],
    ["Nigetsuri", 604307],
  ])("%s names %i", async (title, id) => {
    const carried = await loadAliasIndex();
    expect(ids([...carried.exact(title), ...carried.similar(title)])).toContain(id);
  });

  test("knows the ids of other sites", async () => {
    const carried = await loadAliasIndex();
    expect(carried.subjectFor("anilist", "154587")).toBe(400602);
    expect(carried.subjectFor("myanimelist", "52991")).toBe(400602);
    expect(carried.work(400602)).toMatchObject({ platform: "TV", date: "2023-09-29" });
  });
});
