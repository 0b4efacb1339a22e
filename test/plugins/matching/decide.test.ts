import { beforeAll, describe, expect, test } from "bun:test";
import type { AniListWork } from "../../../plugins/matching/anilist/model.ts";
import { decideGroup } from "../../../plugins/matching/decide.ts";
import type { Sources } from "../../../plugins/matching/gather.ts";
import type { ScoreLimits } from "../../../plugins/matching/limits.ts";
import { type Anitomy, loadAnitomy } from "../../../src/library/anitomy.ts";
import { readRelease } from "../../../src/library/reader/read-release.ts";
import { bundled, openWiki, shelf } from "./case.ts";

let anitomy: Anitomy;
beforeAll(async () => {
  anitomy = await loadAnitomy();
});

const LIMITS: ScoreLimits = { minCandidateScore: 0.5, minConfidence: 0.9 };

/** What the rules make of paths in one folder, read as the library reads them. */
async function decide(paths: string[], sources: Partial<Sources> = {}, limits = LIMITS) {
  const wiki = openWiki();
  const files = paths.map((path) => ({ mediaId: path, path, reading: readRelease(path, anitomy) }));
  const verdicts = await decideGroup({ files }, { catalog: wiki, aliases: bundled, ...sources }, limits);
  return { verdicts, asked: wiki.asked };
}

async function decideOne(path: string, sources: Partial<Sources> = {}, limits = LIMITS) {
  const { verdicts, asked } = await decide([path], sources, limits);
  const { match, candidates } = verdicts[0]!;
  return { match, candidates, asked, episode: match?.episodeId == null ? null : match.episodeId % 10_000 };
}

const { frieren, kOn, kOn2, noragami2, orphen4, fruitsBasket, fruitsBasketFinal, mushoku, mushokuPart2 } = shelf;
const { mushoku2, mushoku2Part2, danDaDan, danDaDan2, kyoukaiSenki2, hoozuki2Part2, ajinOad, kaguya3, overlord4 } =
  shelf;
const { reZero2Part2, spiceAndWolfOf2024, girlsBandCry, kimiNoNaWa, violetFilm, konosubaFilm, higurashiSotsu } = shelf;
const { titan, onePiece, nanabun, loop7, slime300Season2, fena, sorairoSpecial, wotakoi, idolTime } = shelf;
const { maou2, urusei2, beastars2, spyRoom, kimetsu } = shelf;

type Row = [path: string, work: { id: number }, episode: number | null, because: string];

describe("is matched:", () => {
  test.each<Row>([
    ["Frieren/Frieren - 01.mkv", frieren, 1, '"Frieren" is'],
    ["[ANi] 葬送的芙莉蓮 - 08 [1080P][Baha][WEB-DL][AAC AVC][CHT].mp4", frieren, 8, '"葬送的芙莉蓮" is'],
    [
      "【喵萌奶茶屋】★07月新番★[Fena Pirate Princess_Kaizoku Oujo][09][720p][繁體][招募翻譯校對].mkv",
      fena,
      9,
      '"Fena Pirate Princess" is',
    ],
    [
      "[喵萌奶茶屋&LoliHouse] Sorairo Utility [WebRip 1080p HEVC-10bit AAC][简繁日内封字幕].mkv",
      sorairoSpecial,
      null,
      "TV 2021",
    ],
    // Of two seasons whose names differ in marks.
    ["K-ON!!_Ep08_Career_Plan!_[1080p,BluRay,x264]_-_THORA.mkv", kOn2, 8, '"K-ON!!" is "K-ON!!"'],
    ["K-ON!_Ep08_Freshman_Reception!_[1080p,BluRay,x264]_-_THORA.mkv", kOn, 8, '"K-ON!" is "K-ON!"'],
    // A later season: said by the wiki, along the chain, by a subtitle.
    ["[桜都字幕组] 不死者之王 第四季 _ OVERLORD Ⅳ [08][1080p][简繁内封].mkv", overlord4, 8, "season 4;"],
    ["[ANi] 打工吧，魔王大人！第二季 - 11 [1080P][Baha][WEB-DL][AAC AVC][CHT].mp4", maou2, 24, "season 2;"],
    ["Noragami - S02E06 - What Must Be Done [Episode 6].mkv", noragami2, 6, "season 2 of its series"],
    [
      "[澄空学园&雪飘工作室&LoliHouse] 辉夜大小姐想让我告白 第三季 _ Kaguya-sama wa Kokurasetai S3 - 01 [WebRip 1080p HEVC-10bit AAC][简繁内封字幕].mkv",
      kaguya3,
      25,
      "season 3",
    ],
    [
      "[桜都字幕组] 寒蝉鸣泣之时 卒 _ Higurashi no Naku Koro ni Sotsu [05][1080p][简体内嵌].mkv",
      higurashiSotsu,
      5,
      "TV 2021",
    ],
    ["Majutsushi Orphen Hagure Tabi Seiiki-hen S04E02.mkv", orphen4, 2, "season 4 by its subtitle"],
    // Of remakes with one title.
    ["[Judas] Fruits Basket - S01E13.mkv", fruitsBasket, 13, "the first season with this title"],
    [
      "[喵萌奶茶屋&LoliHouse] 水果篮子 第三季 _ Fruits Basket S3 (2019) - 05 [WebRip 1080p HEVC-10bit AAC][简繁内封字幕].mkv",
      fruitsBasketFinal,
      55,
      "season 3 of its series",
    ],
    [
      "[桜都字幕组] 狼与香辛料 _ Ookami to Koushinryou：Merchant Meets the Wise Wolf [11][1080p][简体内嵌].mkv",
      spiceAndWolfOf2024,
      11,
      "TV 2024",
    ],
    // A part.
    ["Re：从零开始的异世界生活 第二季 后半部分/06.mkv", reZero2Part2, 44, "season 2;"],
    [
      "Mushoku Tensei II Part 2/[Erai-raws] Mushoku Tensei II Part 2 - 06 [1080p][HEVC][Multiple Subtitle][7509990E].mkv",
      mushoku2Part2,
      42,
      "season 2;",
    ],
    // Numbers that run on.
    [
      "[桜都字幕组] Mushoku Tensei S2 [16][1080p][简繁内封].mkv",
      mushoku2Part2,
      39,
      "episode 16 counted through the parts of the season",
    ],
    [
      "[桜都字幕組] Mushoku Tensei Isekai Ittara Honki Dasu [19][1080p][繁體內嵌].mkv",
      mushokuPart2,
      19,
      "episode 19 counted through the parts",
    ],
    [
      "【喵萌奶茶屋】★07月新番★[Dandadan][19][1080p][简日双语].mkv",
      danDaDan2,
      7,
      "episode 19 counted from the first season",
    ],
    ["【喵萌奶茶屋】★01月新番★[BEASTARS][24][720p][繁體][招募翻譯校對].mkv", beastars2, 24, "TV 2021"],
    [
      "[ANi] 境界戰機 第二部 - 24 [1080P][Baha][WEB-DL][AAC AVC][CHT].mp4",
      kyoukaiSenki2,
      11,
      "episode 24 counted from the seasons before",
    ],
    [
      "[ANi] 她來自煩星 第二季 - 30 [1080P][Baha][WEB-DL][AAC AVC][CHT].mp4",
      urusei2,
      7,
      "episode 30 counted from the seasons before",
    ],
    [
      "[桜都字幕組] Dan Da Dan (2025) [15][1080p][繁體內嵌].mkv",
      danDaDan2,
      3,
      "the season of 2025; episode 15 counted from the seasons before",
    ],
    // Films and OVAs.
    ["[VCB-Studio] Kimi no Na wa. (2016) [BDRip 1080p].mkv", kimiNoNaWa, 1, "剧场版 2016"],
    [
      "[.subbers project] 剧场版 紫罗兰永恒花园 _ 劇場版 ヴァイオレット・エヴァーガーデン _ Violet Evergarden the Movie [BDRip][FullHD][简体中文字幕内嵌].mkv",
      violetFilm,
      1,
      "剧场版 2020",
    ],
    [
      "[千夏字幕组&LoliHouse] 为美好的世界献上祝福！红传说 _ Kono Subarashii Sekai ni Shukufuku wo! Kurenaidensetsu [BDRip 1080p HEVC-10bit FLAC][简繁外挂字幕].mkv",
      konosubaFilm,
      1,
      "剧场版 2019",
    ],
    ["[Moozzi2] Ajin (OAD) - 02 (BD 1920x1080 x264 Flac).mkv", ajinOad, 2, "the OVA of the series"],
    // What is no episode.
    [
      "[VCB-Studio] Frieren [Ma10p_1080p]/SPs/[VCB-Studio] Frieren [NCOP][Ma10p_1080p].mkv",
      frieren,
      null,
      '"Frieren" is',
    ],
    [
      "[喵萌Production&LoliHouse] 无职转生 ～在异世界认真地活下去～ 第二季 _ Mushoku Tensei S2 - 00 [WebRip 1080p HEVC-10bit AAC][简繁内封字幕].mp4",
      mushoku2,
      null,
      "season 2",
    ],
    // Titles that are only like.
    [
      "[GJ.Y] Loop 7-kaime no Akuyaku Reijou - 05 (CR 1920x1080 AVC AAC MKV).mkv",
      loop7,
      5,
      "the only series that begins so",
    ],
    [
      "[桜都字幕组] 持续狩猎史莱姆三百年，不知不觉就练到满级 第二季 _ Slime Taoshite 300-nen, Shiranai Uchi ni Level Max ni Nattemashita Sono Ni [06][1080p][简繁内封].mkv",
      slime300Season2,
      6,
      "titles in two scripts are alike",
    ],
    [
      "Girls Band Cry S01E05 VOSTFR 1080p WEB x264 AAC -Tsundere-Raws (ADN).mkv",
      girlsBandCry,
      5,
      '"Girls Band Cry" is',
    ],
    ["航海王 (1999)/Season 1/航海王 - S01E33.mkv", onePiece, 33, "TV 1999"],
  ])("%s", async (path, work, episode, because) => {
    const { match, candidates, episode: found } = await decideOne(path);
    expect({ id: match?.subjectId, episode: found }).toEqual({ id: work.id, episode });
    expect(match!.reason).toContain(because);
    expect(candidates[0]).toMatchObject({ confidence: match!.confidence, reason: match!.reason });
  });
});

describe("is left to a person, who sees the work and why:", () => {
  test.each<[path: string, work: { id: number }, because: string]>([
    [
      "[ANi] 鬼燈的冷徹(第二季) - 22 [1080P][Baha][WEB-DL][AAC AVC][CHT].mp4",
      hoozuki2Part2,
      "but counted another way it is of another part",
    ],
    ["[Judas] Idol Time PriPara - S02E03.mkv", idolTime, "but it has a sequel of its own"],
    ["Frieren/Frieren S05E01.mkv", frieren, "but season 5 is not known"],
    [
      "[GJ.Y] 间谍教室 后半 _ Spy Kyoushitsu - 06 (B-Global 1920x1080 HEVC AAC MKV).mkv",
      spyRoom,
      "but part 2 is not known",
    ],
    [
      "[DmzJ][Wotaku_ni_Koi_wa_Muzukashii_(2020)][01][BDRip][1080P].mkv",
      wotakoi,
      "but it is of 2018, the name says 2020",
    ],
    ["进击的巨人 解说 04.mp4", titan, "but the name speaks of live action or a stage"],
    ["[Group] 剧场版合集 - 进击的巨人 [1080p].mkv", titan, "but the name says it is a film"],
    [
      "[LoliHouse] 鬼灭之刃 _ Kimetsu no Yaiba OVA01 [WebRip 1080p HEVC-10bit AAC].mkv",
      kimetsu,
      "but the name says OVA",
    ],
    [
      "[LoliHouse] 22 _ 7 _ Nanabun no Nijuuni - 08 [WebRip 1080p HEVC-10bit AAC][英文内封字幕].mkv",
      nanabun,
      "but only a short one of its titles fits",
    ],
    ["ONE.PIECE.S01E02.1080p.NF.WEB-DL.mkv", onePiece, "1162 episodes without seasons"],
    ["K-ON!!/K-ON!! - 60.mkv", kOn2, "but no episode 60 in it"],
  ])("%s", async (path, work, because) => {
    const { match, candidates } = await decideOne(path);
    expect(match).toBeNull();
    expect(candidates[0]!.subject.id).toBe(work.id);
    expect(candidates[0]!.reason).toContain(because);
  });
});

describe("what is known of a file", () => {
  test("is asked for with one search and one list of episodes, where the title is plain", async () => {
    const { asked } = await decideOne("[ANi] 葬送的芙莉蓮 - 08 [1080P][Baha][WEB-DL][AAC AVC][CHT].mp4");
    expect(asked).toEqual(["search 葬送的芙莉莲", `episodes ${frieren.id}`]);
  });

  test("is asked for once, however many files a group has", async () => {
    const { verdicts, asked } = await decide([1, 2, 3].map((at) => `Frieren/葬送的芙莉莲 - 0${at}.mkv`));
    expect(verdicts.map(({ mediaId, match }) => [mediaId, match?.episodeId])).toEqual(
      [1, 2, 3].map((at) => [`Frieren/葬送的芙莉莲 - 0${at}.mkv`, frieren.id * 10_000 + at]),
    );
    expect(new Set(asked)).toEqual(new Set(["search 葬送的芙莉莲", `episodes ${frieren.id}`]));
    expect(asked.filter((what) => what.startsWith("search"))).toHaveLength(1);
  });

  test("is asked of nobody where a name says nothing", async () => {
    const { match, candidates, asked } = await decideOne("01.mkv");
    expect({ match, candidates, asked }).toEqual({ match: null, candidates: [], asked: [] });
    expect((await decide([])).verdicts).toEqual([]);
  });

  test("is nothing where nothing is like its title", async () => {
    const { match, candidates } = await decideOne("[Group] Zqxwv Jkpf - 01 [1080p].mkv");
    expect({ match, candidates }).toEqual({ match: null, candidates: [] });
  });

  test("is not kept from whoever asks when Bangumi cannot be reached", async () => {
    const down = Object.assign(openWiki(), { search: () => Promise.reject(new Error("out of reach")) });
    await expect(decideOne("Frieren/Frieren - 01.mkv", { catalog: down })).rejects.toThrow("out of reach");
  });
});

describe("AniList", () => {
  const PATH = "[Group] Hell Demon Coolheaded - 03 [1080p].mkv";
  const work = (more: Partial<AniListWork>): AniListWork => ({
    ...{
      anilistId: 1,
      malId: null,
      format: "TV",
      year: 2014,
      episodes: 13,
      titles: ["Hell Demon Coolheaded", "鬼灯の冷徹"],
    },
    ...more,
  });

  test.each([
    ["by the id of a work", work({ anilistId: 20431 })],
    ["by the original title of a work", work({})],
  ])("gives the title that Bangumi lacks: %s", async (_, answer) => {
    expect((await decideOne(PATH)).match).toBeNull();
    const { match, episode } = await decideOne(PATH, { anilist: { search: async () => [answer] } });
    expect([match?.subjectId, episode]).toEqual([shelf.hoozuki.id, 3]);
  });
});

describe("candidates", () => {
  const PATH = "[Judas] Mushoku Tensei - 02.mkv";

  test("are best first, each once, with what speaks for each", async () => {
    const { match, candidates } = await decideOne(PATH);
    expect(match?.subjectId).toBe(mushoku.id);
    const found = candidates.map(({ subject }) => subject.id);
    expect(found).toContain(mushokuPart2.id);
    expect(new Set(found).size).toBe(found.length);
    expect(candidates[1]!.reason).toMatch(/^"Mushoku Tensei" .+; TV 20\d\d$/);
    expect(candidates.every(({ confidence }) => confidence >= LIMITS.minCandidateScore && confidence <= 1)).toBe(true);
    expect(candidates[0]!.subject).toEqual({ id: mushoku.id, name: mushoku.name, name_cn: mushoku.name_cn });
  });

  test("below the lowest score are left out", async () => {
    const { candidates } = await decideOne(PATH, {}, { ...LIMITS, minCandidateScore: 0.93 });
    expect(candidates.map(({ confidence }) => confidence).every((confidence) => confidence >= 0.93)).toBe(true);
    expect(candidates.length).toBeLessThan((await decideOne(PATH)).candidates.length);
  });

  test("that are not sure enough are not matched", async () => {
    expect((await decideOne(PATH, {}, { ...LIMITS, minConfidence: 0.99 })).match).toBeNull();
    expect((await decideOne(PATH, {}, { ...LIMITS, minConfidence: 0.94 })).match).not.toBeNull();
  });

  test("are the same for a match that a step moved along the chain, that one first", async () => {
    const { candidates } = await decideOne("[桜都字幕組] Dan Da Dan (2025) [15][1080p][繁體內嵌].mkv");
    expect(candidates.map(({ subject }) => subject.id)).toEqual([danDaDan2.id, danDaDan.id]);
  });
});

test("the numbers of a group say how it counts: by place where one of them is before the wiki's first", async () => {
  const path = (number: string): string =>
    `[桜都字幕组] 无职转生～到了异世界就拿出真本事～ 第2部分 [${number}][1080p][简繁内封].mkv`;
  const numbers = async (...of: string[]): Promise<number[]> =>
    (await decide(of.map(path))).verdicts.map(({ match }) => (match?.episodeId ?? 0) % 10_000);
  // The wiki counts this part from 12 on.
  expect(await numbers("12")).toEqual([12]);
  expect(await numbers("01", "12")).toEqual([12, 23]);
});
