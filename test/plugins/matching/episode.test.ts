import { describe, expect, test } from "bun:test";
import { lengthOf, mainEpisode, placeIn, specialEpisode } from "../../../plugins/matching/episode.ts";
import { episodesOf } from "./subjects.ts";
import { wiki } from "./wiki.ts";

const main = (work: Parameters<typeof episodesOf>[0], number: number) => {
  const episode = mainEpisode(episodesOf(work, 3), number);
  return episode && { sort: episode.sort, ep: episode.ep, type: episode.type };
};

describe("a number is the main episode", () => {
  test.each([
    ["of that place in a season counted from 1", wiki.frieren, 28, { sort: 28, ep: 28 }],
    ["that people call so where the count goes on", wiki.kaguya3, 25, { sort: 25, ep: 1 }],
    ["of that place where the count goes on and none is called so", wiki.kaguya3, 1, { sort: 25, ep: 1 }],
    ["that people call so where another one has that place", wiki.mushokuPart2, 12, { sort: 12, ep: 1 }],
    ["called 0 in a season counted from 0", { ...wiki.mushoku2, firstSort: 0 }, 0, { sort: 0, ep: 1 }],
    ["called 1, not the first, in a season counted from 0", { ...wiki.mushoku2, firstSort: 0 }, 1, { sort: 1, ep: 2 }],
  ])("%s", (_, work, number, episode) => {
    expect(main(work, number)).toEqual({ ...episode, type: 0 });
  });

  test("of that place for all of a folder that counts from 1 what the wiki counts on", () => {
    const episodes = episodesOf(wiki.mushokuPart2);
    expect(mainEpisode(episodes, 12, 1)).toMatchObject({ ep: 12 });
    expect(mainEpisode(episodes, 12, 12)).toMatchObject({ sort: 12, ep: 1 });
  });

  test("of that place where the wiki skips a number of a season counted from 1", () => {
    const recapped = episodesOf(wiki.frieren).map((one) => (one.ep < 6 ? one : { ...one, sort: one.sort + 1 }));
    expect(mainEpisode(recapped, 6)).toMatchObject({ sort: 7, ep: 6 });
    expect(mainEpisode(recapped, 7)).toMatchObject({ sort: 8, ep: 7 });
    expect(mainEpisode(recapped, 29)).toMatchObject({ sort: 29, ep: 28 });
  });

  test.each([
    ["past the end", wiki.frieren, 29],
    ["between two episodes", wiki.frieren, 7.5],
    ["0 of a season counted from 1", wiki.frieren, 0],
    ["of no season's count", wiki.kaguya3, 38],
    ["of a work without episodes", { id: 1, eps: 0 }, 1],
  ])("and none is, never the nearest, when it is %s", (_, work, number) => {
    expect(main(work, number)).toBeNull();
  });
});

test("a special is found by its own number, not by that of a main episode", () => {
  const episodes = episodesOf(wiki.violet, 2);
  expect(specialEpisode(episodes, 2)).toMatchObject({ type: 1, sort: 2 });
  expect(specialEpisode(episodes, 3)).toBeNull();
});

test.each([
  ["the wiki's figure", 24, 24],
  ["the main episodes that it lists where it gives none", 0, 13],
])("the length of a season is %s", (_, eps, length) => {
  expect(lengthOf(eps, episodesOf(wiki.violet, 4))).toBe(length);
});

describe("a number that runs through Mushoku Tensei's four parts of 11, 12, 13 and 12", () => {
  const parts = [wiki.mushoku, wiki.mushokuPart2, wiki.mushoku2, wiki.mushoku2Part2].map(({ eps }) => eps);
  test.each([
    [1, { at: 0, place: 1 }],
    [11, { at: 0, place: 11 }],
    [12, { at: 1, place: 1 }],
    [36, { at: 2, place: 13 }],
    [48, { at: 3, place: 12 }],
    [49, null],
    [0, null],
    [-3, null],
  ])("%d is %j", (number, place) => {
    expect(placeIn(parts, number)).toEqual(place);
  });

  test("is nowhere behind a part whose length nobody knows", () => {
    expect(placeIn([11, 0, 13], 11)).toEqual({ at: 0, place: 11 });
    expect(placeIn([11, 0, 13], 12)).toBeNull();
  });
});
