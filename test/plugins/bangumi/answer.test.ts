import { describe, expect, test } from "bun:test";
import { Misshapen, readEpisode, readPage, readRelations, readSubject } from "../../../plugins/bangumi/answer.ts";

const SUBJECT = {
  id: 400602,
  type: 2,
  name: "葬送のフリーレン",
  name_cn: "葬送的芙莉莲",
  date: "2023-09-29",
  platform: "TV",
  eps: 28,
  total_episodes: 34,
  nsfw: false,
  images: { small: "s", grid: "g", large: "l", medium: "m", common: "c" },
  infobox: [{ key: "别名", value: [{ v: "Frieren" }] }],
  a_new_field: { deep: [1] },
};

describe("a subject", () => {
  test("is read, and all that was said is kept", () => {
    expect(readSubject(SUBJECT)).toEqual({
      ...{ id: 400602, name: "葬送のフリーレン", name_cn: "葬送的芙莉莲", aliases: ["Frieren"], platform: "TV" },
      ...{ date: "2023-09-29", eps: 28, total_episodes: 34, nsfw: false, image: "c", raw: SUBJECT },
    });
  });

  test("of which the wiki says next to nothing is read", () => {
    const bare = {
      name_cn: "",
      aliases: [],
      platform: "",
      date: null,
      eps: 0,
      total_episodes: 0,
      nsfw: false,
      image: null,
    };
    expect(readSubject({ id: 1, name: "" })).toMatchObject(bare);
    const nulls = {
      name_cn: null,
      date: null,
      platform: null,
      eps: null,
      total_episodes: null,
      nsfw: null,
      images: null,
      infobox: null,
    };
    expect(readSubject({ id: 1, name: "a", ...nulls })).toMatchObject(bare);
  });

  test.each<[string, object, object]>([
    ["a day of zeros", { date: "0000-00-00" }, { date: null }],
    ["a date without zeros", { date: "2008-4-6" }, { date: "2008-04-06" }],
    ["images as PHP's empty list", { images: [] }, { image: null }],
    ["empty images", { images: { common: "", large: "", medium: "" } }, { image: null }],
    ["images of another size only", { images: { large: "l" } }, { image: "l" }],
    ["a broken count", { eps: -1, total_episodes: 12.5 }, { eps: 0, total_episodes: 12 }],
    ["an infobox of another kind", { infobox: "text" }, { aliases: [] }],
  ])("with %s is read", (_kind, change, expected) => {
    expect(readSubject({ ...SUBJECT, ...change })).toMatchObject(expected);
  });

  test.each<[string, unknown]>([
    ["null", null],
    ["a list", []],
    ["a text", "x"],
    ["without an id", { name: "a" }],
    ["with the id 0", { ...SUBJECT, id: 0 }],
    ["with an id beyond numbers", { ...SUBJECT, id: 2 ** 31 }],
    ["without a name", { id: 1 }],
    ["with a number for a name", { ...SUBJECT, name: 1 }],
    ["with a list for a date", { ...SUBJECT, date: [] }],
  ])("that is %s is refused", (_kind, value) => {
    expect(() => readSubject(value)).toThrow(Misshapen);
  });

  test("that is refused says what is wrong, not what was sent", () => {
    expect(() => readSubject({ ...SUBJECT, date: ["<b>"] })).toThrow(/^\/date [^<]*$/);
  });
});

describe("an episode", () => {
  const EPISODE = { id: 1, subject_id: 2, type: 0, sort: 29, ep: 1, name: "a", name_cn: "b", airdate: "2026-1-2" };
  test("is read", () => {
    expect(readEpisode(EPISODE)).toEqual({ ...EPISODE, airdate: "2026-01-02" });
  });

  test("that is no main one has no place among them", () => {
    expect(readEpisode({ ...EPISODE, type: 1, sort: 7.5, ep: 7 })).toMatchObject({ sort: 7.5, ep: 0 });
  });

  test("without names, date and place is read", () => {
    expect(readEpisode({ id: 1, subject_id: 2, type: 0, sort: 0 })).toEqual({
      ...{ id: 1, subject_id: 2, type: 0, sort: 0, ep: 0, name: "", name_cn: "", airdate: null },
    });
  });

  test.each([{ sort: "1" }, { type: null }, { id: 1.5 }])("with %p is refused", (change) => {
    expect(() => readEpisode({ ...EPISODE, ...change })).toThrow(Misshapen);
  });
});

test("relations are read, whatever else they hold", () => {
  expect(
    readRelations([
      { id: 1, type: 2, relation: "续集", name: "a", name_cn: "b", images: null },
      { id: 2, type: 1 },
    ]),
  ).toEqual([
    { id: 1, type: 2, relation: "续集", name: "a", name_cn: "b" },
    { id: 2, type: 1, relation: "", name: "", name_cn: "" },
  ]);
  expect(readRelations([])).toEqual([]);
  expect(readRelations(null)).toEqual([]);
  expect(() => readRelations({ data: [] })).toThrow(Misshapen);
});

describe("a page", () => {
  const read = readPage(readSubject);
  test("holds items and how many there are in all", () => {
    expect(read({ data: [{ id: 1, name: "a" }], total: 30, limit: 1, offset: 0 })).toMatchObject({
      total: 30,
      items: [{ id: 1 }],
    });
  });

  test.each([{ data: [], total: 0 }, { data: null, total: 0 }, { data: [] }])("%p is empty", (page) => {
    expect(read(page)).toEqual({ items: [], total: 0 });
  });

  test("loses the items that cannot be read, and only those", () => {
    expect(read({ data: [{ id: 1, name: "a" }, { id: "x" }, null], total: 3 }).items.map(({ id }) => id)).toEqual([1]);
  });

  test("of which nothing can be read is refused, since it would look like an empty one", () => {
    expect(() => read({ data: [{ id: "x" }], total: 1 })).toThrow(Misshapen);
  });

  test.each([[{}], [[]], [null], [{ data: {} }], [{ data: [], total: "1" }], [{ title: "Error" }]])(
    "%p is refused",
    (page) => {
      expect(() => read(page)).toThrow(Misshapen);
    },
  );
});
