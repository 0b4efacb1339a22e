import { describe, expect, test } from "bun:test";
import { loadAnitomy } from "../../../../src/library/anitomy.ts";
import { readRelease } from "../../../../src/library/reader/read-release.ts";
import { said } from "./said.ts";

const anitomy = await loadAnitomy();
const read = (path: string) => readRelease(path, anitomy);

describe("scene and fansub names in Latin letters", () => {
  test.each([
    ["[SubsPlease] Sousou no Frieren - 01 (1080p) [F02B9CEE].mkv", "Sousou no Frieren; #1"],
    [
      "[Judas] Zom 100: Zombie ni Naru Made ni Shitai 100 no Koto - 05.mkv",
      "Zom 100: Zombie ni Naru Made ni Shitai 100 no Koto; #5",
    ],
    [
      "[Hatsuyuki] Dragon Ball Kai (2014) - 002 (100) [1280x720][DD66AFB7].mkv",
      "Dragon Ball Kai; #2; also #100; of 2014",
    ],
    [
      "[FFF] Futsuu no Joshikousei ga [Locodol] Yatte Mita. - 01 [BAD09C76].mkv",
      "Futsuu no Joshikousei ga [Locodol] Yatte Mita.; #1",
    ],
    ["[Mezashite] Aikatsu! ‒ 100 [D035A39F].mkv", "Aikatsu!; #100"],
    ["[ReDone] Memories Off 3.5 - 04 (DVD 10-bit).mkv", "Memories Off 3.5; #4"],
    ["[RaX]Mezzo(DSA)_-_05_-_[x264_ogg]_[585d9971].mkv", "Mezzo(DSA); #5"],
    ["[CBM]_Monster_-_11_-_511_Kinderheim_[6C70C4E4].mkv", "Monster; #11"],
    [
      "[ACX]Neon_Genesis_Evangelion_-_Platinum_-_06_-_Showdown_in_Tokyo_3_[SaintDeath]_[CBDB8577].mkv",
      "Neon Genesis Evangelion - Platinum; #6",
    ],
    ["[Raze] Grand Blue S3 - 01 x265 10bit 1080p 143.8561fps.mkv", "Grand Blue S3; season 3; #1"],
    [
      "[动漫国字幕组&LoliHouse] THE MARGINAL SERVICE - 08 - 10-bit - 60-fps [WebRip 1080p HEVC AAC][简繁内封字幕].mp4",
      "THE MARGINAL SERVICE; #8",
    ],
    ["[SubsPlease] One Piece - 1080 (720p) [05B85B5E].mkv", "One Piece; #1080"],
    ["Toaru.Majutsu.no.Index.S03E13.1080p.BluRay.x264-GRP.mkv", "Toaru Majutsu no Index; season 3; #13"],
    ["The.Animatrix.08.A.Detective.Story.720p.BluRay.DTS.x264-ESiR.mkv", "The Animatrix; #8"],
    ["Dragon.Ball.KAI.-.01.-.1080p.BluRay.x264.DHD.mkv", "Dragon Ball KAI; #1"],
    [
      "Highschool.of.the.Dead.S00E01.v2.Drifters.of.the.Dead.1080p-Hi10p.BluRay.FLAC5.1.x264-CTR.[32FD04E5].mkv",
      "Highschool of the Dead; #1; special",
    ],
    ["After War Gundam X - 1x03 - My Mount is Fierce!.mkv", "After War Gundam X; season 1; #3"],
    ["[Edomae Subs] Kore wa Zombie desu ka  Episode 2.mkv", "Kore wa Zombie desu ka; #2"],
    ["edomae subs] kore wa zombie desu ka episode 2.mkv", "kore wa zombie desu ka; #2"],
    ["[[Zero-Raws] Shingeki no Kyojin - 05 (MBS 1280x720 x264 AAC).mp4", "Shingeki no Kyojin; #5"],
    ["[KLF]_D.Gray-man_04V2.avi", "D.Gray-man; #4"],
    ["[Keroro].148.[Xvid.mp3].[FE68D5F1].avi", "Keroro; #148"],
    ["[DB]_Bleach_225_[C63D149C].avi", "Bleach; #225"],
    ["[Ruri]No.6 01 [720p][H264][A956075C].mkv", "No.6; #1"],
    ["Juuni.Kokki.Ep.5.avi", "Juuni Kokki; #5"],
    ["kimetsu-no-yaiba-episode-25-1080p.mp4", "kimetsu no yaiba; #25"],
    ["toradora!-03-your-song.mkv", "toradora!; #3"],
    ["Citrus+Episode+3.mp4", "Citrus; #3"],
    ["Series Title EP06 720p x265 AOZ.mp4", "Series Title; #6"],
    ["[5F] RWBY 14 Forever Fall Part 2 pt-BR.mp4", "RWBY; #14"],
    ["Fairy Tail - S06E32 - Tartaros Arc Iron Fist of the Fire Dragon [Episode 83].mkv", "Fairy Tail; season 6; #32"],
    [
      "Takt op.Destiny (2021) - S01E01 - 001 - Conduct -Creed- [Bluray-1080p].mkv",
      "Takt op.Destiny; season 1; #1; of 2021",
    ],
    [
      "05 - Hidan no Aria - Butei Charter Article 1 - [UTW](E7724B68).mkv",
      "Hidan no Aria, Hidan no Aria - Butei Charter Article 1; #5",
    ],
    [
      "[Beatrice-Raws] Guraburu! [BDRip 1920x1080 HEVC FLAC]/[Beatrice-Raws] Guraburu! 11 [BDRip 1920x1080 HEVC FLAC].mkv",
      "Guraburu!; in Guraburu!; #11",
    ],
    [
      "[Yameii] NieR Automata Ver1.1a - S01E10 [English Dub] [CR WEB-DL 1080p] [3703AD3A].mkv",
      "NieR Automata Ver1.1a; season 1; #10",
    ],
    ["[GrimRipper] Koi Kaze [Dual Audio] Ep01 (c13cefe0).mkv", "Koi Kaze; #1"],
    ["[judas] initial d - extra stage 02 - sentimental white.mkv", "initial d - extra stage; #2"],
  ])("%s", (path, expected) => {
    expect(said(read(path))).toBe(expected);
  });
});

describe("all in brackets", () => {
  test.each([
    ["[Nekomoe kissaten][Lycoris Recoil][01][1080p][JPSC].mp4", "Lycoris Recoil; #1"],
    ["[52wy][SlamDunk][001][Jpn_Chs_Cht][x264_aac][DVDRip][7FE2C873].mkv", "SlamDunk; #1"],
    ["[DmzJ][RD_Sennou_Chousashitsu][09][GB][X264_AAC].mp4", "RD Sennou Chousashitsu; #9"],
    ["[Strike_the_Blood_II][07][BDRip][1080P].mkv", "Strike the Blood II; #7"],
    ["[GM-Team][国漫][诛仙][Jade Dynasty][2022][11][HEVC][GB][4K].mp4", "诛仙, Jade Dynasty; #11; of 2022"],
    ["[诛仙][Jade Dynasty][2022][WEB-DL][2160][TV Series][TV 04][LeagueWEB].mkv", "Jade Dynasty; #4; of 2022"],
    [
      "[YMDR][哥布林杀手][Goblin Slayer][2018][02][1080p][AVC][JAP][BIG5][MP4-AAC][繁中].mp4",
      "哥布林杀手, Goblin Slayer; #2; of 2018",
    ],
    ["[異域字幕組][漆黑的子彈][Black Bullet][11][1280x720][繁体].mp4", "漆黑的子彈, Black Bullet; #11"],
    ["[银色子弹字幕组][名侦探柯南][第1071集 工藤优作的推理秀（前篇）][简日双语MP4][1080P].mp4", "名侦探柯南; #1071"],
    ["【安達與島村】【第01-02話】【1080P】【繁體中文】【AVC】.mkv", "安達與島村; #1 to 2"],
    ["【安達與島村】【第二話】【1080P】【繁體中文】【AVC】.mkv", "安達與島村; #2"],
    ["[桜都字幕组][Yesterday wo Utatte][04EX][BIG5][1080P].mkv", "Yesterday wo Utatte; #4"],
    [
      "[愛戀字幕社&漫貓字幕社][4月新番][無職轉生Ⅱ ～到了異世界就拿出真本事～][Mushoku Tensei II][16][1080p][MP4][繁中].mp4",
      "無職轉生 II ~到了異世界就拿出真本事~, Mushoku Tensei II; #16",
    ],
    ["[SBSUB][CONAN][5][WEBRIP][1080P][HEVC_AAC][CHS_CHT_JP](951D8C84).mkv", "CONAN; #5"],
    [
      "[2020][Re：Zero Kara Hajimeru Isekai Seikatsu 2nd Season][BDRIP][1080P][1-25Fin+SP].mkv",
      "Re:Zero Kara Hajimeru Isekai Seikatsu 2nd Season; season 2; #1 to 25; of 2020",
    ],
    ["[Ajin (2016 Dai 2 Cour)][09][1080P][BDRip][HEVC-10bit][FLAC].mkv", "Ajin (2016 Dai 2 Cour); part 2; #9"],
    [
      "[澄空&华盟&雪飘][Osananajimi ga Zettai ni Makenai Love Comedy][03][BIG5].mp4",
      "Osananajimi ga Zettai ni Makenai Love Comedy; #3",
    ],
  ])("%s", (path, expected) => {
    expect(said(read(path))).toBe(expected);
  });
});

describe("groups and what looks like them", () => {
  test.each([
    ["[搬運][ANi] Sorairo Utility _ 一桿青空 - 07 [1080P].mp4", "Sorairo Utility, 一桿青空; #7"],
    ["[ANi] 【我推的孩子】 第二季 - 03 [1080P][Baha][WEB-DL][AAC AVC][CHT].mp4", "我推的孩子 第二季; season 2; #3"],
    [
      "【推しの子】 魔术士奥芬的无赖之旅 第三季 _ Majutsushi Orphen Hagure Tabi Seiiki-hen - 20 (B-Global 3840x2160 HEVC AAC MKV).mkv",
      "魔术士奥芬的无赖之旅 第三季, Majutsushi Orphen Hagure Tabi Seiiki-hen; season 3; #20",
    ],
    ["[推しの子] 05.mkv", "推しの子; #5"],
    ["[Jumonji-Giri]_[Shinsen-Subs][ASF]_D.C.II_Da_Capo_II_Ep01_(a1fc58a7).mkv", "D.C.II Da Capo II; #1"],
    [
      "[AoJiaoZero][Mangaka-san to Assistant-san to the Animation] 02 [BIG][X264_AAC][720P].mp4",
      "Mangaka-san to Assistant-san to the Animation; #2",
    ],
    [
      "[jibaketa合成][代理商粵語]膽大黨 _ Dandadan - 10 [粵日雙語+內封繁體中文字幕](WEB 1920x1080 AVC AACx2 SRT MUSE CHT).mkv",
      "膽大黨, Dandadan; #10",
    ],
    [
      "[Skymoon-Raws] Anime-Series Title S02 - 01 [ViuTV][CHT][WEB-DL][1080p][AVC AAC][MP4+ASS].mp4",
      "Anime-Series Title S02; season 2; #1",
    ],
  ])("%s", (path, expected) => {
    expect(said(read(path))).toBe(expected);
  });
});

describe("banners and asides", () => {
  test.each([
    [
      "【喵萌奶茶屋】★04月新番★[夏日重现_Summer Time Rendering][11][1080p][繁日双语][招募翻译].mp4",
      "夏日重现, Summer Time Rendering; #11",
    ],
    ["【极影字幕社】★4月新番 拾又之国 第05话 GB 720P MP4.mp4", "拾又之国; #5"],
    [
      "[雪飘工作室][Delicious Party Precure_デリシャスパーティ プリキュア][38][720p][简体内嵌](检索 光之美少女).mkv",
      "Delicious Party Precure, デリシャスパーティ プリキュア; #38",
    ],
    [
      "【喵萌奶茶屋】★剧场版★[青春猪头少年不会梦到娇怜外出妹_Seishun Buta Yarou wa Odekake Sister no Yume o Minai][BDRip][720p][简日双语][v1][招募翻译校对].mkv",
      "青春猪头少年不会梦到娇怜外出妹, Seishun Buta Yarou wa Odekake Sister no Yume o Minai; movie",
    ],
    [
      "[ANi] 關於我轉生變成史萊姆這檔事 第三季（僅限港澳台地區） - 48.5 [1080P][Baha][WEB-DL][AAC AVC][CHT].mp4",
      "關於我轉生變成史萊姆這檔事 第三季; season 3; #48.5; special",
    ],
    ["[Sakurato] Himouto! Umaru-chan [08][AVC-8bit 1080p AAC][CHS].mp4", "Himouto! Umaru-chan; #8"],
    [
      "[LoliHouse] 轮回七次的反派大小姐，在前敌国享受随心所欲的新婚生活  _ 7th Time Loop - 12 [WebRip 1080p HEVC-10bit AAC][简繁内封字幕][END] [101.69 MB].mkv",
      "轮回七次的反派大小姐,在前敌国享受随心所欲的新婚生活, 7th Time Loop; #12",
    ],
  ])("%s", (path, expected) => {
    expect(said(read(path))).toBe(expected);
  });
});

describe("two titles", () => {
  test.each([
    ["[桜都字幕组] 葬送的芙莉莲 _ Sousou no Frieren [12][1080p][简繁内封].mkv", "葬送的芙莉莲, Sousou no Frieren; #12"],
    [
      "[豌豆字幕组&LoliHouse] 鬼灭之刃 无限列车篇 02(28) _ Kimetsu no Yaiba - 28 [WebRip].mkv",
      "鬼灭之刃 无限列车篇, Kimetsu no Yaiba; #2; also #28",
    ],
    ["[后宫之乌_后宫の乌_Koukyuu no Karasu][07][1080p][简日双语].mp4", "后宫之乌, 后宫の乌, Koukyuu no Karasu; #7"],
    ["[Q] 全职高手 第3季 ｜ Series S3 - 09 (1080p HBR HEVC Multi-Sub).mkv", "全职高手 第3季, Series S3; season 3; #9"],
    [
      "[织梦字幕组][尼尔：机械纪元 NieR Automata Ver1.1a][02集][1080P][AVC][简日双语].mp4",
      "尼尔:机械纪元 NieR Automata Ver1.1a; #2",
    ],
    [
      "[梦蓝字幕组]New Doraemon 哆啦A梦新番[747][2023.02.25][AVC][1080P][GB_JP][MP4].mp4",
      "New Doraemon 哆啦A梦新番; #747",
    ],
    [
      "冰之城墙「氷の城壁」The Ramparts of Ice S01E02 1080p 日英双语-多国字幕.mkv",
      "冰之城墙「氷の城壁」The Ramparts of Ice; season 1; #2",
    ],
    ["【喵萌奶茶屋】★01月新番★[22／7 _ Nanabun no Nijuuni][01][1080p].mp4", "22/7, Nanabun no Nijuuni; #1"],
    ["[Studio] Fate／stay night - 02.mkv", "Fate/stay night; #2"],
    ["[G] Fate／Grand Order -絕對魔獸戰線巴比倫尼亞- - 03.mkv", "Fate/Grand Order -絕對魔獸戰線巴比倫尼亞; #3"],
    [
      "[ANi] Grand Blue Dreaming _ GRAND BLUE 碧蓝之海 2 - 04 [1080P][Baha][WEB-DL][AAC AVC][CHT][MP4].mp4",
      "Grand Blue Dreaming, GRAND BLUE 碧蓝之海 2; #4",
    ],
    [
      "【喵萌奶茶屋】★04月新番★[Fruits Basket S3_The Final (2019)][07][1080p][繁體][招募翻譯校對].mkv",
      "Fruits Basket S3 The Final; season 3; #7; of 2019",
    ],
    [
      "M-L-Stuffs/[M-L-Stuffs] Futari wa Precure (Pretty Cure) 01.mkv",
      "Futari wa Precure (Pretty Cure); in M L Stuffs; #1",
    ],
  ])("%s", (path, expected) => {
    expect(said(read(path))).toBe(expected);
  });
});

describe("seasons and parts", () => {
  test.each([
    [
      "[LoliHouse] 狼与香辛料 [Season 2] _ Spice and Wolf - 01 [WebRip 1080p HEVC-10bit AAC][简繁内封字幕].mkv",
      "狼与香辛料, Spice and Wolf; season 2; #1",
    ],
    [
      "[Erai-raws] Piano no Mori (TV) 2nd Season - 01 [720p][Multiple Subtitle].mkv",
      "Piano no Mori 2nd Season; season 2; #1",
    ],
    [
      "[Up to 21°C] Urusei Yatsura (2022) 2nd Season - 40 (Baha 1920x1080 AVC AAC MP4).mp4",
      "Urusei Yatsura 2nd Season; season 2; #40; of 2022",
    ],
    [
      "[桜都字幕组] 不死者之王 第四季 _ OVERLORD Ⅳ [01][1080p@60fps][简繁内封].mkv",
      "不死者之王 第四季, OVERLORD IV; season 4; #1",
    ],
    [
      "[黒ネズミたち] 炎炎消防隊 參之章 _ Enen no Shouboutai San no Shou Part 2 - 24 (CR 1920x1080 AVC AAC MKV).mkv",
      "炎炎消防隊 參之章, Enen no Shouboutai San no Shou Part 2; season 3; part 2; #24",
    ],
    [
      "[Up to 21°C] 无职转生 II ～到了异世界就拿出真本事～后半 _ Mushoku Tensei II Isekai Ittara Honki Dasu Part 2 - 12 (B-Global 3840x2160 HEVC AAC MKV).mkv",
      "无职转生 II ~到了异世界就拿出真本事~后半, Mushoku Tensei II Isekai Ittara Honki Dasu Part 2; part 2; #12",
    ],
    [
      "[澄空学园] Shingeki no Kyojin Season 3 进击的巨人 第三季 Part.2 第06话 MP4 720p.mp4",
      "Shingeki no Kyojin Season 3 进击的巨人 第三季 Part.2; season 3; part 2; #6",
    ],
    [
      "[ANi] 欢迎来到实力至上主义的教室 第四季 2年级篇 第一学期 - 02 [1080P][Baha][WEB-DL][AAC AVC][CHT][MP4].mp4",
      "欢迎来到实力至上主义的教室 第四季 2年级篇 第一学期; season 4; #2",
    ],
    ["[Snow-Raws] 極主夫道 パート2 第02話 (BD 1920x1080 HEVC-YUV420P10 FLACx2).mkv", "極主夫道 パート2; part 2; #2"],
    [
      "[Snow-Raws] ハイキュー!! TO THE TOP 第2クール 第07話 (BD 1920x1080 HEVC-YUV420P10 FLACx2).mkv",
      "ハイキュー!! TO THE TOP 第2クール; part 2; #7",
    ],
    ["[Chihiro]_Hayate_no_Gotoku_2nd_Season_24_[1280x720_H.264_AAC].mkv", "Hayate no Gotoku 2nd Season; season 2; #24"],
    ["[Season 2] Anime Title - 01 [1080p].mkv", "Anime Title; season 2; #1"],
    [
      "[zza] nanatsu no taizai - s03 - kamigami no gekirin - 21 [1080p.x265].mkv",
      "nanatsu no taizai - s03 - kamigami no gekirin; season 3; #21",
    ],
    [
      "[EMBER] In Spectre (2023) (Season 2) [BDRip] [1080p Dual Audio HEVC 10 bits] (Kyokou Suiri Season 2) (Batch).mkv",
      "In Spectre; season 2; unknown; of 2023",
    ],
    ["呪術廻戦 第2期 01話.mkv", "呪術廻戦 第2期; season 2; #1"],
    ["S2 - 05.mkv", "season 2; #5"],
  ])("%s", (path, expected) => {
    expect(said(read(path))).toBe(expected);
  });
});

describe("numbers in titles", () => {
  test.each([
    ["[BakeSubs] 86 - 01 [1080p][D40A9E55].mkv", "86; #1"],
    ["[SubsPlease] 86 - Eighty Six - 21v2.mkv", "86 - Eighty Six; #21"],
    [
      "Eighty-Six/[AI-Raws] 86 #02 スピアヘッド (BD HEVC 1920x1080 yuv444p10le FLAC)[E56E5DFE].mkv",
      "86; in Eighty-Six; #2",
    ],
    ["91 Days - 05.mkv", "91 Days; #5"],
    ["0号室 - 01.mkv", "0号室; #1"],
    ["[VCB-Studio] 11eyes [03][Ma10p_1080p].mkv", "11eyes; #3"],
    ["3月のライオン/第01話.mp4", "in 3月のライオン; #1"],
    ["[G] Mob Psycho 100 - Ekubo.mkv", "Mob Psycho 100 - Ekubo; unknown"],
    ["[HorribleSubs] Mob Psycho 100 S2 - 07 [1080p].mkv", "Mob Psycho 100 S2; season 2; #7"],
    ["[ASW] Yami Shibai 11 - 12 [1080p HEVC x265 10Bit][AAC].mkv", "Yami Shibai 11; #12"],
    [
      "[桜都字幕组] MARGINAL#4 从KISS开始创造Big Bang _ Marginal #4 Kiss kara Tsukuru Big Bang [03][1080p][简繁内封].mkv",
      "MARGINAL#4 从KISS开始创造Big Bang, Marginal #4 Kiss kara Tsukuru Big Bang; #3",
    ],
    ["Steins;Gate 0/Steins;Gate 0 [23][Ma10p_1080p][x265_flac].mkv", "Steins;Gate 0; in Steins;Gate 0; #23"],
    [
      "[ANi]  16bit 的感动 ANOTHER LAYER - 01 [1080P][Baha][WEB-DL][AAC AVC][CHT][MP4].mp4",
      "16bit 的感动 ANOTHER LAYER; #1",
    ],
    [
      "[ANi]  从 Lv2 开始开外挂的前勇者候补过著悠哉异世界生活 - 04 [1080P][Baha][WEB-DL][AAC AVC][CHT][MP4].mp4",
      "从 Lv2 开始开外挂的前勇者候补过著悠哉异世界生活; #4",
    ],
    ["[SubsPlease] Series Title - 100 Years Quest - 01 (1080p) [1107F3A9].mkv", "Series Title - 100 Years Quest; #1"],
    ["[yoroshiku]_009-1_-_02_(h264)_[36d2444d].mkv", "009-1; #2"],
    ["Fujimoto Tatsuki 17-26 E01 [1080p][E-AC-3][GerJapDub][GerEngSub][Web-DL].mkv", "Fujimoto Tatsuki 17-26; #1"],
    [
      "[三明治摆烂组] 落第贤者的学院无双～第二回转生，S等级作弊魔术师冒险记～ - 01 - [繁日内嵌][AVC 8bit 1080P].mp4",
      "落第贤者的学院无双~第二回转生,S等级作弊魔术师冒险记~; #1",
    ],
  ])("%s", (path, expected) => {
    expect(said(read(path))).toBe(expected);
  });
});

describe("ranges, halves, other counts", () => {
  test.each([
    ["[Erai-raws] Tsunlise - 01 ~ 12 [720p][BATCH][Multiple Subtitle] [ENG][FRE][ITA].mkv", "Tsunlise; #1 to 12"],
    ["Detective Conan - 316-317 [DCTP][2411959B].mkv", "Detective Conan; #316 to 317"],
    ["[HorribleSubs] Tsukimonogatari - (01-04) [1080p].mkv", "Tsukimonogatari; #1 to 4"],
    [
      "[Doki] Nogizaka Haruka no Himitsu - Purezza - 01v2-03v2 (1280x720 h264 AAC).mkv",
      "Nogizaka Haruka no Himitsu - Purezza; #1 to 3",
    ],
    ["[judas] gintama - s02e01-e02 (025-026).mkv", "gintama; season 2; #1 to 2"],
    [
      "[DBD-Raws][龙珠Z 30周年纪念版][S3][75-107+特典映像][1080P][BDRip][HEVC-10bit].mkv",
      "龙珠Z 30周年纪念版; season 3; #75 to 107",
    ],
    ["[xyx98]传颂之物[BDrip][1920x1080][TV 01-26 Fin][hevc-yuv420p10 flac_ac3][ENG PGS].mkv", "传颂之物; #1 to 26"],
    [
      "[Legend of the Galactic Heroes 银河英雄传说][全110话+外传+剧场版][MKV][外挂繁中].mkv",
      "Legend of the Galactic Heroes 银河英雄传说; #1 to 110",
    ],
    [
      "[WonderhoyRips] BLEACH: Thousand-Year Blood War - The Calamity [E41 E42 E43] [720p SCR][H.264][AAC][EN Hardsub].mkv",
      "BLEACH: Thousand-Year Blood War - The Calamity; #41 to 43",
    ],
    ["code_geass_r2_[20_of_25]_[ru_jp]_[hdtv].mkv", "code geass r2; #20"],
    [
      "[豌豆字幕组&风之圣殿&LoliHouse] DECA-DENCE - 05.5 [WebRip 1080p HEVC-10bit AAC][简繁内封字幕].mkv",
      "DECA-DENCE; #5.5; special",
    ],
    ["[gg]_Kimi_ni_Todoke_2nd_Season_-_00_[BF735BC4].mkv", "Kimi ni Todoke 2nd Season; season 2; #0; special"],
    [
      "[LoliHouse] 关于我转生变成史莱姆这档事 第三季 _ Tensei Shitara Slime Datta Ken 3rd Season - 17.5(65.5) [WebRip 1080p HEVC-10bit AAC].mkv",
      "关于我转生变成史莱姆这档事 第三季, Tensei Shitara Slime Datta Ken 3rd Season; season 3; #17.5; also #65.5; special",
    ],
    ["【MMZYSUB】★【Golden Time】[24（END）][GB][720P_MP4].mp4", "Golden Time; #24"],
    ["[Sakurato] 我的推是坏人大小姐 [13.END][1080p][简繁内封].mp4", "我的推是坏人大小姐; #13"],
    ["[NamaeNai] Hidamari Sketch x365 - 09a (DVD) [49874745].mkv", "Hidamari Sketch x365; #9"],
    [
      "[AnimeRep] 一个人的异世界攻略 _ Loner Life in Another World- 01 [1080p][简中内嵌].mkv",
      "一个人的异世界攻略, Loner Life in Another World; #1",
    ],
    [
      "[御坂字幕组] 男女之间存在纯友情吗？（不，不存在!!）-01 [WebRip 1080p HEVC10-bit AAC] [简繁日内封].mkv",
      "男女之间存在纯友情吗?(不,不存在!!); #1",
    ],
  ])("%s", (path, expected) => {
    expect(said(read(path))).toBe(expected);
  });
});

describe("specials, OVA, films", () => {
  test.each([
    [
      "[桜都字幕组][宅男腐女恋爱真难_Otaku ni Koi wa Muzukashii][OAD2][1080P][AVC][CHS].mkv",
      "宅男腐女恋爱真难, Otaku ni Koi wa Muzukashii; #2; ova",
    ],
    [
      "[LoliHouse] 鬼灭之刃 _ Kimetsu no Yaiba OVA01 [WebRip 1080p HEVC-10bit AAC].mkv",
      "鬼灭之刃, Kimetsu no Yaiba OVA; #1; ova",
    ],
    ["[Judas] One Punch Man - S01OVA02.mkv", "One Punch Man; season 1; #2; ova"],
    ["[Strike The Blood IV][OVA][05-06][1080P][GB][MP4].mp4", "Strike The Blood IV; #5 to 6; ova"],
    [
      "[FFF] Seirei Tsukai no Blade Dance - SP01 [BD][720p-AAC][F1FF8588].mkv",
      "Seirei Tsukai no Blade Dance; #1; special",
    ],
    ["宅男腐女恋爱真难 OAD/宅男腐女恋爱真难 OAD - 01.mkv", "宅男腐女恋爱真难 OAD; in 宅男腐女恋爱真难 OAD; #1; ova"],
    ["[桜都字幕组][影之詩_Shadowverse][总集篇][BIG5][1080P].mkv", "影之詩, Shadowverse; special"],
    [
      "[ANi] Love Live！虹咲學園 學園偶像同好會 NEXT SKY - 特別篇 [1080P][Baha][WEB-DL][AAC AVC][CHT].mp4",
      "Love Live!虹咲學園 學園偶像同好會 NEXT SKY - 特別篇, Love Live!虹咲學園 學園偶像同好會 NEXT SKY; special",
    ],
    ["[Group] 劇場版 呪術廻戦 0 [1080p].mkv", "劇場版 呪術廻戦 0, 呪術廻戦 0; movie"],
    ["[綠茶字幕組] Chou Kaguya-hime [Movie v2][WebRip][1080p][繁日內嵌].mkv", "Chou Kaguya-hime; movie"],
    [
      "[GJ.Y] 劇場版 Collar×Malice -deep cover- 後篇 - 電影 (Baha 1920x1080 AVC AAC MP4).mp4",
      "劇場版 Collar×Malice -deep cover- 後篇 - 電影, Collar×Malice -deep cover- 後篇; movie",
    ],
    ["[KAF-TEAM]_One_Piece_Movie_9_vostfr_HD.avi", "One Piece Movie 9; movie"],
    ["[SubGroup] The Movie Star Next Door - 03 [WEB-DL 1080p].mkv", "The Movie Star Next Door; #3"],
    ["Kimi.No.Na.Wa.2016.1080p.BluRay.x264-GRP.mkv", "Kimi No Na Wa; unknown; of 2016"],
    [
      "[FB] Crayon Shin-Chan Movie 2 The Secret of Buri Buri Kingdom [DivX5 AC3] 1994 [852X480] V2.avi",
      "Crayon Shin-Chan Movie 2 The Secret of Buri Buri Kingdom; movie",
    ],
    ["阿修罗 (2012)/阿修罗 (2012) 1080p.mkv", "阿修罗; in 阿修罗; unknown; of 2012; folder of 2012"],
  ])("%s", (path, expected) => {
    expect(said(read(path))).toBe(expected);
  });
});

describe("extras", () => {
  test.each([
    [
      "[VCB-Studio] Toradora! [Ma10p_1080p]/SPs/[VCB-Studio] Toradora! [NCOP01][Ma10p_1080p][x265_flac].mkv",
      "Toradora!; in Toradora!; extra",
    ],
    ["[VCB-Studio] Shokugeki no Souma [Menu01][Ma10p_1080p][x265_flac].mkv", "Shokugeki no Souma; extra"],
    ["[Karma] Macross Delta - OP1c (BDRip 1080p FLAC).mkv", "Macross Delta; extra"],
    ["[Coalgirls]_Toradora_ED2_(704x480_DVD_AAC)_[3B65D1E6].mkv", "Toradora; extra"],
    ["[judas] granblue fantasy - clean ending.mkv", "granblue fantasy; extra"],
    ["[judas] black clover - ncop 10b - black catcher.mkv", "black clover; extra"],
    ["[ANE] Yosuga no Sora - Ep01 Preview (Yorihime ver) [BDRip 1080p x264 FLAC].mkv", "Yosuga no Sora; #1; extra"],
    ["[Group] PV=nRT - 01 [1080p].mkv", "PV=nRT; #1"],
    ["[BM&T] Toradora! - 07v2 - Pool Opening [720p Hi10 ] [BD] [8F59F2BA].mkv", "Toradora!; #7"],
    ["Durarara/Durarara BD/Extras/Ending 01.mkv", "in Durarara; extra"],
  ])("%s", (path, expected) => {
    expect(said(read(path))).toBe(expected);
  });
});

describe("not the anime", () => {
  test.each([
    ["银魂 真人电影 2017.mkv", "银魂 真人电影; movie; of 2017; staged"],
    ["进击的巨人 解说 04.mp4", "进击的巨人 解说; #4; staged"],
    ["LoveLive! Sunshine!! Aqours 2nd LIVE.mkv", "LoveLive! Sunshine!! Aqours 2nd LIVE; unknown; staged"],
    [
      "[雪飘工作室][海阔天空！光之美少女感谢祭_Hirogaru_Sky！Precure_Fes_Precure_ひろがるスカイ！プリキュア感謝祭][英雄秀][简体内嵌](检索 Q娃).mkv",
      "海阔天空!光之美少女感谢祭, Hirogaru Sky!Precure Fes Precure, ひろがるスカイ!プリキュア感謝祭, 英雄秀; unknown; staged",
    ],
    [
      "[雪飘工作室][『アイカツ！シリーズ』オーケストラコンサート オケカツ！2nd Stage_第二届偶像活动交响音乐会_Aikatsu!Series Orchestra Concert Orchekatsu!][BDrip][简_繁](检索 偶活_爱活).mkv",
      "『アイカツ!シリーズ』オーケストラコンサート オケカツ!2nd Stage, 第二届偶像活动交响音乐会, Aikatsu!Series Orchestra Concert Orchekatsu!; season 2; unknown; staged",
    ],
    ["[G] Girls Band Cry Live Stage Story - 02.mkv", "Girls Band Cry Live Stage Story; #2"],
  ])("%s", (path, expected) => {
    expect(said(read(path))).toBe(expected);
  });
});

describe("folders", () => {
  test.each([
    [
      "孤独摇滚！ (2022)/Season 1/孤独摇滚！ - S01E05 - 第 5 集.mkv",
      "孤独摇滚!; in 孤独摇滚!; season 1; #5; folder of 2022",
    ],
    ["星界的纹章/Season 1/12.mkv", "in 星界的纹章; season 1; #12"],
    ["はじまりの冒険者たち/第06話.mp4", "in はじまりの冒険者たち; #6"],
    ["葬送的芙莉莲/第二季/12.mkv", "in 葬送的芙莉莲; season 2; #12"],
    ["Frieren/S02/05.mkv", "in Frieren; season 2; #5"],
    ["Frieren/Season 00/03.mkv", "in Frieren; #3; special"],
    ["Frieren/特典/01.mkv", "in Frieren; #1; extra"],
    ["Frieren/SPs/[G] Frieren [SP01].mkv", "Frieren; in Frieren; #1; special"],
    ["Frieren/Season 2/[SubsPlease] - 05.mkv", "in Frieren; season 2; #5"],
    [
      "BASTARD！！暗黑破坏神 (2022)/Season 1/BASTARD！！暗黑破坏神 S01E21.mp4",
      "BASTARD!!暗黑破坏神; in BASTARD!!暗黑破坏神; season 1; #21; folder of 2022",
    ],
    [
      "[Moozzi2] Hiiro no Kakera BD-BOX [ x265-10Bit Ver. ] - TV + SP/[Moozzi2] Hiiro no Kakera - 10 (BD 1920x1080 x265-10Bit Flac).mkv",
      "Hiiro no Kakera; in Hiiro no Kakera; #10",
    ],
    [
      "[DBD-Raws][亚人 第2部分_Ajin (2016 Dai 2 Cour)][01-13TV全集][1080P][BDRip][HEVC-10bit][FLAC]/[DBD-Raws][Ajin (2016 Dai 2 Cour)][09][1080P][BDRip][HEVC-10bit][FLAC].mkv",
      "Ajin (2016 Dai 2 Cour); in 亚人 第2部分, Ajin (2016 Dai 2 Cour); part 2; #9",
    ],
    ["K-ON/DISC1/K-ON!! [05][Uncensored].mkv", "K-ON!!; in K-ON; #5"],
    ["White Album 2/03.mkv", "in White Album 2; #3"],
    ["S/20240131123456.mkv", "in S; unknown"],
    ["Frieren/01 - The Journey's End.mkv", "in Frieren; #1"],
    ["舞台剧/某某/01.mkv", "in 某某; #1; staged"],
    ["12.mkv", "#12"],
  ])("%s", (path, expected) => {
    expect(said(read(path))).toBe(expected);
  });
});

describe("titles cut out of others", () => {
  const derived = (path: string) => read(path).titles.flatMap((title) => (title.derived ? title.text : []));
  test.each([
    ["[G] 尼尔:机械纪元 NieR Automata [02][1080P].mp4", ["尼尔:机械纪元", "NieR Automata"]],
    ["[G] New Doraemon 哆啦A梦 [747][1080P].mp4", ["New Doraemon", "哆啦A梦"]],
    ["冰之城墙「氷の城壁」The Ramparts of Ice S01E02.mkv", ["冰之城墙", "氷の城壁", "The Ramparts of Ice"]],
    ["[G] Futari wa Precure (Pretty Cure) - 01.mkv", ["Futari wa Precure", "Pretty Cure"]],
    ["[G] X 第四季 2年级篇 - 02.mkv", ["X 第四季"]],
    ["[G] 某作品OVA [1080p].mkv", ["某作品"]],
    ["[G] Urusei Yatsura 2022 - 03.mkv", ["Urusei Yatsura 2022"]],
    ["[G] 龍珠DAIMA Dragon Ball DAIMA [19].mp4", ["龍珠DAIMA", "Dragon Ball DAIMA"]],
    ["[G] Fate _ Grand Order -绝对魔兽战线- - 18 [1080p].mkv", ["Fate"]],
    ["[诛仙][Jade Dynasty][04].mkv", ["诛仙"]],
  ])("%s", (path, expected) => {
    expect(derived(path)).toEqual(expected);
  });

  test("of a text with many of them the first six are kept", () => {
    expect(read("[G] A1 _ B2 _ C3 _ D4 _ E5 _ F6 _ G7 - 01.mkv").titles).toHaveLength(6);
  });
});

describe("groups", () => {
  test.each([
    ["[SubsPlease] Frieren - 01.mkv", "SubsPlease"],
    ["[喵萌奶茶屋&LoliHouse] 某 _ Frieren - 01 [1080p].mkv", "喵萌奶茶屋&LoliHouse"],
    ["【极影字幕社】★4月新番 拾又之国 第05话 GB 720P MP4.mp4", "极影字幕社"],
    ["[搬運][ANi] Sorairo Utility - 07 [1080P].mp4", "ANi"],
    ["Frieren/[SubsPlease] - 05.mkv", "SubsPlease"],
    ["Juuousei_-_01_[Black_Sheep][HDTV_H264_AAC][803DA487].mkv", "Black_Sheep"],
    ["[推しの子] 05.mkv", null],
    ["03.mkv", null],
  ])("%s", (path, group) => {
    expect(read(path).group).toBe(group);
  });
});

test("a name without an end to its brackets, or with half a character, gives text that can be stored", () => {
  for (const name of ["[G", "]", "[]", "((((", "「", "\u{20BB7}".repeat(300), "", " "]) {
    expect(JSON.stringify(read(`${name}.mkv`))).not.toMatch(/\\ud[89ab]/i);
  }
});
