import { describe, expect, test } from "bun:test";
import {
  earliestWithTitle,
  likeInBothScripts,
  nothingElseIsNear,
  ofThePart,
  ofTheSeason,
  ofTheYear,
  onlyOneBeginsSo,
  theOvaOf,
} from "../../../plugins/matching/place-season.ts";
import type { Case, Placed } from "../../../plugins/matching/placing.ts";
import { type Change, caseOf, openWiki, outcome, type Said, shelf } from "./case.ts";
import { half } from "./subjects.ts";

type Step = (file: Case, placed: Placed) => Promise<void>;

/** What is left of a file before and after a step. */
async function steppedBy(step: Step, said: Said, ...changes: Change[]) {
  const { file, placed } = await caseOf(said, openWiki(...changes));
  const before = outcome(placed);
  await step(file, placed);
  return { before, after: outcome(placed) };
}
/** Moved to a work, noted or left to a person. */
const told = async (...args: Parameters<typeof steppedBy>) => {
  const { before, after } = await steppedBy(...args);
  return { from: before.id, to: after.id, said: [...after.notes, ...after.against.map((what) => `but ${what}`)] };
};
const expectNothing = async (...args: Parameters<typeof steppedBy>) => {
  const { before, after } = await steppedBy(...args);
  expect(after).toEqual(before);
};

describe("a title that stops in the middle of a name", () => {
  const LOOP = "Loop 7-kaime no Akuyaku Reijou";
  const LOP = `Lop 7-kaime no Akuyaku Reijou to ${"watashi ".repeat(12)}`;
  const loop = shelf.loop7;
  const sequel = { ...loop, id: 9001, name: `${loop.name} 第2期`, name_cn: "", relations: [`前传 ${loop.id}`] };

  test("is enough when only one series begins so", async () => {
    const { before, after } = await steppedBy(onlyOneBeginsSo, { titles: [LOOP] });
    expect(before.confidence).toBeLessThan(0.9);
    expect(after).toEqual({ id: loop.id, confidence: 0.905, notes: ["the only series that begins so"], against: [] });
  });

  test("is enough for a later season that says so", async () => {
    const aliases = loop.aliases.map((alias) => `${alias} Season 2`);
    const second = { ...sequel, aliases };
    expect(await told(onlyOneBeginsSo, { titles: [`${LOOP} S2`], season: 2 }, second)).toMatchObject({
      to: second.id,
      said: ["the only series that begins so"],
    });
  });

  test.each<[string, Partial<Said>, ...Change[]]>([
    ["the name has a year, which tells more", { year: 2024 }],
    ["it is cut out of a longer text", { titles: [half(`${LOOP} wa, Moto Tekikoku de Jiyuukimama na`)] }],
    [
      "another series begins so, spelling aside",
      {},
      { ...loop, id: 9001, name: LOP, name_cn: "", aliases: ["A Loop 7"] },
    ],
    ["it is too short", { titles: ["Loop 7-kaime"] }],
    ["it says a later season and the work none", { season: 2 }],
    ["the work follows another one", {}, { id: loop.id, relations: ["前传 1424"] }],
    ["the work is a season of a number", {}, { id: loop.id, name_cn: "轮回七次 第二季" }],
    ["the work is a part", {}, { id: loop.id, name_cn: "轮回七次 第2部分" }],
    ["it is an episode, and the work a film", {}, { id: loop.id, platform: "剧场版" }],
    ["the work was not made yet", {}, { id: loop.id, eps: 0 }],
  ])("is not enough when %s", async (_, said, ...changes) => {
    await expectNothing(onlyOneBeginsSo, { titles: [LOOP], ...said }, ...changes);
  });

  test("is that of a film when it is no episode", async () => {
    const film = { id: loop.id, platform: "剧场版", eps: 1 };
    const said = { titles: [LOOP], kind: "movie", episode: null } satisfies Said;
    expect((await told(onlyOneBeginsSo, said, film)).said).toEqual(["the only series that begins so"]);
  });
});

describe("a long Latin title that is nearly a name", () => {
  const titles = ["Onegai Melody Sweet Tales"];
  const melody = {
    ...shelf.loop7,
    id: 9100,
    name: "おねがい",
    name_cn: "",
    aliases: ["Onegai Melody Suitto Tales"],
    relations: [],
  };

  test("is enough when nothing else is near", async () => {
    const { before, after } = await steppedBy(nothingElseIsNear, { titles }, melody);
    expect(before.confidence).toBeLessThan(0.9);
    expect(after).toEqual({ id: melody.id, confidence: 0.905, notes: ["nothing else is near"], against: [] });
  });

  test("is enough for a later season that the work says as well", async () => {
    const second = { ...melody, aliases: ["Onegai Melody Suitto Tales Season 2"] };
    expect(
      (await told(nothingElseIsNear, { titles: ["Onegai Melody Sweet Tales S2"], season: 2 }, second)).said,
    ).toEqual(["nothing else is near"]);
  });

  test.each<[string, Partial<Said>, ...Change[]]>([
    ["it is short", { titles: ["Ai no Sweets"] }, { ...melody, aliases: ["Ai no Suitts"] }],
    ["it is not that near", { titles: ["Onegai Melody Sweeping Tail"] }, melody],
    [
      "another series is near, too",
      {},
      melody,
      { ...melody, id: 9101, name: "ネガイ", aliases: ["The Onegai Melody Sweet Talles"] },
    ],
    ["it says a later season and the work none", { season: 2 }, melody],
    ["the work follows another one", {}, { ...melody, relations: ["前传 1424"] }],
    ["the work is a season of a number", {}, { ...melody, name_cn: "甜梦 第二季" }],
  ])("is not enough when %s", async (_, said, ...changes) => {
    await expectNothing(nothingElseIsNear, { titles, ...said }, ...changes);
  });
});

describe("titles in two scripts that are both alike", () => {
  const { slime300: first, slime300Season2: second } = shelf;
  const CHINESE = "持续狩猎史莱姆三百年,不知不觉就练到满级";
  const LATIN = "Slime Taoshite 300-nen, Shiranai Uchi ni Level Max";
  const later: Said = { titles: [`${CHINESE} 第二季`, `${LATIN} ni Nattemashita Sono Ni`], season: 2 };

  test.each<[string, number, Said]>([
    ["a first season", first.id, { titles: [CHINESE, LATIN] }],
    ["a later season that is said", second.id, later],
  ])("are enough for %s", async (_, id, said) => {
    const { before, after } = await steppedBy(likeInBothScripts, said);
    expect(before).toMatchObject({ id, notes: [] });
    expect(before.confidence).toBeLessThan(0.9);
    expect(after).toEqual({ id, confidence: 0.905, notes: ["titles in two scripts are alike"], against: [] });
  });

  test.each<[string, Said, ...Change[]]>([
    ["only one of them is", { titles: [CHINESE] }],
    ["another season is said", { ...later, season: 3 }],
    ["the work follows another one", { titles: [CHINESE, LATIN] }, { id: first.id, relations: ["前传 1424"] }],
    ["the work is of a number", { titles: [CHINESE, LATIN] }, { id: first.id, name_cn: "史莱姆 第二季" }],
  ])("are not enough where %s", async (_, said, ...changes) => {
    await expectNothing(likeInBothScripts, said, ...changes);
  });
});

describe("the year that a name gives", () => {
  const { danDaDan, danDaDan2, onePiece, overlord, frieren } = shelf;

  test("is that of a later season", async () => {
    const { after } = await steppedBy(ofTheYear, { titles: ["Dan Da Dan"], year: 2025 });
    expect(after).toEqual({ id: danDaDan2.id, confidence: 0.95, notes: ["the season of 2025"], against: [] });
  });

  test.each<[string, Said, string]>([
    ["before it", { titles: ["One Piece"], year: 1998 }, "it is of 1999, the name says 1998"],
    ["after the end of a long show", { titles: ["One Piece"], year: 2030 }, "it is of 1999, the name says 2030"],
    ["that two seasons share", { titles: ["Overlord"], year: 2018 }, "it is of 2015, the name says 2018"],
    ["of no season", { titles: ["Dan Da Dan"], year: 2026 }, "it is of 2024, the name says 2026"],
  ])("%s speaks against a series", async (_, said, against) => {
    expect(await told(ofTheYear, said)).toMatchObject({ said: [`but ${against}`] });
  });

  test.each<[string, Said, ...Change[]]>([
    ["of the first showing", { titles: ["Dan Da Dan"], year: 2024 }],
    ["in which a long show was still running", { titles: ["One Piece"], year: onePiece.eps / 40 + 1999 - 1.05 }],
    ["after that of a show of more than half a year", { titles: ["Sousou no Frieren"], year: 2024 }],
    ["beside a later season", { titles: ["Dan Da Dan"], year: 2022, season: 2 }],
    ["of a film", { titles: ["Kimi no Na wa."], year: 2018 }],
    ["of a work without a date", { titles: ["Dan Da Dan"], year: 2022 }, { id: danDaDan.id, date: null }],
    ["that is none", { titles: ["Overlord"] }],
  ])("%s changes nothing", async (_, said, ...changes) => {
    await expectNothing(ofTheYear, said, ...changes);
  });

  test("lasts two years for forty-one episodes, and none for half a year of them", async () => {
    const said = (year: number) => ({ titles: ["Sousou no Frieren"], year }) satisfies Said;
    const [year, alone] = [2023, { id: frieren.id, relations: [] }];
    expect((await told(ofTheYear, said(year + 2), { ...alone, eps: 41 })).said).toEqual([]);
    expect((await told(ofTheYear, said(year + 3), { ...alone, eps: 41 })).said).toHaveLength(1);
    expect((await told(ofTheYear, said(year + 1), { ...alone, eps: 26 })).said).toHaveLength(1);
    expect((await told(ofTheYear, { titles: ["Overlord"], year: 2016 })).to).toBe(overlord.id);
  });
});

describe("a later season", () => {
  const { overlord4, reZero2, noragami2, fruitsBasketFinal } = shelf;
  const { higurashiGou, orphen4, spiceAndWolf2 } = shelf;
  const { fruitsBasketOf2001 } = shelf;

  test.each<[string, number, Said, string[], ...Change[]]>([
    ["by its own number", overlord4.id, { titles: ["不死者之王 第四季"], season: 4 }, ["season 4"]],
    [
      "the first of its parts, which share a title",
      reZero2.id,
      { titles: ["Re:从零开始的异世界生活"], season: 2 },
      ["season 2"],
    ],
    ["along the chain", noragami2.id, { titles: ["Noragami"], season: 2 }, ["season 2 of its series"]],
    [
      "of the one remake that has as many",
      fruitsBasketFinal.id,
      { titles: ["Fruits Basket"], season: 3 },
      ["season 3 of its series"],
    ],
    [
      "of a series of a year",
      fruitsBasketFinal.id,
      { titles: ["Fruits Basket"], season: 3, year: 2019 },
      ["season 3 of its series"],
    ],
    [
      "by its year",
      fruitsBasketFinal.id,
      { titles: ["Fruits Basket"], season: 3, year: 2021 },
      ["season 3 by its subtitle"],
    ],
    [
      "by its subtitle",
      orphen4.id,
      { titles: ["Majutsushi Orphen Hagure Tabi Seiiki Hen"], season: 4 },
      ["season 4 by its subtitle"],
    ],
    [
      "by its subtitle beside the title of the series",
      higurashiGou.id,
      { titles: ["寒蝉鸣泣之时 业", "寒蝉鸣泣之时"], season: 3 },
      ["season 3 by its subtitle"],
    ],
    [
      "of those with one title",
      shelf.orphen3.id,
      { titles: ["Majutsushi Orphen Hagure Tabi Kimluck Hen"], season: 3 },
      ["season 3 of those with this title"],
      { id: shelf.orphen3.id, aliases: ["Majutsushi Orphen Hagure Tabi: Kimluck Hen"] },
    ],
  ])("is found %s", async (_, to, said, notes, ...changes) => {
    expect(await told(ofTheSeason, said, ...changes)).toMatchObject({ to, said: notes });
  });

  test.each<[string, Said, string, ...Change[]]>([
    ["it is not known", { titles: ["Sousou no Frieren"], season: 5 }, "season 5 is not known"],
    ["no series of the year has it", { titles: ["Fruits Basket"], season: 2, year: 2001 }, "season 2 is not known"],
    [
      "two remakes have it",
      { titles: ["Fruits Basket"], season: 2 },
      "several series have a season 2",
      { id: fruitsBasketOf2001.id, relations: ["续集 9001"] },
      {
        ...fruitsBasketOf2001,
        id: 9001,
        name: "フルーツバスケット II",
        name_cn: "",
        aliases: [],
        date: "2003-01-01",
        relations: ["前传 880"],
      },
    ],
    ["the subtitle has a sequel", { titles: ["Idol Time PriPara"], season: 2 }, "it has a sequel of its own"],
    [
      "the subtitle has a sequel",
      { titles: ["Majutsushi Orphen Hagure Tabi Kimluck Hen"], season: 2 },
      "it has a sequel of its own",
    ],
    [
      "another season has its title",
      { titles: ["Majutsushi Orphen Hagure Tabi Seiiki Hen"], season: 3 },
      "another season has this title",
      { id: shelf.orphen3.id, aliases: ["Majutsushi Orphen Hagure Tabi: Seiiki Hen"] },
    ],
  ])("is left to a person where %s: %#", async (_, said, against, ...changes) => {
    expect((await told(ofTheSeason, said, ...changes)).said).toContain(`but ${against}`);
  });

  test("of a series has the likeness of the series' title", async () => {
    const { after } = await steppedBy(ofTheSeason, { titles: ["Noragami"], season: 2 });
    expect(after.confidence).toBe(0.975);
    const { after: worse } = await steppedBy(ofTheSeason, { titles: ["Noragamii to"], season: 2 });
    expect(worse.id).toBe(noragami2.id);
    expect(worse.confidence).toBeLessThan(0.9);
  });

  test.each<[string, Said]>([
    ["no season is said", { titles: ["Noragami"] }],
    ["the first season is said", { titles: ["Noragami"], season: 1 }],
    ["the best is a film", { titles: ["Kimi no Na wa."], season: 2, episode: null }],
  ])("is nobody's business where %s", async (_, said) => {
    await expectNothing(ofTheSeason, said);
  });

  test("is one of the work with the title, not of another one of the series", async () => {
    expect((await told(ofTheSeason, { titles: ["Spice and Wolf"], season: 2 })).to).toBe(spiceAndWolf2.id);
  });
});

describe("an OVA called like its series", () => {
  const { ajinOad, konosubaOad } = shelf;

  test.each<[string, number, Said]>([
    ["with an episode", ajinOad.id, { titles: ["Ajin"], kind: "ova", episode: 3 }],
    ["without one", konosubaOad.id, { titles: ["Kono Subarashii Sekai ni Shukufuku wo!"], kind: "ova", episode: null }],
  ])("is the one OVA of the series: %s", async (_, id, said) => {
    const { after } = await steppedBy(theOvaOf, said);
    expect(after).toEqual({ id, confidence: 0.905, notes: ["the OVA of the series"], against: [] });
  });

  test.each<[string, Said, ...Change[]]>([
    ["it has fewer episodes", { titles: ["Ajin"], kind: "ova", episode: 4 }],
    [
      "there are two",
      { titles: ["Ajin"], kind: "ova" },
      { ...ajinOad, id: 9001 },
      { id: shelf.ajin.id, relations: [`番外篇 ${ajinOad.id}`, "番外篇 9001"] },
    ],
    ["there is none", { titles: ["Dan Da Dan"], kind: "ova" }],
    ["it is called otherwise", { titles: ["Ajin"], kind: "ova" }, { id: ajinOad.id, name: "別物", name_cn: "" }],
    ["the file is an episode", { titles: ["Ajin"] }],
    ["the title is only like that of the series", { titles: ["Kono Subarashii Sekai ni Shukufuk"], kind: "ova" }],
  ])("is not looked for, or not found, where %s", async (_, said, ...changes) => {
    await expectNothing(theOvaOf, said, ...changes);
  });
});

describe("a title that several seasons share", () => {
  const { kOn, kOn2, ajin, kyoukaiSenki, fruitsBasket, urawa, musashino, gintama } = shelf;
  const FIRST = "the first season with this title";

  test.each<[string, number, Said, string[], ...Change[]]>([
    ["is that of the first", ajin.id, { titles: ["Ajin"] }, [FIRST]],
    ["is that of the first, though another was better", kyoukaiSenki.id, { titles: ["Kyoukai Senki"] }, [FIRST]],
    ["is told by its marks: two", kOn2.id, { titles: ["K-ON!!"] }, [FIRST]],
    ["is told by its marks: one", kOn.id, { titles: ["K-ON!"] }, [FIRST]],
    ["is that of the first where the marks are left out", kOn.id, { titles: ["K-ON"] }, [FIRST]],
    [
      "is that of the first, which is said, where only the second is called so",
      urawa.id,
      { titles: ["Urawa no Usagi"], season: 1 },
      ["the first season of its series"],
      { id: musashino.id, name: "浦和の調ちゃん 第2期", name_cn: "", aliases: ["Urawa no Usagi"] },
    ],
    [
      "is that of the first where only the second is called so, with its number",
      urawa.id,
      { titles: ["Urawa no Usagi"] },
      ["the first season of its series"],
      { id: musashino.id, name: "浦和の調ちゃん 第2期", name_cn: "", aliases: ["Urawa no Usagi II"] },
    ],
    [
      "is that of the first where its name stops before a subtitle",
      fruitsBasket.id,
      { titles: ["Fruits Basket"], season: 1 },
      [FIRST],
    ],
  ])("%s: %#", async (_, to, said, notes, ...changes) => {
    expect(await told(earliestWithTitle, said, ...changes)).toMatchObject({ to, said: notes });
  });

  test("that a season without a first one begins with is left to a person", async () => {
    expect((await told(earliestWithTitle, { titles: ["Sorcerous Stabber Orphen"] })).said).toEqual([
      "but several of its seasons begin so",
    ]);
  });

  test("is never that of an earlier one where a season or a year is said", async () => {
    await expectNothing(earliestWithTitle, { titles: ["Ajin"], season: 2 });
    await expectNothing(earliestWithTitle, { titles: ["Ajin"], year: 2016 });
  });

  test.each<[string, Said]>([
    ["of a show alone", { titles: ["Girls Band Cry"], season: 1 }],
    ["of the first season only", { titles: ["银魂"] }],
    ["of a film", { titles: ["Kimi no Na wa."] }],
  ])("%s is what it is", async (_, said) => {
    await expectNothing(earliestWithTitle, said);
  });

  test("asks for no relations where nothing is shared", async () => {
    const wiki = openWiki();
    const { file, placed } = await caseOf({ titles: ["银魂"] }, wiki);
    await earliestWithTitle(file, placed);
    expect(placed.work.subject.id).toBe(gintama.id);
    expect(wiki.asked.filter((what) => what.startsWith("relations"))).toEqual([]);
  });
});

describe("a part", () => {
  const { mushokuPart2, mushoku2Part2, reZero2Part2, ajin, ajinPart2 } = shelf;

  test.each<[string, number, Said]>([
    ["said is the second of the season", ajinPart2.id, { titles: ["Ajin"], part: 2 }],
    ["not said is the first", ajin.id, { titles: ["亚人"] }],
    ["said by the whole title is that one", ajinPart2.id, { titles: ["亚人 第2部分"] }],
    ["that the ranking found stays", mushokuPart2.id, { titles: ["Mushoku Tensei"], part: 2 }],
    ["of a later season stays in it", mushoku2Part2.id, { titles: ["Mushoku Tensei II"], season: 2, part: 2 }],
    [
      "is found by its title",
      reZero2Part2.id,
      { titles: ["Re：从零开始的异世界生活 第二季 后半部分"], season: 2, part: 2 },
    ],
  ])("%s", async (_, to, said) => {
    expect(await told(ofThePart, said)).toMatchObject({ to, said: [] });
  });

  test("that is not known is left to a person", async () => {
    expect((await told(ofThePart, { titles: ["Spy Kyoushitsu"], part: 2 })).said).toEqual(["but part 2 is not known"]);
  });
});
