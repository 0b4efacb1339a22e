import { describe, expect, test } from "bun:test";
import type { KnownWork } from "../../../plugins/matching/model.ts";
import { fallbackKeywords, keywords } from "../../../plugins/matching/queries.ts";
import { titlesOf } from "../../../plugins/matching/titles.ts";
import { compared, half, reading, titles } from "./subjects.ts";

const known = (...originals: string[]): KnownWork[] =>
  originals.map((original, at) => ({ subjectId: at, titles: [original, "translated"], platform: "TV", date: null }));

describe("what is asked for first", () => {
  test("is a Chinese title, then the original one of a work that is known, then a Latin title", () => {
    expect(keywords(compared("Sousou no Frieren", "葬送的芙莉莲"), known("葬送のフリーレン"))).toEqual([
      "葬送的芙莉莲",
      "葬送のフリーレン",
      "Sousou no Frieren",
    ]);
  });

  test("has neither traditional characters nor words for season and part: one answer brings the whole series", () => {
    expect(
      keywords(
        compared("無職轉生 2期", "Mushoku Tensei S2 Part 2"),
        known("無職転生 第2期 ～異世界行ったら本気だす～"),
      ),
    ).toEqual(["无职转生", "無職転生 ~異世界行ったら本気だす~", "Mushoku Tensei"]);
  });

  test("is a Japanese title as it is written: only Chinese ones stand in simplified characters", () => {
    expect(keywords(compared("戦姫絶唱シンフォギア"), [])).toEqual(["戦姫絶唱シンフォギア"]);
    expect(keywords(compared("戰姬絕唱"), [])).toEqual(["战姬绝唱"]);
  });

  test("is a title of its own before a half of one, and the file's before its folder's", () => {
    const read = reading({
      titles: titles(half("Pirate Princess"), "Fena Pirate Princess"),
      folderTitles: titles("Kaizoku Oujo", half("Oujo")),
    });
    expect(keywords(titlesOf(read), [])).toEqual(["Fena Pirate Princess", "Kaizoku Oujo", "Pirate Princess", "Oujo"]);
  });

  test("is two known works at most", () => {
    expect(keywords([], known("うる星やつら", "うる星やつら 第2期", "銀魂"))).toEqual(["うる星やつら"]);
    expect(keywords([], known("うる星やつら", "フルーツバスケット", "銀魂"))).toEqual([
      "うる星やつら",
      "フルーツバスケット",
    ]);
  });

  test("is nothing twice, and nothing of a title that is a season only", () => {
    expect(keywords(compared("葬送的芙莉蓮", "葬送的芙莉莲 第二季", "Season 2"), known("葬送的芙莉莲"))).toEqual([
      "葬送的芙莉莲",
    ]);
  });
});

describe("what is asked for when that found nothing good", () => {
  test.each([
    ["a Chinese title's first words", "狼与香辛料 行商邂逅贤狼", ["狼与香辛料"]],
    ["what stands before a wave", "无职转生～到了异世界就拿出真本事～", ["无职转生"]],
    ["words that stand before a comma, none of a single letter", "魔 陛下，重来吧", ["陛下"]],
    ["the first four characters of a long word", "遲早是最強的鍊金術師", ["遲早是最強的鍊金術師", "迟早是最"]],
    ["nothing of a short word", "一杆青空", []],
    ["a traditional title as it was written", "寒蟬鳴泣之時 業", ["寒蟬鳴泣之時 業", "寒蝉鸣泣"]],
    ["a Latin title's first two words", "Sousou no Frieren", ["Sousou no"]],
    ["a Latin title's first two words, however they are parted", "Kaguya-sama: Love is War", ["Kaguya sama"]],
    ["nothing of two Latin words", "Fruits Basket", []],
  ])("is %s", (_, title, asked) => {
    expect(fallbackKeywords(compared(title))).toEqual(asked);
  });

  test("is two things at most, Chinese before Latin, and of the best Latin title only", () => {
    expect(
      fallbackKeywords(compared("Sousou no Frieren", "狼与香辛料 行商", "水果篮子 最终季", "Fruits Basket The Final")),
    ).toEqual(["狼与香辛料", "水果篮子"]);
    expect(fallbackKeywords(compared("Sousou no Frieren", "Fruits Basket The Final"))).toEqual(["Sousou no"]);
    expect(fallbackKeywords(compared("银魂", "一杆青空", "水果篮子 最终季", "Sousou no Frieren"))).toEqual([
      "Sousou no",
    ]);
  });
});
