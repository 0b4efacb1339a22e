import { expect, test } from "bun:test";
import { isAnime, isMovie, isOva, isSeason, isSeries, yearOf } from "../../../plugins/matching/platform.ts";
import { wiki } from "./wiki.ts";

test.each([
  ["a television series", wiki.frieren, ["anime", "season", "series"]],
  ["a web series", { ...wiki.reZeroBreak, platform: "WEB" }, ["anime", "season", "series"]],
  ["a series of a length nobody knows", wiki.spiceAndWolfOf2024Season2, ["anime", "season", "series"]],
  ["what television showed once", wiki.sorairoSpecial, ["anime", "series"]],
  ["a film", wiki.violetFilm, ["anime", "movie"]],
  ["an OVA", wiki.kaguyaOva, ["anime", "ova"]],
  ["a book", { ...wiki.mushoku, platform: "小说" }, []],
  ["a film with actors", { ...wiki.gintama, platform: "电影" }, []],
  ["what the wiki gives no platform", { ...wiki.frieren, platform: "" }, ["anime"]],
])("%s is such by its platform", (_, subject, kinds) => {
  const is = { anime: isAnime, movie: isMovie, ova: isOva, season: isSeason, series: isSeries };
  const said = Object.entries(is).flatMap(([kind, holds]) => (holds(subject) ? [kind] : []));
  expect(said).toEqual(kinds);
});

test.each([
  ["2023-09-29", 2023],
  ["1981", 1981],
  ["0000-00-00", null],
  ["", null],
  [null, null],
])("the year of %p is %p", (date, year) => {
  expect(yearOf({ date })).toBe(year);
});
