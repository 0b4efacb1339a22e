import { describe, expect, test } from "bun:test";
import type { Subject } from "../../../plugins/bangumi/model.ts";
import { workOf } from "../../../plugins/matching/names.ts";
import { type Score, scoreWork } from "../../../plugins/matching/score.ts";
import { type Saying, weigh } from "../../../plugins/matching/weigh.ts";
import { compared, reading } from "./subjects.ts";
import { wiki } from "./wiki.ts";

interface Around {
  seriesFits?: boolean;
  alone?: boolean;
}

const score = (subject: Subject, title: string): Score => scoreWork(workOf(subject), compared(title));

/** What the name says beside the title changes the likeness by this much. */
function change(
  subject: Subject,
  title: string,
  said: Partial<Saying>,
  { seriesFits = false, alone = false }: Around = {},
) {
  const of = score(subject, title);
  return weigh(of, { ...reading(), ...said }, seriesFits, alone) - of.full;
}

/** The value where the title fits but for its season: it has none of the likeness of whole titles. */
const value = (subject: Subject, title: string, said: Partial<Saying>): number =>
  weigh(score(subject, title), { ...reading(), ...said }, false, false);

test("a title that says all there is to say counts as it is", () => {
  expect(change(wiki.frieren, "葬送的芙莉莲", {})).toBe(0);
});

describe("a later season in the name", () => {
  test.each([
    ["is the work's own", wiki.kOn2, "K-ON!!", 2, 0.005],
    ["is one that only an alias gives the work", wiki.maou2, "打工吧！！魔王大人", 2, 0],
    ["is another than the work's", wiki.overlord3, "OVERLORD 第三季", 4, -0.25],
    ["is not the first one's", wiki.fruitsBasket, "水果篮子 第一季", 2, -0.25],
    ["may be that of a work without a number", wiki.frieren, "葬送的芙莉莲", 2, -0.06],
  ])("when it %s", (_, subject, title, season, by) => {
    expect(change(subject, title, { season })).toBeCloseTo(by, 6);
  });

  test("makes up for a title that fits but for the season", () => {
    expect(value(wiki.frieren2, "葬送的芙莉莲 S2", { season: 2 })).toBeCloseTo(0.995 + 0.005, 6);
    expect(value(wiki.frieren, "葬送的芙莉莲 S2", { season: 2 })).toBeCloseTo(0.93, 6);
  });
});

describe("no later season in the name", () => {
  test.each([
    ["speaks against a later one", wiki.kOn2, "K-ON", {}, -0.12],
    [
      "says nothing when no other season has this title",
      wiki.kaguya3,
      "Kaguya-sama wa Kokurasetai Ultra Romantic",
      { alone: true },
      0,
    ],
    [
      "says nothing when the title has the season's digit in it",
      wiki.konosuba2,
      "この素晴らしい世界に祝福を！2",
      {},
      0,
    ],
  ])("%s", (_, subject, title, around, by) => {
    expect(change(subject, title, { season: null }, around)).toBeCloseTo(by, 6);
  });

  test("speaks against it also when the title has its digit and is only like its name", () => {
    expect(change(wiki.konosuba2, "Kono Subarashii Sekai ni Shukufuku 2", { season: null })).toBeLessThan(-0.02);
  });

  test("a title that fits but for the season is worth 0.93 of it", () => {
    expect(value(wiki.fruitsBasket, "水果篮子 Season 1", {})).toBeCloseTo(0.93, 6);
  });

  test.each([
    ["Both saying the first one is worth something: a remake beside an old show", wiki.fruitsBasket, 1, 0.02],
    ["The name alone saying it is not", wiki.fruitsBasketOf2001, 1, 0],
    ["The work alone saying it is not", wiki.fruitsBasket, null, 0],
  ])("%s", (_, subject, season, by) => {
    expect(change(subject, "Fruits Basket", { season })).toBeCloseTo(by, 6);
  });
});

describe("a part", () => {
  const title = "无职转生～到了异世界就拿出真本事～";
  test.each([
    ["of both is worth something", wiki.mushokuPart2, `${title} 第2部分`, 2, 0.01],
    ["of the name alone speaks against a work", wiki.mushoku, title, 2, -0.04],
    ["of the work alone speaks against it", wiki.mushokuPart2, "Mushoku Tensei", null, -0.06],
    ["of another number speaks against it", wiki.mushokuPart2, `${title} 第2部分`, 3, -0.04],
    ["of the work that the title has in it says nothing", wiki.mushokuPart2, `${title} 第2部分`, null, 0],
    ["that is the first says nothing", wiki.mushoku, title, 1, 0],
  ])("%s", (_, subject, name, part, by) => {
    expect(change(subject, name, { part })).toBeCloseTo(by, 6);
  });

  test("makes up for a title that fits but for the part", () => {
    expect(value(wiki.mushokuPart2, `${title} Part 2`, { part: 2 })).toBeCloseTo(0.99 + 0.01, 6);
  });
});

describe("an episode", () => {
  test.each([
    ["is one of a series", wiki.violet, "紫罗兰永恒花园", { episode: 3 }, {}, 0],
    ["is hardly one of a film", wiki.violetFilm, "Violet Evergarden the Movie", { episode: 1 }, {}, -0.03],
    [
      "is not one of a film when a series fits as well",
      wiki.violetFilm,
      "Violet Evergarden the Movie",
      { episode: 1 },
      { seriesFits: true },
      -0.15,
    ],
    [
      "is not one of a film when it is the second",
      wiki.violetFilm,
      "Violet Evergarden the Movie",
      { episode: 2 },
      {},
      -0.15,
    ],
    ["may be one of an OVA", wiki.titanOad, "进击的巨人 OAD", { episode: 3 }, {}, 0],
    [
      "is rather not one of an OVA when a series fits as well",
      wiki.titanOad,
      "进击的巨人 OAD",
      { episode: 3 },
      { seriesFits: true },
      -0.05,
    ],
    [
      "is not one of an OVA that has fewer",
      wiki.titanOad,
      "进击的巨人 OAD",
      { episode: 4 },
      { seriesFits: true },
      -0.12,
    ],
    [
      "may be one of an OVA of a length nobody knows",
      { ...wiki.titanOad, eps: 0 },
      "进击的巨人 OAD",
      { episode: 4 },
      {},
      -0.015,
    ],
    [
      "is not one of what is neither series nor film nor OVA",
      { ...wiki.violet, platform: "" },
      "紫罗兰永恒花园",
      { episode: 3 },
      {},
      -0.1,
    ],
  ])("%s", (_, subject, title, said, around, by) => {
    expect(change(subject, title, said, around)).toBeCloseTo(by, 6);
  });

  test("that is a special says nothing of the platform", () => {
    expect(change(wiki.violetFilm, "Violet Evergarden the Movie", { kind: "special", episode: 2 })).toBe(0);
  });
});

describe("the word", () => {
  test.each([
    ["OVA speaks for one", wiki.titanOad, "进击的巨人 OAD", { kind: "ova" }, 0.02],
    ["OVA speaks against a series", wiki.titan, "进击的巨人", { kind: "ova" }, -0.15],
    [
      "OVA speaks against a film, once",
      wiki.violetFilm,
      "Violet Evergarden the Movie",
      { kind: "ova", episode: 2 },
      -0.15,
    ],
    ["movie speaks for one", wiki.violetFilm, "Violet Evergarden the Movie", { kind: "movie", episode: null }, 0.02],
    [
      "movie says nothing against what television showed once",
      wiki.violetRecap,
      "紫罗兰永恒花园 特别编集版",
      { kind: "movie", episode: null },
      0,
    ],
    ["movie speaks against a series", wiki.violet, "紫罗兰永恒花园", { kind: "movie", episode: null }, -0.12],
  ] as const)("%s", (_, subject, title, said, by) => {
    expect(change(subject, title, said)).toBeCloseTo(by, 6);
  });

  test("OVA makes up for a title that fits but for the season", () => {
    expect(value({ ...wiki.kaguyaOva, name_cn: "K-ON", aliases: [] }, "K-ON S2", { kind: "ova" })).toBeCloseTo(0.99, 6);
  });
});

describe("a file that says neither kind nor episode", () => {
  const said = { kind: "unknown", episode: null } as const;
  test.each([
    ["is hardly a whole series", wiki.violet, "紫罗兰永恒花园", -0.03],
    ["may be what television showed once", wiki.violetRecap, "紫罗兰永恒花园 特别编集版", 0],
    ["may be a film", wiki.violetFilm, "Violet Evergarden the Movie", 0],
    ["is hardly a series of a length nobody knows", { ...wiki.violet, eps: 0 }, "紫罗兰永恒花园", -0.03 - 0.015],
  ])("%s", (_, subject, title, by) => {
    expect(change(subject, title, said)).toBeCloseTo(by, 6);
  });
});

describe("the year", () => {
  test.each([
    ["of the name is the work's", wiki.urusei, "Urusei Yatsura", { year: 2022 }, 0.03],
    ["of the name is the next", wiki.urusei, "Urusei Yatsura", { year: 2023 }, -0.02],
    ["of the name is the one before", wiki.urusei, "Urusei Yatsura", { year: 2021 }, -0.02],
    ["of the name is two away", wiki.urusei, "Urusei Yatsura", { year: 2024 }, -0.15],
    ["of the name is another show's", wiki.uruseiOf1981, "Urusei Yatsura", { year: 2022 }, -0.15],
    ["of the folder is the work's", wiki.urusei, "Urusei Yatsura", { folderYear: 2022 }, 0.015],
    ["of the folder is the next", wiki.urusei, "Urusei Yatsura", { folderYear: 2023 }, 0],
    ["of the folder is two away", wiki.urusei, "Urusei Yatsura", { folderYear: 2024 }, -0.12],
    [
      "of the folder is another's and that of the name the work's",
      wiki.urusei,
      "Urusei Yatsura",
      { year: 2022, folderYear: 1981 },
      0.03,
    ],
    [
      "of the folder speaks of the first season",
      wiki.fruitsBasket,
      "Fruits Basket",
      { folderYear: 2019, season: 1 },
      0.02 + 0.015,
    ],
  ])("when that %s", (_, subject, title, said, by) => {
    expect(change(subject, title, said)).toBeCloseTo(by, 6);
  });

  test("of the show stands beside a later season at times: of an older one it is no help, and no harm", () => {
    const by = (year: number) => change(wiki.urusei2, "Urusei Yatsura 2nd season", { season: 2, year }) - 0.005;
    expect(by(1981)).toBeCloseTo(-0.02, 6);
    expect(by(2022)).toBeCloseTo(-0.02, 6);
    expect(by(2024)).toBeCloseTo(0.03, 6);
    expect(by(2026)).toBeCloseTo(-0.15, 6);
  });

  test("of the folder says nothing of a later season", () => {
    expect(change(wiki.urusei2, "Urusei Yatsura 2nd season", { season: 2, folderYear: 2022 })).toBeCloseTo(0.005, 6);
  });
});

describe("what the wiki hardly knows yet", () => {
  test("is less likely without a date, which no year is held against", () => {
    expect(change({ ...wiki.urusei, date: null }, "Urusei Yatsura", { year: 1981 })).toBeCloseTo(-0.03, 6);
    expect(change({ ...wiki.urusei, date: null }, "Urusei Yatsura", { folderYear: 1981 })).toBeCloseTo(-0.03, 6);
  });

  test("is less likely without a number of episodes, unless it is a film", () => {
    expect(change({ ...wiki.violet, eps: 0 }, "紫罗兰永恒花园", {})).toBeCloseTo(-0.015, 6);
    const said = { kind: "unknown", episode: null } as const;
    expect(change({ ...wiki.violetFilm, eps: 0 }, "Violet Evergarden the Movie", said)).toBe(0);
  });
});
