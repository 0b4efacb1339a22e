import { describe, expect, test } from "bun:test";
import { nameOf } from "../../../plugins/matching/names.ts";
import { dice, EQUAL, EQUAL_ROMAJI, fits, similarity, tellsApart } from "../../../plugins/matching/similarity.ts";

const alike = (title: string, name: string): number => similarity(nameOf(title), nameOf(name));

describe("similarity", () => {
  test.each([
    ["葬送的芙莉蓮", "葬送的芙莉莲"],
    ["Fena Pirate Princess", "Fena: Pirate Princess"],
    ["打工吧！魔王大人", "打工吧！！魔王大人"],
  ])("of %s and %s, equal after folding, is all of it", (title, name) => {
    expect(alike(title, name)).toBe(EQUAL);
  });

  test("of one romaji title spelled two ways is a little less", () => {
    expect(alike("Ookami to Koushinryou", "Okami to Koshinryo")).toBe(EQUAL_ROMAJI);
    expect([EQUAL, EQUAL_ROMAJI]).toEqual([1, 0.985]);
  });

  test.each([
    ["of titles in two scripts", "Sousou no Frieren", "葬送のフリーレン"],
    ["of titles that share a word of the other script", "空色Utility", "Sora-iro Utility"],
    ["of nothing", "★", "K-ON!"],
    ["of nothing and nothing", "★", "…"],
    ["with nothing", "K-ON!", ""],
    ["of titles without a common pair of letters", "海盗公主", "海贼王女"],
  ])("%s is none", (_, title, name) => {
    expect(alike(title, name)).toBe(0);
  });

  test("of a title with a letter wrong is nearly that of equal ones, and never theirs", () => {
    const oneWrong = alike("Kaguya-sama wa Kokuresetai", "Kaguya-sama wa Kokurasetai");
    expect(oneWrong).toBeCloseTo(1 - 0.75 / 23, 3);
    expect(alike("Kaguya-sama wa Kokuresetae", "Kaguya-sama wa Kokurasetai")).toBeLessThan(oneWrong);
    const long = "Maou Gakuin no Futekigousha Shijou Saikyou no Maou no Shiso Tensei shite Shison-tachi no Gakkou e";
    expect(alike(long, long.replace("Shison", "Shihon"))).toBe(0.97);
  });

  test("of a short title with a letter wrong is not: it may be another word", () => {
    expect(alike("Toradora", "Toradara")).toBeLessThan(0.9);
    expect(alike("暮蝉悲鸣时业", "秋蝉悲鸣时业")).toBeLessThan(0.9);
  });

  test.each([
    ["a digit", "Overlord no Monogatari 2", "Overlord no Monogatari 3"],
    ["a season's word", "Higurashi no Naku Koro ni Gou Next", "Higurashi no Naku Koro ni Gou"],
    ["a character for a sequel", "寒蝉鸣泣之时外传 续章", "寒蝉鸣泣之时外传 终"],
    ["a film's word", "剧场版 进击的巨人红莲的弓矢", "进击的巨人红莲的弓矢"],
    ["a Roman numeral", "Ookami to Koushinryou III", "Ookami to Koushinryou VI"],
  ])("of titles that differ in %s is at most 0.84", (_, title, name) => {
    expect(alike(title, name)).toBeLessThanOrEqual(0.84);
    expect(alike(title, name)).toBeGreaterThan(0.6);
  });

  test("of titles that differ in the middle by a season's digit is 0.84, however much else they share", () => {
    expect(alike("進撃の巨人 Season2〜覚醒の咆哮〜", "進撃の巨人 Season3〜覚醒の咆哮〜")).toBe(0.84);
  });

  test("of a title that goes on after the name is capped lower than of a name that goes on after the title", () => {
    expect(alike("Higurashi no Naku Koro ni Gou", "Higurashi no Naku Koro ni")).toBe(0.84);
    expect(alike("Higurashi no Naku Koro ni", "Higurashi no Naku Koro ni Gou")).toBe(0.89);
  });

  // What is missing counts less where the whole title is there; how much of the longer one is there counts in all four.
  test.each([
    ["begins with the title", "Mushoku Tensei", "Mushoku Tensei: Isekai Ittara Honki Dasu", 0.7969],
    ["begins with a Chinese title", "水果篮子", "水果篮子最终季之歌", 0.8022],
    ["is where the title begins", "Kaguya-sama wa Kokurasetai Ultra Romantic", "Kaguya-sama wa Kokurasetai", 0.775],
    ["holds the title", "Merchant Meets the Wise Wolf", "Ookami to Koushinryou: Merchant Meets the Wise Wolf", 0.7713],
    ["holds nearly nothing but a Chinese title", "从零开始的异世界生活", "Re：从零开始的异世界生活", 0.87],
    [
      "stands in the title",
      "Ookami to Koushinryou: Merchant Meets the Wise Wolf",
      "Merchant Meets the Wise Wolf",
      0.7159,
    ],
    ["is nearly all of a Chinese title", "Re：从零开始的异世界生活", "从零开始的异世界生活", 0.8],
  ])("of a title and a name that %s is some", (_, title, name, likeness) => {
    expect(alike(title, name)).toBeCloseTo(likeness, 4);
  });

  test.each([
    ["Latin", "K", "Kaguya-sama wa Kokurasetai"],
    ["Latin, of seven letters,", "Gintama", "Gintama Kanketsu-hen: Yorozuya yo Eien Nare"],
    ["Chinese", "银魂", "银魂 偶尔也会有钻进被子的时候"],
  ])("of a short %s title and a longer name that begins so is hardly any", (_, title, name) => {
    expect(alike(title, name)).toBeLessThan(0.6);
  });

  test("of titles that only end the same way is capped by the end that is missing", () => {
    expect(alike("Re Zero kara Hajimeru Kyuukei Jikan", "Re:Zero kara Hajimeru Isekai Seikatsu")).toBeLessThan(0.7);
    expect(alike("この素晴らしい世界に爆焔を！", "この素晴らしい世界に祝福を！")).toBeLessThanOrEqual(0.84);
  });
});

test.each([
  ["轻音少女 S2", "轻音少女 第二季"],
  ["Ookami to Koushinryou II", "Ookami to Koushinryou"],
  ["无职转生", "无职转生Ⅱ"],
])("%s fits %s wholly but for season and part", (title, name) => {
  const { full, base } = fits(nameOf(title), nameOf(name));
  expect(base).toBe(EQUAL);
  expect(full).toBeLessThan(0.9);
});

test.each([
  ["2", true],
  ["iii", true],
  ["xxiii", false],
  ["thefinal", true],
  ["续", true],
  ["剧场版", true],
  ["外传", true],
  ["ova", true],
  ["业", false],
  ["gou", false],
  ["merchantmeetsthewisewolf", false],
])("%s tells a season, sequel or film apart: %p", (words, apart) => {
  expect(tellsApart(words)).toBe(apart);
});

test.each([
  ["night", "nacht", 0.25],
  ["kon", "kon", 1],
  ["k", "kon", 0],
  ["k", "k", 0],
  ["aaaa", "aa", 0.5],
])("the pairs of %s and %s agree by %d", (a, b, share) => {
  expect(dice(a, b)).toBe(share);
  expect(dice(b, a)).toBe(share);
});
