import { describe, expect, test } from "bun:test";
import type { Subject } from "../../../plugins/bangumi/model.ts";
import { workOf } from "../../../plugins/matching/names.ts";
import { AGREEMENT, type Score, scoreWork, worth } from "../../../plugins/matching/score.ts";
import { titlesOf } from "../../../plugins/matching/titles.ts";
import type { ReadTitle } from "../../../src/plugin.ts";
import { compared, half, reading, titles } from "./subjects.ts";
import { wiki } from "./wiki.ts";

const score = (subject: Subject, ...texts: (string | ReadTitle)[]): Score =>
  scoreWork(workOf(subject), compared(...texts));

describe("a title that is a name", () => {
  test("is exact, and says which name it met", () => {
    const { exact, toTheLetter, title, name, base } = score(wiki.frieren, "Sousou no Friiren", "Sousou no Frieren");
    expect({ exact, toTheLetter, base }).toEqual({ exact: true, toTheLetter: false, base: 1 });
    expect([title?.text, name?.text]).toEqual(["Sousou no Frieren", "Sousou no Frieren"]);
  });

  test("is so in another school of romaji", () => {
    expect(score(wiki.spiceAndWolf, "Ookami to Koushinryou")).toMatchObject({ exact: true });
    expect(score(wiki.spiceAndWolf, "Okami to Koshinryo").exact).toBe(true);
    expect(score(wiki.spiceAndWolf, "Okami to Koshinryo").full).toBeLessThan(
      score(wiki.spiceAndWolf, "Ookami to Koushinryou").full,
    );
  });

  test("says the more the longer it is, up to 24 letters, a Chinese character counting as two", () => {
    expect(score(wiki.violet, "京紫").full).toBeCloseTo(1 + 0.012 / 6, 6);
    expect(score(wiki.bakemonogatari, "Bakemonogatari").full).toBeCloseTo(1 + (0.012 * 14) / 24, 6);
    expect(score(wiki.mushoku, "Mushoku Tensei: Isekai Ittara Honki Dasu").full).toBeCloseTo(1.012, 6);
  });

  test("says more when it is the wiki's own name and no alias", () => {
    const [own, alias] = [score(wiki.titan, "进击的巨人"), score(wiki.titan, "自由之翼")];
    expect(own.full - (0.012 * 10) / 24).toBeCloseTo(1.011, 6);
    expect(alias.full - (0.012 * 8) / 24).toBeCloseTo(1, 6);
  });

  test("fits to the letter with its marks, which tells a season from another", () => {
    expect(score(wiki.kOn2, "K-ON!!")).toMatchObject({ exact: true, toTheLetter: true });
    expect(score(wiki.kOn, "K-ON!!")).toMatchObject({ exact: true, toTheLetter: false });
    expect(score(wiki.kOn2, "K-ON!!").full - score(wiki.kOn, "K-ON!!").full).toBeCloseTo(0.012, 6);
    expect(score(wiki.gintama2, "銀魂'").full).toBeGreaterThan(score(wiki.gintama3, "銀魂'").full);
  });

  test("does not fit to the letter without marks: releases drop them", () => {
    expect(score(wiki.kOn, "K-ON")).toMatchObject({ exact: true, toTheLetter: false });
    expect(score(wiki.kOn, "K-ON").full).toBe(score(wiki.kOn2, "K-ON").full);
  });

  test("fits the work better whose own name has no marks either", () => {
    expect(score(wiki.gintama, "銀魂").full - score(wiki.gintama4, "銀魂").full).toBeCloseTo(0.007, 6);
  });

  test("but for words of the season fits by its base, which is worth a little less", () => {
    const { full, base, exact } = score(wiki.kOn2, "轻音少女 S2");
    expect({ base, exact }).toEqual({ base: 1, exact: false });
    expect(worth({ full, base } as Score)).toBe(0.99);
    expect(worth(score(wiki.kOn2, "轻音少女 第二季"))).toBeGreaterThan(1);
  });
});

describe("a title that is nearly a name", () => {
  test("is not exact", () => {
    expect(score(wiki.kaguya, "Kaguya-sama wa Kokurasetai Tensai-tachi no Renai Zunosen!")).toMatchObject({
      exact: true,
    });
    expect(score(wiki.kaguya, "Kaguya-sama wa Kokurasetai Tensei-tachi no Renai Zunousen")).toMatchObject({
      exact: false,
    });
  });

  test.each([
    ["the film by the name of its series", wiki.violetFilm, "Violet Evergarden"],
    ["the series by the name of its film", wiki.violet, "Violet Evergarden the Movie"],
    ["the film by its name in Chinese", wiki.violetFilm, "紫罗兰永恒花园 剧场版"],
  ])("means %s, almost as if it were equal", (_, subject, title) => {
    expect(score(subject, title).full).toBeGreaterThanOrEqual(0.965);
    expect(score(wiki.violet, "Violet Evergarden the Movie")).toMatchObject({ full: 0.965, exact: false });
  });

  test("is not one because both are called a film", () => {
    expect(score({ ...wiki.violetFilm, name: "劇場版", name_cn: "", aliases: [] }, "电影").full).toBeLessThan(0.5);
    expect(score(wiki.konosubaFilm, "映画 この").full).toBeLessThan(0.9);
  });

  test("is a name without its subtitle: likely, for any season that has one", () => {
    for (const work of [wiki.kaguya, wiki.kaguya3])
      expect(score(work, "Kaguya-sama wa Kokurasetai")).toMatchObject({ full: 0.94, base: 0.94, exact: false });
    expect(score(wiki.kaguya, "Kaguya-sama wa Kokurasetai").name?.short).toBe(true);
  });

  test("gains nothing by being like such a short form", () => {
    const { full, name } = score(wiki.kaguya, "Kaguya-sama wa Kokurasetae");
    expect(name?.short ?? false).toBe(false);
    expect(full).toBeLessThan(0.9);
  });
});

describe("several titles", () => {
  test("that say the same agree, which is worth something", () => {
    const one = score(wiki.frieren, "葬送的芙莉莲");
    const both = score(wiki.frieren, "葬送的芙莉莲", "Frieren: Beyond Journey's End");
    expect(both.full - Math.max(one.full, 1.012)).toBeCloseTo(AGREEMENT, 6);
  });

  test("in one script agree as well", () => {
    const both = score(wiki.frieren, "Sousou no Frieren", "Frieren: Beyond Journey's End");
    expect(both.full).toBeCloseTo(1.012 + AGREEMENT, 6);
    expect(both.inBothScripts).toBe(false);
  });

  test("agree where one is equal and the other alike in another script, and not where it says something else", () => {
    expect(
      score(wiki.spiceAndWolfOf2024, "狼与香辛料 行商邂逅贤狼", "Ookami to Koushinryou Merchant Meets"),
    ).toMatchObject({
      inBothScripts: true,
    });
    const alone = score(wiki.violetGaiden, "紫罗兰永恒花园外传：永远与自动手记人偶");
    const other = score(
      wiki.violetGaiden,
      "紫罗兰永恒花园外传：永远与自动手记人偶",
      "Violet Evergarden Eien to Jidou Shuki Ningyou",
    );
    expect(other.inBothScripts).toBe(false);
    expect(other.full).toBe(alone.full);
  });

  test("are not alike in both scripts where one says more than any name", () => {
    expect(score(wiki.higurashi, "寒蝉鸣泣之时", "Higurashi no Naku Koro ni Gou").inBothScripts).toBe(false);
    expect(score(wiki.higurashiGou, "寒蝉鸣泣之时 业", "Higurashi no Naku Koro ni").inBothScripts).toBe(true);
  });

  test("count for what each is worth: the file's before the folder's", () => {
    const read = reading({ titles: titles("Violet Evergarden"), folderTitles: titles("K-ON!") });
    expect(scoreWork(workOf(wiki.kOn), titlesOf(read)).full).toBeLessThan(0.97);
    expect(scoreWork(workOf(wiki.kOn), titlesOf(read)).base).toBe(0.94);
    expect(scoreWork(workOf(wiki.violet), titlesOf(read)).base).toBe(1);
  });

  test("of a folder do not speak in a second script", () => {
    const read = reading({ titles: titles("Sousou no Frieren"), folderTitles: titles("葬送的芙莉") });
    expect(scoreWork(workOf(wiki.frieren), titlesOf(read)).inBothScripts).toBe(false);
  });
});

describe("the halves of a text", () => {
  test("that are both a name are together a whole one", () => {
    const both = score(
      wiki.mushoku,
      "无职转生_Mushoku Tensei",
      half("无职转生～到了异世界就拿出真本事～"),
      half("Mushoku Tensei: Isekai Ittara Honki Dasu"),
    );
    expect(both.full).toBeCloseTo(0.975 + AGREEMENT, 6);
    expect(both.base).toBe(0.975);
  });

  test.each([
    ["a scrap of three letters", "BKM", 0.952],
    ["a word of four", "Kizu", 0.885],
    ["one long word", "Monogatari", 0.885],
    ["what tells a season", "Monogatari Season 2", 0.885],
    ["what tells a sequel", "Monogatari Next", 0.885],
    ["the title in another language", "Ghost Story", 0.9516],
  ])("are worth less when one is a name and the other %s", (_, other, full) => {
    const { full: found, exact } = score(
      wiki.bakemonogatari,
      `Bakemonogatari ${other}`,
      half("Bakemonogatari"),
      half(other),
    );
    expect(exact).toBe(true);
    expect(found).toBeCloseTo(full, 3);
  });

  test.each([
    ["of three characters", "骨傲天", 0.885, 0.9],
    ["of four", "骨傲天王", 0.9594, 0.945],
    ["that tells a sequel", "骨傲天王续", 0.885, 0.9],
  ])("are worth less when one is a name and the other a Chinese text %s", (_, other, full, base) => {
    const found = score(wiki.overlord, half(other), half("OVERLORD"));
    expect(found.full).toBeCloseTo(full, 3);
    expect(found.base).toBeCloseTo(base, 6);
  });

  test.each([
    ["shorter than six Latin letters", wiki.kOn, "轻音少年们 K-ON", "K-ON", "轻音少年们"],
    [
      "a single Chinese character",
      { ...wiki.higurashiGou, aliases: ["业"] },
      "业 Karma of Cicadas",
      "业",
      "Karma of Cicadas",
    ],
    [
      "less than half as long as the rest in its script",
      wiki.bakemonogatari,
      "Bakemonogatari Tales of Ghosts and Monsters Retold",
      "Bakemonogatari",
      "Tales of Ghosts and Monsters Retold",
    ],
  ])("are worth less where the name is %s", (_, subject, whole, name, other) => {
    expect(score(subject, whole, half(name), half(other)).full).toBe(0.885);
  });

  test("are worth no less where the rest is long in the other script", () => {
    const found = score(wiki.bakemonogatari, "化け Tales", half("Bakemonogatari"), half("青年与怪异相遇的种种故事集"));
    expect(found.full).toBeGreaterThan(0.94);
  });

  test("are worth no less where the whole text, or another title, is a name", () => {
    expect(score(wiki.kOn, "轻音少女", "K-ON Live", half("K-ON"), half("Live")).full).toBeGreaterThan(1);
  });
});

test("what shares nothing with a work is worth nothing", () => {
  expect(score(wiki.kOn, "Sousou no Frieren", "葬送的芙莉莲")).toMatchObject({ exact: false, inBothScripts: false });
  expect(worth(score(wiki.kOn, "Sousou no Frieren"))).toBeLessThan(0.3);
  expect(score(wiki.kOn)).toMatchObject({ full: 0, base: 0, title: null, name: null });
});
