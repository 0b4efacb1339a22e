import { expect, test } from "bun:test";
import { readAnswer } from "../../../../plugins/matching/anilist/schema.ts";

const page = (...media: unknown[]) => ({ data: { Page: { media } } });

test("a work is told with all its titles, each once, romaji first", () => {
  const medium = {
    id: 154587,
    idMal: 52991,
    title: { romaji: "Sousou no Frieren", english: "Frieren: Beyond Journey’s End", native: "葬送のフリーレン" },
    synonyms: ["Frieren at the Funeral", "Sousou no Frieren", "", null],
    format: "TV",
    startDate: { year: 2023 },
    episodes: 28,
  };
  expect(readAnswer(page(medium))).toEqual([
    {
      anilistId: 154587,
      malId: 52991,
      titles: ["Sousou no Frieren", "Frieren: Beyond Journey’s End", "葬送のフリーレン", "Frieren at the Funeral"],
      format: "TV",
      year: 2023,
      episodes: 28,
    },
  ]);
});

test("everything but the id may be null", () => {
  const empty = { anilistId: 1, malId: null, titles: [], format: "", year: null, episodes: null };
  const nulls = { idMal: null, title: null, synonyms: null, format: null, startDate: null, episodes: null };
  const nested = { title: { romaji: null, english: null, native: null }, startDate: { year: null } };
  expect(readAnswer(page({ id: 1, ...nulls }, { id: 1, ...nested }, { id: 1 }, null))).toEqual([empty, empty, empty]);
});

test("no works are an answer too", () => {
  expect(readAnswer(page())).toEqual([]);
  expect(readAnswer({ data: { Page: { media: null } } })).toEqual([]);
});

test("a title is made fit for PostgreSQL's JSON", () => {
  const [work] = readAnswer(page({ id: 1, title: { romaji: " a\0b\ud800 " } }))!;
  expect(work?.titles).toEqual(["ab\ufffd"]);
});

test.each([
  ["an error", { data: null, errors: [{ message: "Too Many Requests.", status: 429 }] }],
  ["another query's answer", { data: { Media: { id: 1 } } }],
  ["a work without an id", page({ title: { romaji: "A" } })],
  ["an id that is a text", page({ id: "1" })],
  ["no JSON at all", undefined],
])("%s is no answer", (_what, json) => {
  expect(readAnswer(json)).toBeNull();
});
