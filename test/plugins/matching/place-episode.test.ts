import { expect, test } from "bun:test";
import { placeEpisode } from "../../../plugins/matching/place-episode.ts";
import { ofTheSeason } from "../../../plugins/matching/place-season.ts";
import { type Change, caseOf, openWiki, type Said, shelf } from "./case.ts";

const { frieren, kOn2, hoozuki2Part2, danDaDan2, jujutsu3, mushoku2Part2, spyRoom2 } = shelf;
const { ajinPart2, ajinOad, kimiNoNaWa, gintama2, girlsBandCry } = shelf;

/** `subject/sort`, and what was said of it; `SP` before the number of a special, `-` for none. */
async function placed(said: Said, ...changes: Change[]) {
  const wiki = openWiki(...changes);
  const { file, placed } = await caseOf(said, wiki);
  await ofTheSeason(file, placed);
  placed.notes.length = 0;
  wiki.asked.length = 0;
  await placeEpisode(file, placed);
  const { work, episode, notes, against } = placed;
  const number = episode ? `${episode.type === 1 ? "SP" : ""}${episode.sort}` : "-";
  return {
    told: [`${work.subject.id}/${number}`, ...notes, ...against.map((what) => `but ${what}`)],
    asked: wiki.asked,
  };
}

test.each<[string, Said, string[], ...Change[]]>([
  ["an episode is that of its number", { titles: ["K-ON!!"], episode: 8 }, [`${kOn2.id}/8`]],
  ["the wiki's number is tried first where it counts on", { titles: ["银魂'"], episode: 205 }, [`${gintama2.id}/205`]],
  ["and the place after it", { titles: ["银魂'"], episode: 5 }, [`${gintama2.id}/206`]],
  [
    "a number beyond the season is one of its later part",
    { titles: ["Mushoku Tensei II"], season: 2, episode: 16 },
    [`${mushoku2Part2.id}/39`, "episode 16 counted through the parts of the season"],
  ],
  [
    "a number from the first season",
    { titles: ["Dan Da Dan"], episode: 19 },
    [`${danDaDan2.id}/7`, "episode 19 counted from the first season"],
  ],
  [
    "a number beyond a later season is less the seasons before",
    { titles: ["Dan Da Dan"], season: 2, episode: 15 },
    [`${danDaDan2.id}/3`, "episode 15 counted from the seasons before"],
  ],
  [
    "a number in the wiki's count",
    { titles: ["Spy Kyoushitsu 2nd season"], season: 2, episode: 30 },
    [`${spyRoom2.id}/30`],
    { id: spyRoom2.id, firstSort: 28 },
  ],
  [
    "a number in the wiki's count of the next season",
    { titles: ["Spy Kyoushitsu"], episode: 30 },
    [`${spyRoom2.id}/30`, "episode 30 counted as the wiki counts on"],
    { id: spyRoom2.id, firstSort: 28 },
  ],
  [
    "a number that is another part's in another count",
    { titles: ["鬼灯的冷彻 第二季"], season: 2, episode: 22 },
    [
      `${hoozuki2Part2.id}/9`,
      "episode 22 counted through the parts of the season",
      "but counted another way it is of another part",
    ],
  ],
  [
    "a number from the first season, with a title that only a later one has",
    { titles: ["呪術廻戦 第2期 懐玉・玉折／渋谷事変"], episode: 55 },
    [`${jujutsu3.id}/8`, "episode 55 counted from the first season", "but the title is a later season's"],
    { id: jujutsu3.id, firstSort: 1, eps: 12 },
  ],
  ["a number beyond everything", { titles: ["K-ON!!"], episode: 60 }, [`${kOn2.id}/-`, "but no episode 60 in it"]],
  [
    "no length to be beyond of",
    { titles: ["Girls Band Cry"], episode: 60 },
    [`${girlsBandCry.id}/-`],
    { id: girlsBandCry.id, eps: 0 },
  ],
  ["a part is placed before its episode", { titles: ["Ajin"], part: 2, episode: 2 }, [`${ajinPart2.id}/15`]],
  ["a number that runs on in the part", { titles: ["Ajin"], part: 2, episode: 15 }, [`${ajinPart2.id}/15`]],
  ["an opening has no episode", { titles: ["K-ON!!"], kind: "extra", episode: 1 }, [`${kOn2.id}/-`]],
  [
    "a special",
    { titles: ["葬送的芙莉莲"], kind: "special", episode: 2 },
    [`${frieren.id}/SP2`],
    { id: frieren.id, specials: 3 },
  ],
  [
    "an unknown special",
    { titles: ["葬送的芙莉莲"], kind: "special", episode: 9 },
    [`${frieren.id}/-`],
    { id: frieren.id, specials: 3 },
  ],
  ["a special of a show without them", { titles: ["葬送的芙莉莲"], kind: "special", episode: 2 }, [`${frieren.id}/-`]],
  [
    "a special without a number",
    { titles: ["葬送的芙莉莲"], kind: "special", episode: null },
    [`${frieren.id}/-`],
    { id: frieren.id, specials: 1 },
  ],
  ["a special that is a work of its own", { titles: ["亚人 OAD"], kind: "special", episode: 2 }, [`${ajinOad.id}/2`]],
  [
    "a special that a work of its own has none of",
    { titles: ["亚人 OAD"], kind: "special", episode: 2 },
    [`${ajinOad.id}/-`],
    { id: ajinOad.id, specials: 1 },
  ],
  ["an OVA", { titles: ["亚人 OAD"], kind: "ova", episode: 3 }, [`${ajinOad.id}/3`]],
  [
    "an OVA beyond its length",
    { titles: ["亚人 OAD"], kind: "ova", episode: 4 },
    [`${ajinOad.id}/-`, "but it has no episode 4"],
  ],
  ["a film is its only episode", { titles: ["Kimi no Na wa."], kind: "movie", episode: null }, [`${kimiNoNaWa.id}/1`]],
  [
    "a film of several",
    { titles: ["Kimi no Na wa."], kind: "movie", episode: null },
    [`${kimiNoNaWa.id}/-`],
    { id: kimiNoNaWa.id, eps: 2 },
  ],
  ["a show in one file", { titles: ["K-ON!!"], kind: "unknown", episode: null }, [`${kOn2.id}/-`]],
])("%s: %#", async (_, said, expected, ...changes) => {
  expect((await placed(said, ...changes)).told).toEqual(expected);
});

test("asks for the episodes of one work and nothing else where the number is among them", async () => {
  expect((await placed({ titles: ["葬送的芙莉莲"], episode: 5 })).asked).toEqual([`episodes ${frieren.id}`]);
  expect((await placed({ titles: ["葬送的芙莉莲"], kind: "extra", episode: 5 })).asked).toEqual([]);
});
