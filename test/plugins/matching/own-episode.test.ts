import { expect, test } from "bun:test";
import { type Episode, MAIN, SPECIAL } from "../../../plugins/bangumi/model.ts";
import { mayBelong, ownEpisode } from "../../../plugins/matching/own-episode.ts";
import type { Reading } from "../../../src/plugin.ts";
import { readingOf } from "./house.ts";

const episode = (type: number, sort: number, ep: number): Episode => ({
  ...{ id: type * 100 + sort, subject_id: 7, type, sort, ep, name: "", name_cn: "", airdate: null },
});
/** Counted on from an earlier season of 28. */
const season = [episode(MAIN, 29, 1), episode(MAIN, 30, 2), episode(SPECIAL, 1, 0)];
const film = [episode(MAIN, 1, 1)];

const reading = (more: Partial<Reading>): Reading => ({ ...readingOf("Show.mkv"), ...more });

test.each<[string, Partial<Reading>, Episode[], number | null]>([
  ["a number that people give it", { kind: "episode", episode: 30 }, season, 30],
  ["its place in the season", { kind: "episode", episode: 2 }, season, 30],
  ["its number in another count, where its own is none", { kind: "episode", episode: 5, otherEpisode: 29 }, season, 29],
  ["no such number", { kind: "episode", episode: 5 }, season, null],
  ["a special by its own count", { kind: "special", episode: 1 }, season, 101],
  ["an opening", { kind: "extra", episode: 1 }, season, null],
  ["a stage play", { kind: "episode", episode: 30, staged: true }, season, null],
  ["a film", { kind: "movie" }, film, 1],
  ["a film without the word", { kind: "unknown" }, film, 1],
  ["a whole season in one file", { kind: "unknown" }, season, null],
  ["a special without a number", { kind: "special" }, film, null],
])("%s", (_what, more, episodes, id) => {
  expect(ownEpisode(reading(more), episodes)?.id ?? null).toBe(id);
});

test.each<[string, Partial<Reading>, Episode[], boolean]>([
  ["an episode of it belongs", { kind: "episode", episode: 30 }, season, true],
  ["one of another season does not", { kind: "episode", episode: 5 }, season, false],
  ["one of a subject without a list does", { kind: "episode", episode: 5 }, [], true],
  ["a special that the list lacks does", { kind: "special", episode: 9 }, season, true],
  ["one without a number does", { kind: "unknown" }, season, true],
  ["an opening does not", { kind: "extra" }, season, false],
  ["a stage play does not", { kind: "unknown", staged: true }, season, false],
])("%s", (_what, more, episodes, belongs) => {
  expect(mayBelong(reading(more), episodes)).toBe(belongs);
});
