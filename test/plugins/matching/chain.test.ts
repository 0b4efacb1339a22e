import { describe, expect, test } from "bun:test";
import {
  createChains,
  extendsName,
  partOf,
  sameSeries,
  seasonSaid,
  seasonsOf,
} from "../../../plugins/matching/chain.ts";
import { workOf } from "../../../plugins/matching/names.ts";
import { type Change, ids, openWiki, shelf } from "./case.ts";

const open = (...changes: Change[]) => {
  const wiki = openWiki(...changes);
  return { wiki, chains: createChains(wiki, (subject) => workOf(subject)) };
};
async function chainOf(start: Change, ...changes: Change[]) {
  const { wiki, chains } = open(...changes);
  return ids(await chains.of(workOf((await wiki.subject(start.id))!)));
}

describe("the chain of a work", () => {
  const { mushoku, mushokuPart2, mushoku2, mushoku2Part2, genshiken, genshiken2, urawa, butler } = shelf;

  test.each([mushoku, mushokuPart2, mushoku2, mushoku2Part2])(
    "is the whole one from anywhere: $name",
    async (start) => {
      expect(await chainOf(start)).toEqual(
        ids([mushoku, mushokuPart2, mushoku2, mushoku2Part2].map((one) => workOf(one))),
      );
    },
  );

  test("is the work alone where nothing leads on", async () => {
    expect(await chainOf(shelf.kimiNoNaWa)).toEqual([shelf.kimiNoNaWa.id]);
  });

  test("steps over an OVA that stands between two seasons, in both directions", async () => {
    expect(await chainOf(genshiken)).toEqual([genshiken.id, genshiken2.id]);
    expect(await chainOf(genshiken2)).toEqual([genshiken.id, genshiken2.id]);
  });

  test("ends where the next work is called otherwise", async () => {
    const { id } = shelf.musashino;
    expect(await chainOf(urawa, { id, aliases: [] })).toEqual([urawa.id]);
    expect(await chainOf(urawa)).toEqual([urawa.id, id]);
  });

  test("ends behind an OVA that leads to another series", async () => {
    const other = { id: genshiken2.id, name: "くじびきアンバランス", name_cn: "", aliases: [] };
    expect(await chainOf(genshiken, other)).toEqual([genshiken.id]);
  });

  test("leaves out a film before the first season, and one that television showed once", async () => {
    const { jujutsu, jujutsu2, jujutsu3, jujutsuFilm } = shelf;
    const seasons = [jujutsu.id, jujutsu2.id, jujutsu3.id];
    expect(await chainOf(jujutsu)).toEqual(seasons);
    expect(await chainOf(jujutsu, { id: jujutsuFilm.id, platform: "TV" })).toEqual(seasons);
  });

  test("goes on with the oldest of several sequels, but not with one older than the work", async () => {
    expect(await chainOf(butler)).toEqual([butler.id, shelf.butler2.id]);
    expect(await chainOf(butler, { id: shelf.butler2.id, date: "2001-01-01" })).toEqual([
      butler.id,
      shelf.butlerCircus.id,
    ]);
  });

  test("goes back to the newest of several prequels that is older than the work", async () => {
    const start = { ...shelf.butlerCircus, relations: ["前传 883", "前传 1748"] };
    expect(await chainOf(start, start)).toEqual([butler.id, shelf.butler2.id, start.id]);
  });

  test("does not go back to a prequel newer than the work while there is another", async () => {
    const start = { ...shelf.butlerCircus, relations: ["前传 883", "前传 1748"] };
    expect(await chainOf(start, start, { id: 1748, date: "2020-01-01" })).toEqual([butler.id, start.id]);
  });

  test("ends where relations run in a circle", async () => {
    const { danDaDan, danDaDan2 } = shelf;
    const round = [
      { id: danDaDan.id, relations: [`续集 ${danDaDan2.id}`, `前传 ${danDaDan2.id}`] },
      { id: danDaDan2.id, relations: [`续集 ${danDaDan.id}`, `前传 ${danDaDan.id}`] },
    ];
    expect(await chainOf(danDaDan, ...round)).toEqual([danDaDan2.id, danDaDan.id]);
  });

  test("is at most 24 works long", async () => {
    const long = Array.from({ length: 30 }, (_, at) => ({
      ...{ ...shelf.danDaDan, id: 1000 + at, date: `${1990 + at}-01-01`, relations: [`续集 ${1001 + at}`] },
    }));
    expect(await chainOf(long[0]!, ...long)).toHaveLength(24);
  });

  test("passes over a work that the wiki does not show", async () => {
    expect(await chainOf(shelf.danDaDan, { id: shelf.danDaDan.id, relations: ["续集 1"] })).toEqual([
      shelf.danDaDan.id,
    ]);
  });

  test("takes a work without a date for the newest", async () => {
    const { spiceAndWolfOf2024, spiceAndWolfOf2024Season2: next } = shelf;
    expect(await chainOf(spiceAndWolfOf2024)).toEqual([spiceAndWolfOf2024.id, next.id]);
  });

  test("is walked once for all of its works", async () => {
    const { wiki, chains } = open();
    const [, second] = await chains.of(workOf(mushoku));
    const asked = wiki.asked.length;
    expect(ids(await chains.of(second!))).toContain(mushoku2Part2.id);
    expect(wiki.asked).toHaveLength(asked);
  });
});

describe("relations", () => {
  const { chains } = open(
    { id: shelf.frieren.id, relations: ["前传 3774 1", "续集 515759"] },
    { id: shelf.ajin.id, relations: ["番外篇 153114", "续集 181640", "书籍 160209 1"] },
  );

  test.each([
    ["with a prequel", shelf.kOn2, true],
    ["without one", shelf.kOn, false],
    ["whose prequel is a book", shelf.frieren, false],
  ])("tell a work %s", async (_, work, expected) => {
    expect(await chains.hasPrequel(workOf(work))).toBe(expected);
  });

  test("of every name are related works, of anime only", async () => {
    expect(ids(await chains.related(workOf(shelf.ajin)))).toEqual([shelf.ajinOad.id, shelf.ajinPart2.id]);
  });
});

describe("two works", () => {
  test.each([
    ["with one name and a subtitle", shelf.noragami, shelf.noragami2, true],
    ["with nothing in common", shelf.noragami, shelf.frieren, false],
    ["that begin with one letter", { ...shelf.kOn, name: "銀河", name_cn: "", aliases: [] }, shelf.gintama, false],
    [
      "that share two letters of a long name",
      shelf.hoozuki,
      { ...shelf.kOn, name: "鬼灯コレクション", name_cn: "", aliases: [] },
      false,
    ],
    ["that share most of a short one", shelf.ajin, { ...shelf.kOn, name: "亜人間", name_cn: "", aliases: [] }, true],
    ["that share an alias", shelf.urawa, shelf.musashino, true],
  ])("%s are of one series or not: %#", (_, a, b, expected) => {
    expect([sameSeries(workOf(a), workOf(b)), sameSeries(workOf(b), workOf(a))]).toEqual([expected, expected]);
  });

  test.each([
    ["a later season", shelf.noragami2, shelf.noragami, true],
    ["the first season", shelf.noragami, shelf.noragami2, false],
    ["the same work", shelf.noragami, shelf.noragami, false],
    ["a film, whose name says so first", shelf.jujutsuFilm, shelf.jujutsu, true],
    ["a work with such an alias only", shelf.musashino, shelf.urawa, false],
  ])("of which one goes on with the other's name: %s", (_, longer, shorter, expected) => {
    expect(extendsName(workOf(longer), workOf(shorter))).toBe(expected);
  });
});

describe("seasons", () => {
  const cut = (...chain: Parameters<typeof workOf>[0][]) =>
    seasonsOf(chain.map((subject) => workOf(subject))).map(({ number, works }) => [number, ids(works)]);

  test("hold their parts, said by a part or by the same number again", () => {
    const { mushoku, mushokuPart2, mushoku2, mushoku2Part2, maou, maou2, maou2Part2 } = shelf;
    expect(cut(mushoku, mushokuPart2, mushoku2, mushoku2Part2)).toEqual([
      [1, [mushoku.id, mushokuPart2.id]],
      [2, [mushoku2.id, mushoku2Part2.id]],
    ]);
    expect(cut(maou, { ...maou2, name: "はたらく魔王さま！ 第2期" }, maou2Part2)).toEqual([
      [1, [maou.id]],
      [2, [maou2.id, maou2Part2.id]],
    ]);
  });

  test("are counted on where a name says no number, and from where one does", () => {
    const { higurashi, higurashiKai, higurashiGou, jujutsu2, jujutsu3 } = shelf;
    expect(cut(higurashi, higurashiKai, higurashiGou).map(([number]) => number)).toEqual([1, 2, 3]);
    expect(cut(jujutsu2, jujutsu3).map(([number]) => number)).toEqual([2, 3]);
  });

  test("two that both say they are the first are two", () => {
    const first = { ...shelf.fruitsBasket, id: 1 };
    expect(cut(shelf.fruitsBasket, first)).toHaveLength(2);
  });

  test("are said by the wiki's own names, not by aliases", () => {
    expect(seasonSaid(workOf(shelf.overlord4))).toBe(4);
    expect(seasonSaid(workOf(shelf.noragami2))).toBeNull();
    expect(partOf(workOf(shelf.mushoku2Part2))).toBe(2);
    expect(partOf(workOf(shelf.mushoku2))).toBe(1);
  });
});
