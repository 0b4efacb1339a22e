/** Real works of Bangumi, with the names, counts and relations that the wiki had in 2026. */
import type { Subject } from "../../../plugins/bangumi/model.ts";

export interface Shelved extends Subject {
  /** `relation id`, of works on this shelf. */
  relations: readonly string[];
  /** The number of its first main episode: where the count goes on from an earlier season, not 1. */
  firstSort: number;
}

export const shelved = (
  id: number,
  platform: string,
  date: string | null,
  eps: number,
  [name, name_cn, ...aliases]: [name: string, name_cn: string, ...aliases: string[]],
  relations: readonly string[],
  firstSort = 1,
): Shelved => ({
  ...{ id, name, name_cn, aliases, platform, date, eps, total_episodes: eps, nsfw: false, image: null },
  ...{ relations, firstSort },
});

// biome-ignore format: a table, one work a line
export const wiki = {
  kOn: shelved(1424, "TV", "2009-04-02", 14, ["けいおん！", "轻音少女", "轻音！", "K-ON!"], ["续集 3774"]),
  kOn2: shelved(3774, "TV", "2010-04-06", 27, ["けいおん！！", "轻音少女 第二季", "轻音！！", "轻音 第2季", "K-ON!!"], ["前传 1424"]),
  frieren: shelved(400602, "TV", "2023-09-29", 28, ["葬送のフリーレン", "葬送的芙莉莲", "Frieren: Beyond Journey's End", "Sousou no Frieren", "葬送的芙莉蓮"], ["续集 515759"]),
  frieren2: shelved(515759, "TV", "2026-01-01", 11, ["葬送のフリーレン 第2期", "葬送的芙莉莲 第二季"], ["前传 400602"]),
  fruitsBasketOf2001: shelved(880, "TV", "2001-07-05", 26, ["フルーツバスケット", "水果篮子", "幻影天使", "生肖奇缘", "魔法水果篮", "Fruits Basket"], ["不同演绎 266455"]),
  fruitsBasket: shelved(266455, "TV", "2019-04-05", 25, ["フルーツバスケット 1st season", "水果篮子 第一季", "幻影天使", "魔法水果篮", "生肖奇缘", "Fruits Basket"], ["不同演绎 880", "续集 291039"]),
  fruitsBasket2: shelved(291039, "TV", "2020-04-06", 25, ["フルーツバスケット 2nd season", "水果篮子 第二季", "幻影天使", "魔法水果篮", "生肖奇缘", "Fruits Basket"], ["前传 266455", "续集 315516"]),
  fruitsBasketFinal: shelved(315516, "TV", "2021-04-05", 13, ["フルーツバスケット The Final", "水果篮子 最终季", "幻影天使", "魔法水果篮", "生肖奇缘", "Fruits Basket"], ["前传 291039", "番外篇 340282"], 51),
  fruitsBasketPrelude: shelved(340282, "剧场版", "2022-02-18", 1, ["フルーツバスケット －prelude－", "水果篮子 -prelude-", "Fruits Basket: prelude", "Kyouko to Katsuya no Monogatari", "The Story of Kyoko and Katsuya", "フルーツバスケット　プレリュード", "今日子と勝也の物語"], ["主线故事 315516"]),
  spiceAndWolf: shelved(282, "TV", "2008-01-08", 13, ["狼と香辛料", "狼与香辛料", "Ookami to Koushinryou", "Spice and Wolf"], ["续集 1512", "不同演绎 372010"]),
  spiceAndWolf2: shelved(1512, "TV", "2009-07-08", 12, ["狼と香辛料Ⅱ", "狼与香辛料 第二季", "狼と香辛料II", "Ookami to Koushinryou II", "Spice and Wolf II"], ["前传 282", "不同演绎 372010"]),
  spiceAndWolfOf2024: shelved(372010, "TV", "2024-04-01", 25, ["狼と香辛料 MERCHANT MEETS THE WISE WOLF", "狼与香辛料 行商邂逅贤狼", "狼与香辛料 MERCHANT MEETS THE WISE WOLF", "Spice and Wolf: Merchant Meets the Wise Wolf", "Ookami to Koushinryou: Merchant Meets the Wise Wolf"], ["续集 514926", "不同演绎 282", "不同演绎 1512"]),
  spiceAndWolfOf2024Season2: shelved(514926, "TV", null, 0, ["狼と香辛料 MERCHANT MEETS THE WISE WOLF 第2期", "狼与香辛料 行商邂逅贤狼 第二季"], ["前传 372010"]),
  overlord: shelved(112146, "TV", "2015-07-07", 13, ["オーバーロード", "OVERLORD", "不死者之王"], ["总集篇 194036", "续集 211027"]),
  overlord2: shelved(211027, "TV", "2018-01-09", 13, ["オーバーロードII", "OVERLORD 第二季", "不死者之王 第二季"], ["前传 112146", "续集 242170"]),
  overlord3: shelved(242170, "TV", "2018-07-10", 13, ["オーバーロードIII", "OVERLORD 第三季", "不死者之王 第三季"], ["前传 211027", "续集 335389"]),
  overlord4: shelved(335389, "TV", "2022-07-05", 13, ["オーバーロードIV", "OVERLORD 第四季", "不死者之王 第四季"], ["前传 242170"]),
  overlordFilm: shelved(194036, "剧场版", "2017-02-25", 1, ["劇場版総集編 オーバーロード 不死者の王", "剧场版总集篇 OVERLORD 不死者之王"], ["全集 112146"]),
  mushoku: shelved(277554, "TV", "2021-01-10", 11, ["無職転生 ～異世界行ったら本気だす～", "无职转生～到了异世界就拿出真本事～", "无职转生 ～在异世界认真地活下去～", "Jobless Reincarnation ~I Will Seriously Try If I Go to Another World~", "Mushoku Tensei ~Isekai Ittara Honki Dasu~"], ["续集 325585"]),
  mushokuPart2: shelved(325585, "TV", "2021-10-03", 12, ["無職転生 ～異世界行ったら本気だす～ 第2クール", "无职转生～到了异世界就拿出真本事～ 第2部分", "无职转生 ～在异世界认真地活下去～ 第2部分", "Mushoku Tensei: Isekai Ittara Honki Dasu Part 2", "Mushoku Tensei: Jobless Reincarnation Part 2", "無職轉生 到了異世界就拿出真本事 後半", "无职转生 ～在异世界认真地活下去～ 后半"], ["前传 277554", "续集 373247"], 12),
  mushoku2: shelved(373247, "TV", "2023-07-02", 13, ["無職転生Ⅱ ～異世界行ったら本気だす～", "无职转生Ⅱ ～到了异世界就拿出真本事～", "无职转生Ⅱ ～在异世界认真地活下去～", "无职转生 ～在异世界认真地活下去～ 第二季", "無職転生 ～異世界行ったら本気だす～ 第2期", "Mushoku Tensei II: Isekai Ittara Honki Dasu", "Mushoku Tensei: Jobless Reincarnation Season 2"], ["前传 325585", "续集 444557"], 24),
  mushoku2Part2: shelved(444557, "TV", "2024-04-07", 12, ["無職転生Ⅱ ～異世界行ったら本気だす～ 第2クール", "无职转生Ⅱ ～到了异世界就拿出真本事～ 第2部分", "无职转生 第二季 第2部分", "无职转生Ⅱ ～在异世界认真地活下去～ 第2部分", "Mushoku Tensei II: Isekai Ittara Honki Dasu (2024)", "Mushoku Tensei: Jobless Reincarnation Season 2 (2024)", "Mushoku Tensei: Jobless Reincarnation Season 2 part 2", "Mushoku Tensei II: Isekai Ittara Honki Dasu part 2"], ["前传 373247"], 37),
  maou: shelved(50814, "TV", "2013-04-04", 13, ["はたらく魔王さま!", "打工吧！魔王大人", "拼死工作吧！魔王陛下"], ["续集 330057"]),
  maou2: shelved(330057, "TV", "2022-07-14", 12, ["はたらく魔王さま！！", "打工吧！！魔王大人", "Hataraku Maou-sama!!", "打工吧！魔王大人 第二季", "はたらく魔王さま! 第2期"], ["前传 50814", "续集 403225"], 14),
  maou2Part2: shelved(403225, "TV", "2023-07-13", 12, ["はたらく魔王さま！！ 2nd Season", "打工吧！！魔王大人 第二季", "Hataraku Maou-sama!! (2023)", "Hataraku Maou-sama!! 2nd Season", "打工吧！魔王大人 第二季 第2部分", "打工吧！！魔王大人 2nd Season", "はたらく魔王さま! 第2期 第2部分"], ["前传 330057"], 26),
  uruseiOf1981: shelved(10388, "TV", "1981-10-14", 218, ["うる星やつら", "福星小子", "Urusei Yatsura"], ["不同演绎 413635", "不同演绎 364468"]),
  urusei: shelved(364468, "TV", "2022-10-13", 23, ["うる星やつら", "福星小子", "Urusei Yatsura", "她來自煩星"], ["不同演绎 10388", "续集 413635"]),
  urusei2: shelved(413635, "TV", "2024-01-11", 23, ["うる星やつら 第2期", "福星小子 第二季", "Urusei Yatsura 2nd season", "她来自烦星 第二季"], ["前传 364468", "不同演绎 10388"]),
  higurashi: shelved(289, "TV", "2006-04-04", 26, ["ひぐらしのなく頃に", "寒蝉鸣泣之时", "秋蝉鸣泣之时", "higurashi no naku koro ni", "When They Cry"], ["续集 288", "其他 297969"]),
  higurashiKai: shelved(288, "TV", "2007-07-05", 24, ["ひぐらしのなく頃に解", "寒蝉鸣泣之时 解"], ["前传 289", "续集 297969"]),
  higurashiGou: shelved(297969, "TV", "2020-10-01", 24, ["ひぐらしのなく頃に 業", "寒蝉鸣泣之时 业", "秋蝉鸣泣之时 业", "暮蝉悲鸣时 业", "higurashi no naku koro ni gou", "When They Cry gou"], ["前传 288", "续集 331033"]),
  higurashiSotsu: shelved(331033, "TV", "2021-07-01", 15, ["ひぐらしのなく頃に 卒", "寒蝉鸣泣之时 卒", "秋蝉鸣泣之时 卒", "暮蝉悲鸣时 卒", "higurashi no naku koro ni sotsu", "When They Cry sotsu"], ["前传 297969"]),
  violet: shelved(183878, "TV", "2018-01-10", 13, ["ヴァイオレット・エヴァーガーデン", "紫罗兰永恒花园", "薇尔莉特·伊芙加登", "Violet Evergarden", "京紫"], ["续集 242216", "总集篇 355109", "番外篇 280837"]),
  violetFilm: shelved(242216, "剧场版", "2020-09-18", 1, ["劇場版 ヴァイオレット・エヴァーガーデン", "剧场版 紫罗兰永恒花园", "VIOLET EVERGARDEN the Movie"], ["前传 183878", "番外篇 280837"]),
  violetGaiden: shelved(280837, "剧场版", "2019-09-06", 1, ["ヴァイオレット・エヴァーガーデン 外伝 - 永遠と自動手記人形 -", "紫罗兰永恒花园 外传 - 永远与自动手记人偶 -", "Violet Evergarden: Eternity and the Auto Memories Doll"], ["主线故事 183878", "主线故事 242216"]),
  violetRecap: shelved(355109, "TV", "2021-10-29", 1, ["ヴァイオレット・エヴァーガーデン特別編集版", "紫罗兰永恒花园 特别编集版", "ヴァイオレット・エヴァーガーデン 金曜ロードショー特別編集版"], ["全集 183878"]),
  bakemonogatari: shelved(1671, "TV", "2009-07-03", 15, ["化物語", "化物语", "Bakemonogatari", "バケモノガタリ", "鬼怪轶闻 Bakemonogatari Monstory"], []),
  gintama: shelved(247, "TV", "2006-04-04", 201, ["銀魂", "银魂"], ["续集 11834"]),
  gintama2: shelved(11834, "TV", "2011-04-04", 51, ["銀魂'", "银魂'", "银魂 第2期", "銀魂 第2期", "GINTAMA(season2)"], ["前传 247"], 202),
  gintama3: shelved(120791, "TV", "2015-04-08", 51, ["銀魂°", "银魂°", "銀魂゜", "银魂 第3期", "銀魂 第3期", "Gintama°"], ["续集 193298"]),
  gintama4: shelved(193298, "TV", "2017-01-08", 12, ["銀魂.", "银魂.", "銀魂. 烙陽決戦篇", "银魂 第4期"], ["前传 120791"]),
  kaguya: shelved(248175, "TV", "2019-01-12", 12, ["かぐや様は告らせたい～天才たちの恋愛頭脳戦～", "辉夜大小姐想让我告白～天才们的恋爱头脑战～", "Kaguya-sama wa Kokurasetai: Tensai-tachi no Ren`ai Zunousen", "Kaguya-sama: Love Is War", "辉夜姬想让人告白～天才们的恋爱头脑战～"], ["续集 293049"]),
  kaguya2: shelved(293049, "TV", "2020-04-11", 12, ["かぐや様は告らせたい？～天才たちの恋愛頭脳戦～", "辉夜大小姐想让我告白？～天才们的恋爱头脑战～", "Kaguya-sama wa Kokurasetai? Tensai-tachi no Ren`ai Zunousen", "Kaguya-sama: Love is War? Season 2", "かぐや様は告らせたい～天才たちの恋愛頭脳戦～ 第2期", "辉夜大小姐想让我告白～天才们的恋爱头脑战～ 第二季"], ["前传 248175", "续集 317613", "番外篇 317614"]),
  kaguya3: shelved(317613, "TV", "2022-04-08", 13, ["かぐや様は告らせたい-ウルトラロマンティック-", "辉夜大小姐想让我告白-超级浪漫-", "かぐや様は告らせたい～天才たちの恋愛頭脳戦～ 第3期", "辉夜大小姐想让我告白～天才们的恋爱头脑战～ 第三季", "Kaguya-sama: Love is War Season 3", "Kaguya-sama wa Kokurasetai: Ultra Romantic"], ["前传 293049"], 25),
  kaguyaOva: shelved(317614, "OVA", "2021-05-19", 1, ["かぐや様は告らせたい？～天才たちの恋愛頭脳戦～ OVA", "辉夜大小姐想让我告白？～天才们的恋爱头脑战～ OVA", "Kaguya OVA, Kaguya-Sama OVA", "Kaguya-sama wa Kokurasetai? Tensai-tachi no Ren`ai Zunousen (2021)", "Kaguya-sama: Love is War OVA", "Кагуя: В любви как на войне OVA"], ["主线故事 293049"]),
  titan: shelved(55770, "TV", "2013-04-06", 25, ["進撃の巨人", "进击的巨人", "自由之翼", "進擊的巨人", "Attack on Titan", "Shingeki no Kyojin"], ["续集 118335", "番外篇 80993"]),
  titan2: shelved(118335, "TV", "2017-04-01", 12, ["進撃の巨人 Season 2", "进击的巨人 第二季", "Shingeki no Kyojin Season 2", "自由之翼", "Attack on Titan Season 2"], ["前传 55770"]),
  titanOad: shelved(80993, "OVA", "2013-12-09", 3, ["進撃の巨人 OAD", "进击的巨人 OAD"], ["主线故事 55770"]),
  konosuba: shelved(135275, "TV", "2016-01-13", 10, ["この素晴らしい世界に祝福を！", "为美好的世界献上祝福！", "Kono Subarashii Sekai ni Shukufuku o!", "祝福这个美好的世界！", "このすば"], ["续集 174043", "衍生 162771"]),
  konosuba2: shelved(174043, "TV", "2017-01-11", 10, ["この素晴らしい世界に祝福を！2", "为美好的世界献上祝福！ 第二季", "Kono Subarashii Sekai ni Shukufuku o! 2"], ["前传 135275", "衍生 162771", "续集 220631"], 11),
  konosubaOad: shelved(162771, "OVA", "2016-06-24", 2, ["この素晴らしい世界に祝福を！ OAD", "为美好的世界献上祝福！ OAD"], ["主线故事 135275", "主线故事 174043"]),
  konosubaFilm: shelved(220631, "剧场版", "2019-08-30", 1, ["映画 この素晴らしい世界に祝福を！紅伝説", "电影 为美好的世界献上祝福！红传说", "Kono Subarashii Sekai ni Shukufuku o! Kurenai Densetsu"], ["前传 174043"]),
  reZero: shelved(140001, "TV", "2016-04-03", 25, ["Re:ゼロから始める異世界生活", "Re：从零开始的异世界生活", "Re:Zero kara Hajimeru Isekai Seikatsu", "rezero", "Re0", "Re: Life a Different World from Zero"], ["衍生 177998", "续集 278826"]),
  reZero2: shelved(278826, "TV", "2020-07-08", 13, ["Re:ゼロから始める異世界生活 2nd season", "Re：从零开始的异世界生活 第二季", "Re:Zero kara Hajimeru Isekai Seikatsu (2020)", "Re0 第二季", "Re:ゼロから始める異世界生活2"], ["前传 140001", "续集 316247"]),
  reZero2Part2: shelved(316247, "TV", "2021-01-06", 12, ["Re:ゼロから始める異世界生活 2nd season 後半クール", "Re：从零开始的异世界生活 第二季 后半部分", "Re:Zero kara Hajimeru Isekai Seikatsu (2021)", "Re0 第二季后半"], ["前传 278826"], 39),
  reZeroBreak: shelved(177998, "TV", "2016-04-08", 11, ["Re:ゼロから始める休憩時間", "Re：从零开始的休息时间"], ["主线故事 140001"]),
  fena: shelved(311310, "TV", "2021-10-02", 12, ["海賊王女", "海贼王女", "Kaizoku Oujo", "Fena: Pirate Princess"], []),
  sorairoSpecial: shelved(354247, "TV", "2021-12-31", 1, ["空色ユーティリティ", "一杆青空", "空色Utility", "Sora-iro Utility"], ["不同演绎 479788"]),
  sorairo: shelved(479788, "TV", "2025-01-03", 12, ["空色ユーティリティ", "一杆青空", "空色Utility", "Sora-iro Utility"], ["不同演绎 354247"]),
  onePiece: shelved(975, "TV", "1999-10-20", 1162, ["ONE PIECE", "航海王", "ワンピース", "海贼王"], []),
  esOtherwise: shelved(35382, "TV", "2003-04-01", 26, ["E'S OTHERWISE", "星际少年队", "エス·アザーワイズ"], []),
  planetSurvival: shelved(10238, "TV", "2003-10-16", 52, ["無人惑星サヴァイヴ", "星球流浪记", "星际少年队", "无人惑星"], []),
};
