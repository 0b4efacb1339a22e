import { describe, expect, test } from "bun:test";
import { nameOf, workOf } from "../../../plugins/matching/names.ts";
import { wiki } from "./wiki.ts";

const texts = (names: readonly { text: string }[]): string[] => names.map(({ text }) => text);
const shortForms = (...names: string[]): string[] =>
  texts(
    workOf({ ...wiki.kOn, name: names[0]!, name_cn: "", aliases: names.slice(1) }).names.filter((one) => one.short),
  );

describe("nameOf", () => {
  test("holds every form of a name that is compared", () => {
    expect(nameOf("Mushoku Tensei II: Isekai Ittara Honki Dasu part 2")).toEqual({
      text: "Mushoku Tensei II: Isekai Ittara Honki Dasu part 2",
      folded: "mushokutenseiiiisekaiittarahonkidasupart2",
      romaji: "mushokutenseiisekaittarahonkidasupart2",
      base: "Mushoku Tensei : Isekai Ittara Honki Dasu",
      foldedBase: "mushokutenseiisekaiittarahonkidasu",
      romajiBase: "mushokutenseisekaittarahonkidasu",
      season: 2,
      part: 2,
      weak: true,
      latin: true,
      short: false,
    });
  });

  test.each([
    ["葬送的芙莉莲 第二季", 2, false],
    ["進撃の巨人 Season 2", 2, false],
    ["狼と香辛料Ⅱ", 2, true],
    ["この素晴らしい世界に祝福を！2", 2, true],
    ["葬送のフリーレン", null, false],
  ])("%s says season %p, weakly: %p", (text, season, weak) => {
    expect(nameOf(text)).toMatchObject({ season, weak });
  });

  test("the same text is read once", () => {
    expect(nameOf("うる星やつら")).toBe(nameOf("うる星やつら"));
  });
});

describe("the names of a work", () => {
  test("are the wiki's Chinese and original name, its aliases, what else is known, and then the short forms", () => {
    const { names, primary } = workOf(wiki.spiceAndWolfOf2024, ["Ookami to Koushinryou (2024)"]);
    expect(texts(primary)).toEqual(["狼与香辛料 行商邂逅贤狼", "狼と香辛料 MERCHANT MEETS THE WISE WOLF"]);
    expect(texts(names)).toEqual([
      "狼与香辛料 行商邂逅贤狼",
      "狼と香辛料 MERCHANT MEETS THE WISE WOLF",
      "狼与香辛料 MERCHANT MEETS THE WISE WOLF",
      "Spice and Wolf: Merchant Meets the Wise Wolf",
      "Ookami to Koushinryou: Merchant Meets the Wise Wolf",
      "Ookami to Koushinryou (2024)",
      "Spice and Wolf",
      "Ookami to Koushinryou",
    ]);
  });

  test("hold each spelling once", () => {
    expect(texts(workOf(wiki.frieren, ["SOUSOU NO FRIEREN", "葬送的芙莉蓮"]).names)).toEqual([
      "葬送的芙莉莲",
      "葬送のフリーレン",
      "Frieren: Beyond Journey's End",
      "Sousou no Frieren",
    ]);
  });

  test("hold one spelling with other marks as a name of its own", () => {
    expect(texts(workOf(wiki.gintama3).names)).toContain("银魂°");
    expect(texts(workOf(wiki.maou2, ["打工吧！魔王大人"]).names)).toEqual(
      expect.arrayContaining(["打工吧！！魔王大人", "打工吧！魔王大人"]),
    );
  });

  test("hold no short form that is a name already", () => {
    expect(workOf(wiki.kaguya, ["Kaguya-sama wa Kokurasetai"]).names.map(({ folded }) => folded)).toHaveLength(
      new Set(workOf(wiki.kaguya, ["Kaguya-sama wa Kokurasetai"]).names.map(({ folded }) => folded)).size,
    );
  });

  test("hold none that is empty or of signs only", () => {
    expect(texts(workOf({ ...wiki.kOn, name_cn: "", aliases: ["！！"] }).names)).toEqual(["けいおん！"]);
  });
});

describe("a short form is what stands before", () => {
  test.each([
    ["a colon", "Spice and Wolf: Merchant Meets the Wise Wolf", "Spice and Wolf"],
    ["a wide colon", "海贼王特别篇：强者世界前传", "海贼王特别篇"],
    ["a wave", "かぐや様は告らせたい～天才たちの恋愛頭脳戦～", "かぐや様は告らせたい"],
    ["a Japanese wave", "銀魂篇章 〜何事も最初が肝心〜", "銀魂篇章"],
    ["a dash between spaces", "Kaguya-sama: Love Is War - The First Kiss", "Kaguya-sama"],
    ["a dash that a word begins with", "Re ZERO Kara -Starting Life in Another World-", "Re ZERO Kara"],
    ["text between two dashes", "辉夜大小姐想让我告白-超级浪漫-", "辉夜大小姐想让我告白"],
    ["a quotation", "進撃の巨人総集編「クロニクル」", "進撃の巨人総集編"],
    ["text in angle brackets", "魔法少女小圆<前篇>", "魔法少女小圆"],
  ])("%s", (_, name, short) => {
    expect(shortForms(name)).toEqual([short]);
  });

  test.each([
    ["no subtitle", "Sousou no Frieren"],
    ["a dash inside a word", "Hataraku Maou-sama"],
    ["seven Latin letters before it", "Re Zero: Memory Snow"],
    ["three Chinese characters before it", "航海王：强者天下"],
  ])("nothing with %s", (_, name) => {
    expect(shortForms(name)).toEqual([]);
  });

  test("the subtitle, its season with it", () => {
    const { names } = workOf(wiki.mushoku2);
    expect(names.filter(({ short }) => short).map(({ text, season }) => [text, season])).toEqual([
      ["无职转生II", 2],
      ["无职转生", null],
      ["Mushoku Tensei II", 2],
      ["Mushoku Tensei", null],
    ]);
  });
});

describe("a work's season and part", () => {
  test.each([
    ["its names say none", wiki.frieren, null, null],
    ["its Chinese name says it", wiki.kOn2, 2, null],
    ["its first season is numbered", wiki.fruitsBasket, 1, null],
    ["only an alias says it", wiki.maou2, 2, null],
    ["only an alias says the part", wiki.maou2Part2, 2, 2],
    ["one name says it outright and one by a numeral", wiki.spiceAndWolf2, 2, null],
    ["its own names say it by a numeral only", wiki.mushoku2, 2, null],
    ["its names say the part alone", wiki.mushokuPart2, null, 2],
  ])("when %s", (_, subject, season, part) => {
    expect(workOf(subject)).toMatchObject({ season, part });
  });

  test("are said outright rather than by a digit, whichever name comes first", () => {
    expect(workOf({ ...wiki.kOn, name_cn: "凸变英雄 2", name: "凸変英雄 第3期" }).season).toBe(3);
  });

  test("are the wiki's own rather than an alias's", () => {
    const aliases = ["K-ON! Season 3 Part 2"];
    expect(workOf({ ...wiki.kOn2, name: "けいおん 第1クール", aliases })).toMatchObject({ season: 2, part: 1 });
  });

  test("are not the first for an alias that says so, nor what a short form of a name says", () => {
    const aliases = ["Fruits Basket S1 Part 1", "Spice and Wolf II: Merchant"];
    expect(workOf({ ...wiki.kOn, aliases: [aliases[0]!] })).toMatchObject({ season: null, part: null });
  });
});
