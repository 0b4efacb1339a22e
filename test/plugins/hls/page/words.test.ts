import { describe, expect, test } from "bun:test";
import {
  audioLabel,
  chapterAt,
  clock,
  explainStatus,
  languageName,
  subtitleLabel,
} from "../../../../plugins/hls/page/words.ts";

test.each([
  [0, "0:00"],
  [9.99, "0:09"],
  [245, "4:05"],
  [3723, "1:02:03"],
  [36_000, "10:00:00"],
  [-1, "0:00"],
  [Number.NaN, "0:00"],
  [Number.POSITIVE_INFINITY, "0:00"],
])("%p seconds are shown as %s", (secs, shown) => {
  expect(clock(secs)).toBe(shown);
});

test.each([
  ["jpn", "Japanese"],
  ["ja", "Japanese"],
  ["chi", "Chinese"],
  ["zh-Hant", "Traditional Chinese"],
  ["und", null],
  [null, null],
  ["", null],
  ["no such language", "no such language"],
])("the language %p is called %p", (language, name) => {
  expect(languageName(language)).toBe(name);
});

describe("a track is called", () => {
  const audio = { index: 1, codec: "aac", language: "jpn", title: null, channels: 2 };
  const subtitles = {
    ...{ index: 3, codec: "ass", language: "eng", title: null, default: false, forced: false },
    ...{ url: "/a", vtt_url: null },
  };

  test("by its language and title", () => {
    expect(audioLabel(audio, 0)).toBe("Japanese");
    expect(audioLabel({ ...audio, title: "Commentary" }, 0)).toBe("Japanese: Commentary");
    expect(subtitleLabel({ ...subtitles, title: "Signs" }, 0)).toBe("English: Signs");
  });

  test("once where both say the same", () => {
    expect(audioLabel({ ...audio, title: "Japanese" }, 0)).toBe("Japanese");
  });

  test("by its place where the file says nothing", () => {
    expect(audioLabel({ ...audio, language: null }, 1)).toBe("Track 2");
  });

  test("with what else matters when choosing", () => {
    expect(audioLabel({ ...audio, channels: 6 }, 0)).toBe("Japanese (5.1)");
    expect(subtitleLabel({ ...subtitles, forced: true }, 0)).toBe("English (forced)");
  });
});

describe("the chapter of a time", () => {
  const chapters = [
    { start: 0, end: 90, title: "Opening" },
    { start: 90, end: null, title: "Part A" },
    { start: 600, end: 630, title: "Eyecatch" },
  ];

  test.each([
    [0, "Opening"],
    [89.9, "Opening"],
    [90, "Part A"],
    [610, "Eyecatch"],
    [640, "Part A"],
  ])("at %p is %s", (secs, title) => {
    expect(chapterAt(chapters, secs)).toBe(title);
  });

  test("is none before the first one", () => {
    expect(chapterAt([{ start: 5, end: null, title: "A" }], 1)).toBeNull();
  });
});

test("a person is told what to do only about what a person can mend", () => {
  expect(explainStatus(401)).toContain("ask for the item again");
  expect(explainStatus(404)).toContain("not in the library");
  expect(explainStatus(503)).toBeNull();
  expect(explainStatus(undefined)).toBeNull();
});
