import { describe, expect, test } from "bun:test";
import type { Subject } from "../../../plugins/bangumi/model.ts";
import { createChains } from "../../../plugins/matching/chain.ts";
import { closedGates } from "../../../plugins/matching/gates.ts";
import { workOf } from "../../../plugins/matching/names.ts";
import type { Case, Placed } from "../../../plugins/matching/placing.ts";
import { rank, seasonOf } from "../../../plugins/matching/rank.ts";
import { scoreWork } from "../../../plugins/matching/score.ts";
import { titlesOf } from "../../../plugins/matching/titles.ts";
import type { Reading } from "../../../src/plugin.ts";
import { catalog, half, reading, titles } from "./subjects.ts";
import { wiki } from "./wiki.ts";

/** What is against the best of these works for a name; `placed` tells what an earlier step made of it. */
function gates(
  subjects: readonly Subject[],
  name: string | Reading["titles"],
  more: Partial<Reading> = {},
  placed: Partial<Placed> | ((file: Case) => Partial<Placed>) = {},
): string[] {
  const read = reading({ titles: typeof name === "string" ? titles(name) : name, ...more });
  const compared = titlesOf(read);
  const scores = subjects.map((subject) => scoreWork(workOf(subject), compared));
  const season = seasonOf(read, compared, scores);
  const ranked = rank(scores, read, season);
  const top = ranked[0]!;
  const file: Case = {
    ...{ reading: read, titles: compared, season, ranked, top, catalog },
    chains: createChains(catalog, (subject) => workOf(subject)),
  };
  const confidence = Math.min(1, top.value);
  return closedGates(file, {
    ...{ work: top.score.work, episode: null, confidence, notes: [], against: [] },
    ...(typeof placed === "function" ? placed(file) : placed),
  });
}

test("a plain episode of a series with a title of its own passes every gate", () => {
  expect(gates([wiki.frieren, wiki.frieren2], "葬送的芙莉莲")).toEqual([]);
});

describe("a tie", () => {
  test("of a show and its remake is for a person", () => {
    expect(gates([wiki.uruseiOf1981, wiki.urusei], "Urusei Yatsura")).toEqual([
      '"福星小子" (364468) has the same title',
    ]);
  });

  test("is named by the original name where there is no Chinese one", () => {
    expect(gates([wiki.uruseiOf1981, { ...wiki.urusei, name_cn: "" }], "Urusei Yatsura")).toEqual([
      '"うる星やつら" (364468) has the same title',
    ]);
  });

  test("is none when the year tells them apart", () => {
    expect(gates([wiki.uruseiOf1981, wiki.urusei], "Urusei Yatsura", { year: 2022 })).toEqual([]);
  });

  test("is none when the marks do", () => {
    expect(gates([wiki.gintama, wiki.gintama2], "銀魂'")).toEqual([]);
    expect(gates([wiki.kOn, wiki.kOn2], "K-ON!!")).toEqual([]);
  });

  test("is none when an earlier step chose between them, or chose the other", () => {
    const both = [wiki.uruseiOf1981, wiki.urusei];
    expect(gates(both, "Urusei Yatsura", {}, { notes: ["the season of 2022"] })).toEqual([]);
    expect(gates(both, "Urusei Yatsura", {}, ({ ranked }) => ({ work: ranked[1]!.score.work }))).toEqual([]);
  });

  test("is none where the titles are only alike", () => {
    expect(gates([wiki.kaguya, { ...wiki.kaguya, id: 1 }], "Kaguya-sama wa Kokurasetai")).toEqual([]);
  });
});

describe("a rival from another series", () => {
  const both = [wiki.violet, wiki.bakemonogatari];
  const name = titles("Violet Evergarden", "Bakemonogatari");
  const rival = '"化物语" (1671) is as likely';

  test("stands in the way when it is as likely", () => {
    expect(gates(both, name)).toContain(rival);
  });

  test("stands in the way until it is 0.04 behind", () => {
    const ahead = (by: number) => gates(both, name, {}, ({ ranked }) => ({ confidence: ranked[1]!.value + by }));
    expect(ahead(0.039)).toContain(rival);
    expect(ahead(0.041)).not.toContain(rival);
  });

  test("is none that a step before has chosen, and none of the same series", () => {
    expect(gates(both, name, {}, ({ ranked }) => ({ work: ranked[1]!.score.work })).join()).toContain("紫罗兰永恒花园");
    expect(gates([wiki.kOn, wiki.kOn2], "K-ON!!", {}, { confidence: 0.5 })).toEqual([]);
  });

  test("is none that only a half less than half as long as the title met", () => {
    const with_ = (text: string) =>
      gates([wiki.violet, wiki.kOn], [...titles("Violet Evergarden"), half(text)], {}, { confidence: 0.5 });
    expect(with_("K-ON")).toEqual([]);
    expect(gates(both, [...titles("Violet Evergarden"), half("Bakemonogatari")], {}, { confidence: 0.5 })).toContain(
      rival,
    );
  });
});

describe("a short title that fits", () => {
  const short = "only a short one of its titles fits";
  const k = { ...wiki.kOn, name: "K", name_cn: "", aliases: ["K-ON"] };

  test("is not enough where a longer one in its script says something else", () => {
    expect(gates([k], titles("K-ON", "Sousou no Frieren"))).toEqual([short]);
    expect(gates([wiki.gintama], titles("银魂", "葬送的芙莉莲"))).toEqual([short]);
  });

  test.each([
    ["it is the only title", titles("K-ON")],
    ["the longer one is a half", [...titles("K-ON"), half("Sousou no Frieren")]],
    ["the longer one is in a script that no name is in", titles("K-ON", "葬送的芙莉莲")],
    ["the longer one fits but for its season", titles("K-ON", "K-ON Season 2 Part 2")],
  ])("is enough where %s", (_, name) => {
    expect(gates([k], name)).not.toContain(short);
  });

  test("is enough beside a folder that says something else", () => {
    expect(gates([k], "K-ON", { folderTitles: titles("Sousou no Frieren") })).not.toContain(short);
  });

  test("is one of up to six Latin letters or two Chinese characters", () => {
    const called = (name: string) => [{ ...wiki.kOn, name, name_cn: "", aliases: [] }];
    expect(gates(called("Overlo"), titles("Overlo", "Sousou no Frieren"))).toContain(short);
    expect(gates(called("Gintama"), titles("Gintama", "Sousou no Frieren"))).not.toContain(short);
    expect(gates(called("航海王"), titles("航海王", "葬送的芙莉莲"))).not.toContain(short);
  });
});

describe("what the name says about the kind", () => {
  const unnumbered = { kind: "unknown", episode: null } as const;
  test.each<[what: string, closed: string[], subject: Subject, title: string, said: Partial<Reading>]>([
    [
      "live action is never the anime",
      ["the name speaks of live action or a stage"],
      wiki.gintama,
      "银魂",
      { staged: true },
    ],
    ["an OVA is no series", ["the name says OVA"], wiki.titan, "进击的巨人", { kind: "ova" }],
    ["an OVA is an OVA", [], wiki.titanOad, "进击的巨人 OAD", { kind: "ova" }],
    [
      "a film is no series",
      ["the name says it is a film"],
      wiki.violet,
      "紫罗兰永恒花园",
      { kind: "movie", episode: null },
    ],
    ["a film is a film", [], wiki.violetFilm, "Violet Evergarden the Movie", { kind: "movie", episode: null }],
    [
      "a film may be what television showed once",
      [],
      wiki.violetRecap,
      "紫罗兰永恒花园 特别编集版",
      { kind: "movie", episode: null },
    ],
    [
      "a whole series in one file must have its very title",
      ["a whole series in one file"],
      wiki.kaguya,
      "Kaguya-sama wa Kokurasetai",
      unnumbered,
    ],
    [
      "a whole series of a length nobody knows must too",
      ["a whole series in one file"],
      { ...wiki.kaguya, eps: 0 },
      "Kaguya-sama wa Kokurasetai",
      unnumbered,
    ],
    ["a whole series in one file may have it", [], wiki.violet, "Violet Evergarden", unnumbered],
    ["what television showed once need not", [], wiki.violetRecap, "紫罗兰永恒花园 特别编", unnumbered],
    ["an episode need not", [], wiki.kaguya, "Kaguya-sama wa Kokurasetai", {}],
    ["a film need not", [], { ...wiki.violetGaiden, aliases: [] }, "紫罗兰永恒花园 外传", unnumbered],
  ])("%s", (_, closed, subject, title, said) => {
    expect(gates([subject], title, said)).toEqual(closed);
  });
});

describe("a numbered season of a show without seasons", () => {
  const endless = "1162 episodes without seasons: a numbered one is another count or another show";
  test("is another site's count", () => {
    expect(gates([wiki.onePiece], "ONE PIECE", { season: 21 })).toEqual([endless]);
    expect(gates([{ ...wiki.onePiece, eps: 100 }], "ONE PIECE", { season: 1 })).toHaveLength(1);
  });

  test.each<[what: string, subject: Subject, said: Partial<Reading>]>([
    ["when the name says no season", wiki.onePiece, {}],
    ["when the year is the show's", wiki.onePiece, { season: 1, year: 1999 }],
    ["when the folder's year is the show's", wiki.onePiece, { season: 1, folderYear: 1999 }],
    ["when the show has less than a hundred", { ...wiki.onePiece, eps: 99 }, { season: 1 }],
    ["when the wiki numbers it", { ...wiki.onePiece, name_cn: "航海王 第一季" }, { season: 1 }],
  ])("is not %s", (_, subject, said) => {
    expect(gates([subject], "ONE PIECE", said)).toEqual([]);
  });

  test("is not when an earlier step came to the show by its relations", () => {
    const placed = { work: workOf({ ...wiki.uruseiOf1981, name: "ONE PIECE" }) };
    expect(gates([wiki.onePiece], "ONE PIECE", { season: 1 }, placed)).toEqual([]);
  });
});
