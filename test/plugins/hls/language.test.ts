import { describe, expect, test } from "bun:test";
import { languageName, languageTag } from "../../../plugins/hls/language.ts";

describe("a language", () => {
  test.each([
    ["jpn", "ja", "Japanese"],
    ["ja", "ja", "Japanese"],
    ["JPN", "ja", "Japanese"],
    ["zh-Hans", "zh-Hans", "Simplified Chinese"],
    ["pt-br", "pt-BR", "Brazilian Portuguese"],
    ["zho", "zh", "Chinese"],
  ])("%s is %s, %s", (said, tag, name) => {
    expect(languageTag(said)).toBe(tag);
    expect(languageName(said)).toBe(name);
  });

  test.each([
    ["chi", "zh"],
    ["ger", "de"],
    ["fre", "fr"],
    ["cze", "cs"],
    ["dut", "nl"],
    ["rum", "ro"],
  ])("that Matroska calls %s is %s", (said, tag) => {
    expect(languageTag(said)).toBe(tag);
  });

  test("that nobody knows is shown as it is written", () => {
    expect(languageTag("qaa")).toBe("qaa");
    expect(languageName("qaa")).toBe("qaa");
  });

  test.each(["ja-x-romaji", "en-u-ca-buddhist"])("with extensions is shown as it is written: %s", (said) => {
    expect(languageTag(said)).toBe(said);
    expect(languageName(said)).toBe(said);
  });
});

test.each([
  null,
  "",
  "und",
  "mul",
  "zxx",
  "mis",
  "a",
  "zh_Hans",
  "x-foo",
  'ja"',
  "ja\n",
  "日本語",
  "-",
  "x".repeat(9999),
])("%j is none", (said) => {
  expect(languageTag(said)).toBeNull();
  expect(languageName(said)).toBeNull();
});
