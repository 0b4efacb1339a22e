import { describe, expect, test } from "bun:test";
import { readTitleSeason } from "../../../src/lib/title-season.ts";

const nothing = { season: null, part: null, final: false, weak: false };

describe("a season that is said", () => {
  test.each([
    ["Sousou no Frieren S2", "Sousou no Frieren", 2],
    ["Show s02", "Show", 2],
    ["Show (Season 1-3)", "Show", 1],
    ["Kimetsu no Yaiba S01-05", "Kimetsu no Yaiba", 1],
    ["grisaia no kajitsu - s01s02", "grisaia no kajitsu", 1],
    ["Spice and Wolf [Season 2]", "Spice and Wolf", 2],
    ["The Legend of Condor Hero:Season III", "The Legend of Condor Hero", 3],
    ["Ore no Imouto (saison 2)", "Ore no Imouto", 2],
    ["Re:ゼロから始める異世界生活 3rd season 反擊編", "Re:ゼロから始める異世界生活 反擊編", 3],
    ["Fate/Zero 2nd Season", "Fate/Zero", 2],
    ["Hayate no Gotoku 2nd Season 24", "Hayate no Gotoku 24", 2],
    ["神魂合体ゴーダンナー!! SECOND SEASON", "神魂合体ゴーダンナー!!", 2],
    ["Initial D Fourth Stage", "Initial D", 4],
    ["Initial D 2nd Stage", "Initial D", 2],
    ["マリア様がみてる 3rdシーズン", "マリア様がみてる", 3],
    ["ハイキュー!! セカンドシーズン", "ハイキュー!!", 2],
    ["砂沙美☆魔法少女クラブ シーズン2", "砂沙美☆魔法少女クラブ", 2],
    ["魔法科高校の劣等生 第3シーズン", "魔法科高校の劣等生", 3],
    ["忍たま乱太郎 第26シリーズ", "忍たま乱太郎", 26],
    ["食锈末世录 第二季", "食锈末世录", 2],
    ["【我推的孩子】第2期", "【我推的孩子】", 2],
    ["闇芝居 十七期", "闇芝居", 17],
    ["まとめ 2期", "まとめ", 2],
    ["三国志 第二部 长江的燃烧", "三国志 长江的燃烧", 2],
    ["炎炎消防隊 參之章", "炎炎消防隊", 3],
    ["炎炎ノ消防隊 参ノ章", "炎炎ノ消防隊", 3],
    ["Enen no Shouboutai San no Shou", "Enen no Shouboutai", 3],
    ["Hiiro no Kakera Dai Ni Shou", "Hiiro no Kakera", 2],
    ["食戟之灵 贰之皿", "食戟之灵", 2],
    ["食戟のソーマ 餐ノ皿", "食戟のソーマ", 3],
    ["Shokugeki no Souma: Ni no Sara", "Shokugeki no Souma", 2],
    ["School Rumble Ni Gakki", "School Rumble", 2],
    ["スクールランブル 三学期", "スクールランブル", 3],
    ["Nyuru Nyuru!! Kakusen-kun 2-ki", "Nyuru Nyuru!! Kakusen-kun", 2],
    ["夏目友人帳 陸", "夏目友人帳", 6],
    ["機動戦士ガンダム 鉄血のオルフェンズ 弐", "機動戦士ガンダム 鉄血のオルフェンズ", 2],
    ["Season 2", "", 2],
    ["第二季", "", 2],
  ])("%s", (title, base, season) => {
    expect(readTitleSeason(title)).toEqual({ ...nothing, base, season });
  });
});

describe("a season that is only a digit or a Roman numeral", () => {
  test.each([
    ["OVERLORD IV", "OVERLORD", 4],
    ["無職転生Ⅱ", "無職転生", 2],
    ["無職転生Ⅱ ～異世界行ったら本気だす～", "無職転生 ~異世界行ったら本気だす~", 2],
    ["GATEⅡ", "GATE", 2],
    ["Mob Psycho 100 II", "Mob Psycho 100", 2],
    ["ダイヤのA actⅡ", "ダイヤのA", 2],
    ["Nijiyon Animation 2", "Nijiyon Animation", 2],
    ["ゆるゆり2", "ゆるゆり", 2],
    ["IDOLiSH7 2", "IDOLiSH7", 2],
    ["Yami Shibai 12", "Yami Shibai", 12],
    ["Strike Witches 2nd", "Strike Witches", 2],
    ["食戟之灵 二", "食戟之灵", 2],
  ])("%s", (title, base, season) => {
    expect(readTitleSeason(title)).toEqual({ ...nothing, base, season, weak: true });
  });
});

describe("parts, cours and halves", () => {
  test.each([
    ["進撃の巨人 The Final Season Part.2", "進撃の巨人 The Final Season", null, 2, true],
    ["Boku no Hero Academia FINAL SEASON", "Boku no Hero Academia FINAL SEASON", null, null, true],
    ["进击的巨人 最终季 Part 3", "进击的巨人 最终季", null, 3, true],
    ["某 第二季 第2クール", "某", 2, 2, false],
    ["Spy x Family (Season 1 Part 2)", "Spy x Family", 1, 2, false],
    ["Bleach - Sennen Kessen-hen cour 2", "Bleach - Sennen Kessen-hen", null, 2, false],
    ["Ajin (2016 Dai 2 Cour)", "Ajin (2016)", null, 2, false],
    ["極主夫道 パート2", "極主夫道", null, 2, false],
    ["BASTARD!!暗黑破壞神 第二部分", "BASTARD!!暗黑破壞神", null, 2, false],
    ["Girls und Panzer das Finale Part Three", "Girls und Panzer das Finale", null, 3, false],
    ["虫师 续章 后半", "虫师 续章", null, 2, false],
    ["X 後半クール", "X", null, 2, false],
    ["X 前半", "X", null, 1, false],
    ["The Case Study of Vanitas S01P01", "The Case Study of Vanitas", 1, null, false],
  ])("%s", (title, base, season, part, final) => {
    expect(readTitleSeason(title)).toEqual({ base, season, part, final, weak: false });
  });
});

describe("what is no season stays in the title", () => {
  test.each([
    "86",
    "22/7",
    "91 Days",
    "Mob Psycho 100",
    "Steins;Gate 0",
    "No.6",
    "Zom 100",
    "Area 88",
    "エリア88",
    "Level 1",
    "Lv2",
    "Rouge",
    "Ranma 1/2",
    "IDOLiSH7",
    "DNA2",
    "K",
    "K-ON!!",
    "Gintama.",
    "Working'!!",
    "One Piece Movie 9",
    "Lupin III",
    "Golgo 13",
    "人造人009",
    "攻殻機動隊 SAC_2045",
    "一期一会",
    "鬼平 第一季度",
    "第9",
    "Natsume Yuujinchou Roku",
    "2年级篇 第一学期",
    "Uchuu Senkan Yamato 2199",
  ])("%s", (title) => {
    expect(readTitleSeason(title)).toEqual({ ...nothing, base: title });
  });
});
