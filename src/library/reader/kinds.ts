/** Words that say what sort of thing a file is: pure. */
import { hasCjk } from "./cjk.ts";
import type { ReleaseKind } from "./reading.ts";

/** Live action, stage, concerts, talk about the work: never the work itself. */
const STAGED_CJK =
  /真人|[实実實][写寫]|舞台[剧劇]|(?:^|[^\p{L}])舞台|歌舞伎|解[说說]|[实實]况|漫画朗读|朗読劇|朗读剧|音[乐樂楽][会會剧劇]|演唱[会會]|感[谢謝][祭节節]|コンサート|オーケストラ|ライブツアー|ミュージカル|ファンミーティング|英雄秀|声優/u;
const STAGED_LATIN =
  /(?<![a-z])(?:live[\s-]?action|(?:\d+(?:st|nd|rd|th)|first|second|third)[\s_]?(?-i:LIVE)|(?:orchestra|piano|live|symphonic) concert|concert(?=$|[\s\])])|live tour|fan meeting|stage play|the musical|commentary|orchestra|fes(?:tival)?(?=[\s_.\])]|$)|the stage ?\d?(?=$|[\s_\])])|OST)(?![a-z])/i;

export const isStaged = (text: string): boolean => STAGED_LATIN.test(text) || (hasCjk(text) && STAGED_CJK.test(text));

const EXTRA_WORD =
  "(?:NC\\s?-?(?:OP|ED)|NCOPED|PV|CM|SPOT|(?:BD|DVD|Disc|Main)?\\s?Menu|Trailer|Teaser|(?:Web\\s?)?Preview|Making(?:\\sof)?|Logo|Bonus|Sample|Interview|Digest|Credits?|Promo|Commercial|Non-?(?:Credit|telop)\\s?(?:OP|ED|Opening|Ending)|(?:Clean|Creditless|Textless)\\s?(?:OP|ED|Opening|Ending)s?|[Ww]eb予告|次[回话話]予告|予告編?|预告片?|預告片?|宣番|特典映像|映像特典|特典|菜单|菜單|メイキング|ノンテロップ\\S*|ノンクレジット\\S*)";
/** Everything that these are in is an extra. */
const EXTRA_BOX = new RegExp(
  `^(?:(?:TV|Web|BD|DVD|Blu-ray|Character|Chara|Volume)\\s)?(?:${EXTRA_WORD}|OP|ED|OPED|IV|MV|Opening|Ending|Event)(?:[\\s_.#-]*(?:Vol\\.?\\s?|EP?\\.?\\s?)?\\d+[a-z]?)?(?:v\\d)?(?=$|[\\s_(\\-&+])(?!\\s?[a-z]+ [a-z]+ [a-z]+)`,
  "i",
);
/** The end of running text; "OP" and the like in capitals or with a number, for they may be words too. */
const EXTRA_END = new RegExp(
  `(?:^|[\\s_-])(?:${EXTRA_WORD}|[Oo]pening|[Ee]nding|OP|ED|OPED|(?:op|ed)(?=\\d))(?:[\\s_]?\\d+[a-z]?)?(?:v\\d)?\\s*$`,
);
const EXTRA_END_ANY_CASE =
  /(?:^|[\s_-])(?:nc\s?(?:op|ed)|(?:clean|creditless|textless) (?:op|ed|opening|ending)s?|preview|trailer|teaser|menu|sample)(?:[\s_]?\d+[a-z]?)?(?:v\d)?\s*$/i;

/** "NCOP 10b - Black Catcher" */
const EXTRA_ANYWHERE = /(?:^|[\s_-])NC\s?(?:OP|ED)(?![a-z])/i;

/** Whether the inside of a bracket names an extra: NCOP, Menu02, PV. */
export const isExtraBox = (text: string): boolean => EXTRA_BOX.test(text);

/** No extra's name is longer. */
const LONGEST_EXTRA = 32;

/** Where the extra that ends a running text begins; -1: there is none. */
export function extraStart(text: string): number {
  const from = Math.max(0, text.length - LONGEST_EXTRA);
  const tail = text.slice(from);
  const match = EXTRA_END_ANY_CASE.exec(tail) ?? EXTRA_END.exec(tail);
  return match ? from + match.index : text.search(EXTRA_ANYWHERE);
}

const MOVIE_BOX = /^(?:(?:the\s)?movie|[剧劇][场場]版|电影|電影|映画|film|gekijou?ban)(?:\s*(?:v?\d|合集))*$/i;
/** "The Movie Star" is none: it has to end the title or a part of it. */
const MOVIE =
  /[剧劇][场場]版|電影(?!院)|电影(?!院)|映画|(?<![a-z])(?:gekijou?-?ban|(?:the )?movies?(?=\s*(?:$|[-:([\]~]|\d+(?:\s|$)))|the movie)(?![a-z])/i;

/** ★剧场版★ */
export const isMovieBanner = (name: string): boolean => /[★☆][剧劇][场場]版/.test(name);
export const isMovieBox = (text: string): boolean => MOVIE_BOX.test(text);

/** What words in a title make of it: "Show OVA", 剧场版. */
export function kindOfTitle(text: string): ReleaseKind | null {
  if (/(?<![a-z])(?:OVA|OAD)(?![a-z])/i.test(text)) return "ova";
  if (MOVIE.test(text)) return "movie";
  return /特[别別典][篇編编]|番外[篇編编]|(?<![a-z])specials?\s*$/i.test(text) ? "special" : null;
}

/** Movie words at the start or end of a title, which the work's own name often does without. */
export const withoutKind = (title: string): string =>
  title
    .replace(/^(?:[剧劇][场場]版(?:合集)?|[电電]影版?|映画|gekijou?-?ban|TV动画|TV動畫)[\s:·-]*/i, "")
    .replace(
      /[\s:·([-]*(?:[剧劇][场場]版|[电電]影版?|(?:the )?movie|gekijou?-?ban|OVA|OAD|(?:TV )?Specials?|SP|特[别別][篇編编]|番外[篇編编]?|[总總総]集[篇編编])[\s)\]]*\d*$/i,
      "",
    )
    .trim();
