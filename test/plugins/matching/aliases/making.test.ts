import { beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { chineseReadings } from "../../../../plugins/matching/aliases/making/kanji.ts";
import { mine, pairs, soundsLike, spellKatakana } from "../../../../plugins/matching/aliases/making/loanwords.ts";
import { nicknames } from "../../../../plugins/matching/aliases/making/nicknames.ts";
import { openReader, type Reader } from "../../../../plugins/matching/aliases/making/readings.ts";
import { romajiTitles } from "../../../../plugins/matching/aliases/making/romaji.ts";
import { shortTitles } from "../../../../plugins/matching/aliases/making/short-titles.ts";

describe("romajiTitles", () => {
  let reader: Reader;
  beforeAll(async () => {
    reader = await openReader(join(import.meta.dir, "../../../../node_modules"));
  }, 60_000);
  const titles = (title: string, spellings: Record<string, string> = {}) =>
    romajiTitles(reader, title, new Map(Object.entries(spellings))).map((text) => text.replaceAll(" ", ""));

  test.each([
    ["particles as they are said", "外側は夜へ", "sotogawawayorue"],
    ["a doubled consonant across two words", "異世界に行ったら", "isekainiittara"],
    ["a word that the dictionary lacks", "鬼滅の刃", "kimetsunoyaiba"],
    ["two characters by what each has elsewhere", "エリスの聖杯", "erisunoseihai"],
    ["a word of the title's own time", "東京喰種", "toukyouguuru"],
    ["Latin letters and digits as they are", "Re:ゼロ 2nd", "Re:zero2nd"],
  ])("writes %s", (_, title, latin) => {
    expect(titles(title)).toContain(latin);
  });

  test("gives every likely reading", () => {
    expect(titles("私の百合はお仕事です")).toEqual(expect.arrayContaining(["watashinoyuriwaoshigotodesu"]));
    expect(titles("杖と剣")).toEqual(expect.arrayContaining(["tsuetoken", "tsuetotsurugi"]));
  });

  test("spells katakana both as the foreign word and by its sound", () => {
    expect(titles("葬送のフリーレン", { フリーレン: "frieren" })).toEqual(["sousounofrieren", "sousounofuriren"]);
  });

  test("has nothing to add to a title without Japanese", () => {
    expect(titles("Sousou no Frieren")).toEqual([]);
  });
});

describe("loan words", () => {
  test("are the words of the translation that sound like the katakana", () => {
    expect(pairs("ブラッククローバーの塔", ["The Tower of Black Clover"])).toEqual(
      new Map([["ブラッククローバー", "black clover"]]),
    );
    expect(pairs("ネコの塔", ["The Tower"])).toEqual(new Map());
    expect(soundsLike("ステルヴィア", "stellvia")).toBeGreaterThan(0.8);
    expect(soundsLike("ステルヴィア", "universe")).toBeLessThan(0.5);
  });

  test("are spelled as most works do", () => {
    const mined = mine([
      { title: "レナ1", latin: ["Lena 1"] },
      { title: "レナ2", latin: ["Rena 2"] },
      { title: "レナ3", latin: ["Lena 3"] },
    ]);
    expect(mined.get("レナ")).toBe("lena");
  });

  test("make longer words together, and what none covers keeps its sound", () => {
    const spellings = new Map(Object.entries({ ハート: "heart", チューン: "tune", チュ: "chu" }));
    expect(spellKatakana("ハートチューン", spellings)).toBe("heart tune");
    expect(spellKatakana("ハートネコ", spellings)).toBe("heart neko");
    expect(spellKatakana("チューン", new Map([["チュ", "chu"]]))).toBe("chun");
  });
});

test("two characters are read as each of them is in other pairs", () => {
  const read = chineseReadings([
    { surface: "聖書", reading: "せいしょ" },
    { surface: "聖人", reading: "せいじん" },
    { surface: "乾杯", reading: "かんぱい" },
    { surface: "祝杯", reading: "しゅくはい" },
    { surface: "賞杯", reading: "しょうはい" },
  ]);
  expect(read("聖杯")).toBe("せいはい");
  expect(read("猫杯")).toBeUndefined();
});

describe("nicknames", () => {
  const names = (...sites: string[]) =>
    nicknames(sites.map((officialSite) => ({ title: "", officialSite, sites: [] })));

  test.each([
    ["https://nigetsuri-anime.com/", ["nigetsuri"]],
    ["http://www.kinomi-master.co.jp/tv/", ["kinomi master"]],
    ["https://yuruyuri-tv2.com/", ["yuruyuri"]],
    ["https://k.com/", []],
    ["not an address", []],
    ["", []],
  ])("the site %j calls its work %j", (site, found) => {
    expect(names(site)).toEqual([found]);
  });

  test("a station's domain says nothing, its folder for the show does", () => {
    const pages = ["matakoro/", "akudeki/", "one/", "two/", "three/"].map(
      (page) => `https://www.station.co.jp/anime/${page}`,
    );
    expect(names(...pages).slice(0, 2)).toEqual([["matakoro"], ["akudeki"]]);
  });

  test("a channel has a name as well", () => {
    const sites = [
      { site: "nicovideo", id: "slime300-anime_02" },
      { site: "bangumi", id: "1" },
    ];
    expect(nicknames([{ title: "", sites }])).toEqual([["slime300"]]);
  });
});

describe("shortTitles", () => {
  const short = (...titles: string[]) => shortTitles(titles.map((title, at) => ({ title, begin: `200${at}` })));

  test("is what stands before the subtitle, for the first work that has it", () => {
    expect(short("ヘルモード ～やり込み好き～", "ヘルモード ～第二部～")).toEqual(["ヘルモード", undefined]);
    expect(short("サイレント・ウィッチ　沈黙の魔女", "別の話")).toEqual(["サイレント・ウィッチ", undefined]);
  });

  test("is what stands in quotes in a long title", () => {
    expect(short("信じていた仲間達に殺されかけたがギフト「無限ガチャ」で復讐します")[0]).toBe(
      "信じていた仲間達に殺されかけたがギフト",
    );
    expect(short("『木の実マスター』で世界を救う外れスキルの勇者の物語")[0]).toBe("木の実マスター");
  });

  test("is nothing where another work has it as its whole title, or shares the word", () => {
    expect(short("バジリスク ～甲賀忍法帖～", "バジリスク")).toEqual([undefined, undefined]);
    expect(short("ちびまる子 はじまり", "ちびまる子 おわり")).toEqual([undefined, undefined]);
    expect(short("劇場版「けいおん」")).toEqual([undefined]);
  });
});
