import { describe, expect, test } from "bun:test";
import { romaji, romajiOfKana } from "../../../plugins/matching/kana.ts";

describe("romaji", () => {
  test.each([
    ["きょうしょうちゃじゅ", "kyoushouchaju"],
    ["まっちゃ ぼっち いっしょ がっこう", "matcha botchi issho gakkou"],
    ["ふじ つづき ぢ を ん", "fuji tsuzuki ji wo n"],
    ["ティファニー ヴァイオレット チェ シェ ウィ デュエル ジェ", "tifani vaioretto che she wi dyueru je"],
    ["あっ", "a"],
  ])("%s is %s", (kana, latin) => {
    expect(romaji(kana)).toBe(latin);
  });

  test("leaves what is not kana", () => {
    expect(romaji("鬼のK2")).toBe("鬼noK2");
  });
});

describe("romajiOfKana", () => {
  test.each([
    ["ぼっち・ざ・ろっく！", "botchi za rokku!"],
    ["リコリス・リコイル", "rikorisu rikoiru"],
    ["ﾕﾙｷｬﾝ△", "yurukyan△"],
    ["NEW GAMEのあと", "NEW GAMEnoato"],
  ])("%s is %s", (name, latin) => {
    expect(romajiOfKana(name)).toBe(latin);
  });

  test.each([["鬼滅のやいば"], ["K-ON!!"], ["나의 히어로"], [""]])(
    "%j cannot be read without a dictionary, or need not",
    (name) => {
      expect(romajiOfKana(name)).toBeNull();
    },
  );
});
