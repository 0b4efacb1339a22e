import { describe, expect, test } from "bun:test";
import type { Subject } from "../../../plugins/bangumi/model.ts";
import { workOf } from "../../../plugins/matching/names.ts";
import { type Ranked, rank, seasonOf, TIE } from "../../../plugins/matching/rank.ts";
import { scoreWork } from "../../../plugins/matching/score.ts";
import { titlesOf } from "../../../plugins/matching/titles.ts";
import type { Reading } from "../../../src/plugin.ts";
import { half, reading, titles } from "./subjects.ts";
import { wiki } from "./wiki.ts";

type Said = Partial<Reading>;

/** The season that a name says among these works, and the works as they are ranked for it. */
function among(subjects: readonly Subject[], title: string, more: Said = {}) {
  const read = reading({ titles: titles(title), ...more });
  const compared = titlesOf(read);
  const scores = subjects.map((subject) => scoreWork(workOf(subject), compared));
  const season = seasonOf(read, compared, scores);
  return { season, ranked: rank(scores, read, season) };
}

const order = (subjects: readonly Subject[], title: string, more?: Said): number[] =>
  among(subjects, title, more).ranked.map(({ score }) => score.work.subject.id);
const valueFor = (ranked: readonly Ranked[], { id }: Subject): number =>
  ranked.find(({ score }) => score.work.subject.id === id)!.value;

const kOn = [wiki.kOn2, wiki.kOn];
const fruitsBasket = [
  wiki.fruitsBasketFinal,
  wiki.fruitsBasket2,
  wiki.fruitsBasket,
  wiki.fruitsBasketOf2001,
  wiki.fruitsBasketPrelude,
];
const violet = [wiki.violetGaiden, wiki.violetFilm, wiki.violetRecap, wiki.violet];
const urusei = [wiki.urusei2, wiki.urusei, wiki.uruseiOf1981];
const mushoku = [wiki.mushoku2Part2, wiki.mushoku2, wiki.mushokuPart2, wiki.mushoku];
const gintama = [wiki.gintama4, wiki.gintama3, wiki.gintama2, wiki.gintama];
const overlord = [wiki.overlord, wiki.overlord2, wiki.overlord3, wiki.overlord4, wiki.overlordFilm];

describe("the best for", () => {
  test.each<[title: string, said: Said, subjects: readonly Subject[], best: Subject]>([
    ["K-ON!!", {}, kOn, wiki.kOn2],
    ["K-ON!", {}, kOn, wiki.kOn],
    ["K-ON", {}, kOn, wiki.kOn],
    ["けいおん", { season: 2 }, kOn, wiki.kOn2],
    ["銀魂", {}, gintama, wiki.gintama],
    ["銀魂'", {}, gintama, wiki.gintama2],
    ["銀魂°", {}, gintama, wiki.gintama3],
    ["銀魂.", {}, gintama, wiki.gintama4],
    ["Fruits Basket", {}, fruitsBasket, wiki.fruitsBasketOf2001],
    ["Fruits Basket", { season: 1 }, fruitsBasket, wiki.fruitsBasket],
    ["Fruits Basket", { year: 2019 }, fruitsBasket, wiki.fruitsBasket],
    ["水果篮子 最终季", {}, fruitsBasket, wiki.fruitsBasketFinal],
    ["Urusei Yatsura", { year: 2022 }, urusei, wiki.urusei],
    ["Urusei Yatsura", { year: 1981 }, urusei, wiki.uruseiOf1981],
    ["Urusei Yatsura (2022) 2nd Season", { season: 2, year: 2022 }, urusei, wiki.urusei2],
    ["Violet Evergarden", {}, violet, wiki.violet],
    ["Violet Evergarden the Movie", { kind: "movie", episode: null }, violet, wiki.violetFilm],
    ["紫罗兰永恒花园", { kind: "movie", episode: null }, violet, wiki.violetFilm],
    ["Mushoku Tensei", {}, mushoku, wiki.mushoku],
    ["Mushoku Tensei S2", { season: 2 }, mushoku, wiki.mushoku2],
    ["Mushoku Tensei II Part 2", { part: 2 }, mushoku, wiki.mushoku2Part2],
    ["OVERLORD 第四季", { season: 4 }, overlord, wiki.overlord4],
    ["OVERLORD Ⅳ", {}, overlord, wiki.overlord4],
    ["Higurashi no Naku Koro ni", {}, [wiki.higurashiGou, wiki.higurashiSotsu, wiki.higurashi], wiki.higurashi],
    [
      "Higurashi no Naku Koro ni",
      { year: 2020 },
      [wiki.higurashi, wiki.higurashiSotsu, wiki.higurashiGou],
      wiki.higurashiGou,
    ],
    ["Spice and Wolf", {}, [wiki.spiceAndWolfOf2024, wiki.spiceAndWolf2, wiki.spiceAndWolf], wiki.spiceAndWolf],
    ["打工吧！魔王大人", {}, [wiki.maou2Part2, wiki.maou2, wiki.maou], wiki.maou],
  ])("%s, saying %j, is the right one of its series", (title, said, subjects, best) => {
    expect(order(subjects, title, said)[0]).toBe(best.id);
  });
});

test("what is hardly alike is no candidate", () => {
  expect(order([wiki.kOn, wiki.frieren, wiki.reZeroBreak], "葬送的芙莉莲")).toEqual([wiki.frieren.id]);
  expect(order([wiki.kOn], "葬送的芙莉莲")).toEqual([]);
});

test("of works that are as likely the one that was shown first stands first, an undated one last", () => {
  const undated = { ...wiki.urusei, id: 1, date: null, platform: "WEB" };
  const shown = [
    { ...wiki.urusei, date: "2022-10-14", id: 2 },
    wiki.uruseiOf1981,
    { ...wiki.urusei, date: "1982-01-01", id: 3 },
  ];
  expect(order([undated, ...shown], "Urusei Yatsura")).toEqual([wiki.uruseiOf1981.id, 3, 2, 1]);
});

describe("an episode is hardly one of a film", () => {
  test("when a series fits as well", () => {
    const film = { ...wiki.violetFilm, name_cn: "京紫" };
    const alone = among([film], "京紫").ranked;
    const beside = among([film, wiki.violet], "京紫").ranked;
    expect(valueFor(alone, film) - valueFor(beside, film)).toBeCloseTo(0.12, 6);
  });

  test("however a series fits that is only somewhat alike", () => {
    const film = { ...wiki.violetFilm, name_cn: "Higurashi no Naku Koro ni Gou", id: 1 };
    const alone = among([film], "Higurashi no Naku Koro ni Gou").ranked;
    const beside = among([film, { ...wiki.higurashi, name_cn: "" }], "Higurashi no Naku Koro ni Gou").ranked;
    expect(valueFor(beside, film)).toBe(valueFor(alone, film));
  });
});

describe("a later season without its number in the name", () => {
  const gap = (subjects: readonly Subject[], of: Subject, title: string): number => {
    const { ranked } = among(subjects, title);
    return valueFor(ranked, of) - ranked.find(({ score }) => score.work.subject.id === of.id)!.score.full;
  };

  test("is as likely as its title when no other season has that one", () => {
    expect(gap([wiki.kaguya, wiki.kaguya3], wiki.kaguya3, "Kaguya-sama wa Kokurasetai Ultra Romantic")).toBe(0);
    expect(gap([wiki.kOn, wiki.kOn2], wiki.kOn2, "K-ON!!")).toBe(0);
  });

  test("is less likely when another season has it too", () => {
    expect(gap([wiki.kOn, wiki.kOn2], wiki.kOn2, "K-ON")).toBeCloseTo(-0.12, 6);
    expect(gap([wiki.titan, wiki.titan2], wiki.titan2, "自由之翼")).toBeCloseTo(-0.12, 6);
  });

  test("is as likely when only another series has it", () => {
    const titled = { ...wiki.titan2, aliases: ["自由之翼"] };
    const other = { ...wiki.frieren, aliases: ["自由之翼"] };
    expect(gap([other, titled], titled, "自由之翼")).toBe(0);
    expect(gap([{ ...other, aliases: ["Jiyuu no Tsubasa"] }, titled], titled, "自由之翼")).toBe(0);
  });
});

describe("a short form, or an alias that is the name of another work of the series, stays behind the whole name", () => {
  const behind = (subjects: readonly Subject[], title: string, more: Said, first: Subject, second: Subject): number => {
    const { ranked } = among(subjects, title, more);
    return valueFor(ranked, first) - valueFor(ranked, second);
  };

  test("of the work that has no more to its name", () => {
    expect(behind(fruitsBasket, "Fruits Basket", {}, wiki.fruitsBasketOf2001, wiki.fruitsBasketFinal)).toBeCloseTo(
      TIE,
      6,
    );
  });

  test("also when the folder's year speaks for it", () => {
    const spice = [wiki.spiceAndWolf, wiki.spiceAndWolfOf2024];
    const said = { folderYear: 2024 };
    expect(behind(spice, "Spice and Wolf", said, wiki.spiceAndWolf, wiki.spiceAndWolfOf2024)).toBeCloseTo(TIE, 6);
  });

  test("but not when the year of the name does", () => {
    expect(order(fruitsBasket, "Fruits Basket", { year: 2019 })[0]).toBe(wiki.fruitsBasket.id);
  });

  test("but not where the name and the wiki say that it is the first season", () => {
    expect(
      behind(fruitsBasket, "Fruits Basket", { season: 1 }, wiki.fruitsBasket, wiki.fruitsBasketOf2001),
    ).toBeCloseTo(0.02, 6);
  });

  test("but not where the name says the kind that only this one is of", () => {
    expect(order(violet, "Violet Evergarden", { kind: "movie", episode: null })[0]).toBe(wiki.violetFilm.id);
    const oad = { ...wiki.titanOad, aliases: ["Attack on Titan"] };
    expect(order([wiki.titan, oad], "Attack on Titan", { kind: "ova" })[0]).toBe(oad.id);
  });

  test("of another series not at all", () => {
    const other = { ...wiki.fruitsBasketFinal, name: "まったく別の話 完", name_cn: "", id: 1, aliases: ["Tohru"] };
    const first = { ...wiki.kOn, name: "Tohru", name_cn: "", id: 2, aliases: [] };
    const { ranked } = among([other, first], "Tohru");
    expect(valueFor(ranked, other)).toBe(ranked.find(({ score }) => score.work.subject.id === 1)!.score.full);
  });
});

describe("the season that a name says", () => {
  test.each<[what: string, title: string, said: Said, subjects: readonly Subject[], season: number | null]>([
    ["is the one said outright", "Overlord", { season: 3 }, overlord, 3],
    ["is none without a number", "OVERLORD", {}, overlord, null],
    ["is the trailing numeral of a title, where the wiki says the same", "OVERLORD IV", {}, overlord, 4],
    ["is the trailing digit of a title that is no name", "Sousou no Frieren 2", {}, [wiki.frieren], 2],
    [
      "is none where the title with its digit is a name",
      "異世界かるてっと2",
      {},
      [{ ...wiki.frieren, name: "異世界かるてっと2", name_cn: "" }, wiki.kOn2],
      2,
    ],
    [
      "is none where the digit belongs to the name",
      "Area 88 2",
      {},
      [{ ...wiki.frieren, name: "Vanguard", name_cn: "先导者", aliases: ["Area 88 2"] }],
      null,
    ],
    ["is the digit where the wiki agrees in another name", "Spice and Wolf II", {}, [wiki.spiceAndWolf2], 2],
    ["is not said outright before it is asked", "Overlord IV", { season: 2 }, overlord, 2],
  ])("%s", (_, title, said, subjects, season) => {
    expect(among(subjects, title, said).season).toBe(season);
  });

  test("is that of a title of its own rather than of a half", () => {
    const read = { titles: titles(half("Overlord 3"), "Sousou no Frieren 2") };
    expect(among([wiki.frieren], "", read).season).toBe(2);
    expect(among([wiki.frieren], "", { titles: titles(half("Overlord 3"), "Sousou no Frieren") }).season).toBe(3);
  });
});
