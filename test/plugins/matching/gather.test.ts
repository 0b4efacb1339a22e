import { describe, expect, test } from "bun:test";
import { aliasIndexOf } from "../../../plugins/matching/alias-index.ts";
import { aliasRow } from "../../../plugins/matching/aliases/works.ts";
import type { AniListWork } from "../../../plugins/matching/anilist/model.ts";
import { gather, type Sources } from "../../../plugins/matching/gather.ts";
import type { ReadTitle } from "../../../src/plugin.ts";
import { bundled, nothingBundled, openWiki, shelf } from "./case.ts";
import { compared, half } from "./subjects.ts";
import type { Shelved } from "./wiki.ts";

const { frieren, frieren2, hoozuki, danDaDan, kOn, kimiNoNaWa } = shelf;

/** What was asked, and what is the best of what was found. */
async function gathered(titles: (string | ReadTitle)[], sources: Partial<Sources> = {}, wiki = openWiki()) {
  const field = await gather(compared(...titles), { catalog: wiki, aliases: bundled, ...sources });
  return { ...field, asked: wiki.asked, best: field.scores[0]?.work.subject.id };
}

const known = ({ id, name }: Pick<Shelved, "id" | "name">, ...titles: string[]) =>
  aliasRow({ bangumi: id, platform: "TV", date: "", anilist: [], myanimelist: [id + 1] }, [name, ...titles]);

describe("Bangumi is asked", () => {
  test("once for a title that it knows", async () => {
    const { asked, best } = await gathered(["胆大党", "Dan Da Dan"]);
    expect(asked).toEqual(["search 胆大党"]);
    expect(best).toBe(danDaDan.id);
  });

  test("for the original name of a work that only the bundled index knows by the title", async () => {
    const { asked, best } = await gathered(["Hoozuki no Reitetsu"]);
    expect(asked).toEqual(["search 鬼灯の冷徹"]);
    expect(best).toBe(hoozuki.id);
  });

  test("for the next title while the best is not certain", async () => {
    expect((await gathered(["胆大的党派啊", "Dan Da Dan"])).asked).toEqual([
      "search 胆大的党派啊",
      "search Dan Da Dan",
    ]);
  });

  test("for the next title where a half is all that fits", async () => {
    const { asked } = await gathered([half("胆大党"), half("Unheard Of")]);
    expect(asked).toEqual(["search 胆大党", "search Unheard Of"]);
  });

  test("for four titles at most, then for two of fewer words", async () => {
    const five = ["甲子乙丑 鼠年", "丙寅丁卯 虎年", "戊辰己巳 龙年", "庚午辛未 马年", "壬申癸酉 猴年"];
    const { asked, best } = await gathered(five);
    expect(asked).toHaveLength(6);
    expect(asked.slice(4)).toEqual(["search 甲子乙丑", "search 丙寅丁卯"]);
    expect(best).toBeUndefined();
  });

  test("for fewer words when what was found is not good", async () => {
    const { asked, best } = await gathered(["Kimi no Namae wa"]);
    expect(asked).toEqual(["search Kimi no Namae wa", "search Kimi no"]);
    expect(best).toBe(kimiNoNaWa.id);
  });

  test("by id for what the index knows and the search does not bring, three at most", async () => {
    const works = Array.from({ length: 5 }, (_, at) => ({
      ...danDaDan,
      id: 900 + at,
      name: "全く別",
      name_cn: "",
      aliases: [],
    }));
    const aliases = aliasIndexOf(works.map((work) => known(work, "Quite Another One")));
    const wiki = openWiki(...works);
    const { asked, best, scores } = await gathered(
      ["Quite Another One"],
      { aliases, catalog: { ...wiki, search: async () => [] } },
      wiki,
    );
    expect(asked).toEqual(["subject 900", "subject 901", "subject 902"]);
    expect([best, scores.length, scores[0]!.exact]).toEqual([900, 3, true]);
  });

  test("for nothing by id that the search brought, or that the index knows as something else", async () => {
    const aliases = aliasIndexOf([known(frieren, "Sousou no Frieren"), known(kOn, "Frieren no Uta")]);
    expect((await gathered(["Sousou no Frieren"], { aliases })).asked).toEqual(["search 葬送のフリーレン"]);
  });
});

describe("what is found", () => {
  test("is best first, and each work once", async () => {
    const { scores } = await gathered(["葬送的芙莉莲", "Frieren"]);
    expect(scores.map(({ work }) => work.subject.id)).toEqual([frieren.id, frieren2.id]);
  });

  test.each(["小说", "真人", "游戏"])("is no %s", async (platform) => {
    const { scores } = await gathered(["葬送的芙莉莲"], {}, openWiki({ id: frieren.id, platform }));
    expect(scores.map(({ work }) => work.subject.id)).toEqual([frieren2.id]);
  });

  test("is one work for one subject, with the names that the index and the kana give it", async () => {
    const { scores, toWork } = await gathered(["Sousou no Frieren"]);
    const work = toWork(frieren);
    expect(work).toBe(scores[0]!.work);
    expect(work.names.map(({ text }) => text)).toContain("Frieren");
    expect(toWork(shelf.genshiken).names.map(({ text }) => text)).toContain("genshiken");
  });
});

describe("AniList", () => {
  const answer = (more: Partial<AniListWork>): AniListWork => ({
    ...{ anilistId: 1, malId: null, titles: [], format: "TV", year: null, episodes: null, ...more },
  });
  const anilist = (...works: AniListWork[]) => {
    const asked: string[] = [];
    return {
      asked,
      search: async (title: string) => {
        asked.push(title);
        return works;
      },
    };
  };
  const PUNS = "Hell Demon Coolheaded";

  test("tells the work by its id, and by what names it is known", async () => {
    const other = anilist(answer({ anilistId: 20431, titles: [PUNS] }));
    const { best, scores } = await gathered([PUNS], { anilist: other });
    expect(other.asked).toEqual([PUNS]);
    expect([best, scores[0]!.exact]).toEqual([hoozuki.id, true]);
  });

  test("tells it by MyAnimeList's id where its own is not known", async () => {
    const aliases = aliasIndexOf([known(hoozuki)]);
    const other = anilist(answer({ malId: hoozuki.id + 1, titles: [PUNS] }));
    expect((await gathered([PUNS], { anilist: other, aliases })).best).toBe(hoozuki.id);
  });

  test("tells it by its original title where no id is known", async () => {
    const other = anilist(answer({ titles: [PUNS, "鬼灯の冷徹"] }));
    const { best, asked } = await gathered([PUNS], { anilist: other, aliases: nothingBundled });
    expect(best).toBe(hoozuki.id);
    expect(asked).toContain("search 鬼灯の冷徹");
  });

  test("tells nothing by an original title that is only the beginning of another", async () => {
    const other = anilist(answer({ titles: [PUNS, "鬼灯"] }));
    expect((await gathered([PUNS], { anilist: other, aliases: nothingBundled })).scores).toEqual([]);
  });

  test("gives names to a work that was found already and was not good", async () => {
    const other = anilist(answer({ anilistId: 154587, titles: ["Frieren Beyond Magic"] }));
    const { scores } = await gathered(["Frieren Beyond Magic"], { anilist: other });
    expect([scores[0]!.work.subject.id, scores[0]!.exact]).toEqual([frieren.id, true]);
    expect(scores.filter(({ work }) => work.subject.id === frieren.id)).toHaveLength(1);
  });

  test("is heard for its first three works", async () => {
    const titles = ["鬼灯の冷徹", "ダンダダン", "君の名は。", "けいおん！"].map((name) => [PUNS, name]);
    const { scores } = await gathered([PUNS], {
      anilist: anilist(...titles.map((names) => answer({ titles: names }))),
    });
    const found = scores.map(({ work }) => work.subject.id);
    expect(found.toSorted()).toEqual([hoozuki.id, danDaDan.id, kimiNoNaWa.id].toSorted());
  });

  test("is not heard for what is no anime", async () => {
    const other = anilist(answer({ anilistId: 20431, titles: [PUNS] }));
    const wiki = openWiki({ id: hoozuki.id, platform: "真人" });
    expect((await gathered([PUNS], { anilist: other }, wiki)).scores).toEqual([]);
  });

  test.each<[string, (string | ReadTitle)[]]>([
    ["something good was found", ["Dan Da Dan"]],
    ["no title is Latin", ["谁也不知道的名字"]],
    ["only a half is Latin", ["谁也不知道的名字", half("Hell Demon")]],
  ])("is not asked where %s", async (_, titles) => {
    const other = anilist();
    await gathered(titles, { anilist: other });
    expect(other.asked).toEqual([]);
  });

  test("is asked for a title without its season", async () => {
    const other = anilist();
    await gathered([`${PUNS} 2nd Season`], { anilist: other });
    expect(other.asked).toEqual([PUNS]);
  });
});
