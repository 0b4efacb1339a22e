import { describe, expect, test } from "bun:test";
import { fold, foldRomaji, isLatin, marks, toSimplified, withoutMovie } from "../../../plugins/matching/normalize.ts";

describe("fold", () => {
  test.each([
    ["signs and case", "K-ON!!", "k-on", "kon"],
    ["width", "ｋ－ｏｎ", "K-ON", "kon"],
    ["traditional characters", "無職轉生", "无职转生", "无职转生"],
    ["Japanese forms of characters", "無職転生", "无职转生", "无职转生"],
    ["words that Taiwan writes with another character", "妳是我的一切", "你是我的一切", "你是我的一切"],
    ["a swapped character that is traditional itself", "喚回起點 啟", "唤回起点 启", "唤回起点启"],
    ["katakana and hiragana", "うるせいやつら", "ウルセイヤツラ", "うるせいやつら"],
    ["halfwidth kana with its dakuten", "ﾌﾙｰﾂﾊﾞｽｹｯﾄ", "フルーツバスケット", "ふるーつばすけっと"],
    ["accents", "Pokémon", "POKEMON", "pokemon"],
    ["a cross between two names", "HUNTER×HUNTER", "Hunter x Hunter", "hunterxhunter"],
    ["an ampersand", "Spice & Wolf", "Spice and Wolf", "spiceandwolf"],
    ["a long-vowel mark for a dash", "３ーBONUS STAGEー", "3 -BONUS STAGE-", "3bonusstage"],
    ["a row of long-vowel marks after kana", "ラーーメン", "らーーめん", "らーーめん"],
    ["Roman numerals of their own", "無職転生Ⅱ", "无职转生II", "无职转生ii"],
  ])("two titles are one that differ in %s", (_, one, other, folded) => {
    expect(fold(one)).toBe(folded);
    expect(fold(other)).toBe(folded);
  });

  test.each([
    ["a dakuten", "バスケット", "ハスケット"],
    ["a small kana", "キャット", "キヤット"],
    ["a long vowel", "ビール", "ビル"],
    ["a digit", "異世界かるてっと2", "異世界かるてっと"],
  ])("two titles stay two that differ in %s", (_, one, other) => {
    expect(fold(one)).not.toBe(fold(other));
  });

  test("leaves nothing of a text of signs", () => {
    expect(fold("★・ー☆ 【】")).toBe("");
  });
});

test("words that are only swapped in titles stay when a text is simplified, since a search is by words", () => {
  expect(toSimplified("她與牠著")).toBe("她与牠著");
  expect(fold("她與牠著")).toBe(fold("他与它着"));
});

test("what is no Chinese character stays when a text is simplified", () => {
  expect(toSimplified("寒蟬鳴泣之時 業 Gou ひぐらし×2")).toBe("寒蝉鸣泣之时 业 Gou ひぐらし×2");
});

describe("foldRomaji", () => {
  test.each([
    ["ou for o", "Ookami to Koushinryou", "Ookami to Koshinryo"],
    ["oo for o", "Ookami to Koushinryou", "Okami to Koushinryou"],
    ["oh for o", "Ohkami to Koushinryou", "Okami to Koushinryou"],
    ["uu for u", "Chuunibyou demo Koi ga Shitai!", "Chunibyou demo Koi ga Shitai!"],
    ["aa for a", "Okaasan Online", "Okasan Online"],
    ["ii for i", "Oniichan wa Oshimai!", "Onichan wa Oshimai!"],
    ["wo for o", "Kono Subarashii Sekai ni Shukufuku wo!", "Kono Subarashii Sekai ni Shukufuku o!"],
    ["dzu for zu", "Kizuna no Tsudzuki", "Kizuna no Tsuzuki"],
    ["du for zu", "Tsuduki", "Tsuzuki"],
    ["tch for cch", "Botchi za Rokku!", "Bocchi za Rokku!"],
    ["m for n before b", "Shimbun", "Shinbun"],
    ["m for n before p", "Sempai", "Senpai"],
    ["nn for n", "Konnyaku", "Konyaku"],
    ["sy for sh", "Syoujo Kageki", "Shoujo Kageki"],
    ["ty for ch", "Tyuunibyou", "Chuunibyou"],
    ["zy for j", "Zyosou", "Josou"],
    ["jy for j", "Jyoshiraku", "Joshiraku"],
    ["si for shi", "Sinigami Bocchan", "Shinigami Bocchan"],
    ["ti for chi", "Tihayafuru", "Chihayafuru"],
    ["tu for tsu", "Turune", "Tsurune"],
    ["c for k", "Cami-sama ni Natta Hi", "Kami-sama ni Natta Hi"],
    ["l for r", "Vioret Evergarden", "Violet Evergarden"],
  ])("spells one word one way: %s", (_, one, other) => {
    expect(fold(one)).not.toBe(fold(other));
    expect(foldRomaji(fold(one))).toBe(foldRomaji(fold(other)));
  });

  test.each([
    ["oh before a vowel", "Ohayou", "Oayou"],
    ["c before i", "Cider", "Kider"],
    ["m before a vowel", "Kimi no Na wa", "Kini no Na wa"],
  ])("keeps %s", (_, one, other) => {
    expect(foldRomaji(fold(one))).not.toBe(foldRomaji(fold(other)));
  });

  test("leaves a title with other letters alone", () => {
    expect(foldRomaji("ソウルookami")).toBe("ソウルookami");
  });
});

describe("marks", () => {
  test.each([
    ["K-ON!", "!"],
    ["けいおん！！", "!!"],
    ["Kaguya-sama wa Kokurasetai?", "?"],
    ["銀魂'", "'"],
    ["銀魂°", "°"],
    ["銀魂.", "."],
    ["Working'!!", "'!!"],
    ["うたの☆プリンスさまっ♪", "♪"],
  ])("tell the season %s", (title, said) => {
    expect(marks(title)).toBe(said);
  });

  test.each([
    ["Frieren: Beyond Journey's End"],
    ["D.Gray-man"],
    ["狼と香辛料 〜MERCHANT〜"],
    ["Fate/Zero"],
    ["Lucky☆Star"],
  ])("are none in %s: what joins or parts words tells no season", (title) => {
    expect(marks(title)).toBe("");
  });
});

test.each([
  ["剧场版 紫罗兰永恒花园", "紫罗兰永恒花园"],
  ["劇場版 銀魂", "银魂"],
  ["VIOLET EVERGARDEN the Movie", "violetevergarden"],
  ["Gekijouban Overlord Sei Oukoku Hen", "overlordseioukokuhen"],
  ["映画 ギヴン", "ぎゔん"],
  ["电影 轻音少女", "轻音少女"],
  ["约会大作战 剧场版", "约会大作战"],
  ["TVアニメ うる星やつら", "うる星やつら"],
  ["Eiga K-ON!", "kon"],
  ["Movie Gekijouban Overlord", "overlord"],
])("%s is a film, or a series, of %s", (title, work) => {
  expect(withoutMovie(fold(title))).toBe(work);
});

test("a word for film inside a title belongs to it", () => {
  expect(withoutMovie(fold("Pompo the Movie Maker"))).toBe("pompothemoviemaker");
});

test.each([
  ["Sousou no Frieren", true],
  ["Gintama°", true],
  ["Кагуя: В любви как на войне", true],
  ["葬送のフリーレン", false],
  ["空色Utility", false],
  ["フルーツバスケット", false],
  ["나의 히어로", false],
])("%s is Latin, without Chinese characters, kana and Hangul: %p", (title, latin) => {
  expect(isLatin(title)).toBe(latin);
});
