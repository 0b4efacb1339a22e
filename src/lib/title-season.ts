/** Seasons and parts inside titles, as release groups and Bangumi write them: pure. */
import { numeral } from "./numeral.ts";

export interface TitleSeason {
  /** The title without what was read out of it, in NFKC; words for a last season stay, since they name the work. Empty for "Season 2". */
  base: string;
  season: number | null;
  /** Part, cour or half of a season. */
  part: number | null;
  /** The title says that it is the last season, and so not which one. */
  final: boolean;
  /** The season is only a digit or a Roman numeral at the end, which may as well belong to the title. */
  weak: boolean;
}

interface Rule {
  pattern: RegExp;
  /** What the match counts to; by default the numeral in the first group that took part. */
  value?: number;
  weak?: true;
}

const DIGITS = "\\d{1,2}";
const HAN = "[〇零一二三四五六七八九十两兩壱壹弐貳贰参參叁弎肆伍陸陆柒漆捌玖拾]{1,3}";
const ROMAN = "(?:VI{1,3}|I{2,3}|IV|IX|V|X|I)";
const ORDINAL = "\\d{1,2}(?:st|nd|rd|th)";
const ORDINAL_WORD = "(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)";
const COUNT_WORD = "(?:one|two|three|four|five|six)";
/** Numbers as romaji: "Ni no Shou". */
const ROMAJI = "(?:ichi|ni|san|shi|yon|go|roku|shichi|nana|hachi|ku|kyuu|juu)";
/** Where a Latin word may begin and end; also between a CJK and a Latin letter, which \b does not see. */
const BEGIN = "(?<![a-z0-9])";
const END = "(?![a-z0-9])";

const PART_RULES: readonly Rule[] = [
  { pattern: rule(`第\\s*(${DIGITS}|${HAN})\\s*(?:部分|クール|半期?(?=\\s*$))`) },
  { pattern: rule(`${BEGIN}(?:parte?|cour|pt)[\\s._-]*(${DIGITS}|${ROMAN}|${COUNT_WORD})${END}`) },
  { pattern: rule(`${BEGIN}(${ORDINAL}|${ORDINAL_WORD})[\\s._-]*(?:cour|part|half|クール)${END}`) },
  { pattern: rule(`${BEGIN}dai[\\s-]?(${DIGITS}|${ROMAJI})[\\s-]?(?:kuu?ru|cour)${END}`) },
  { pattern: rule(`パート\\s*(${DIGITS})(?!\\d)`) },
  { pattern: rule(`(?<!\\d)(${DIGITS})\\s*クール目?`) },
  { pattern: /(?:後半|后半|下半)(?:戦|クール|部分|季|期)?(?=\s*$)/, value: 2 },
  { pattern: /(?:前半|上半)(?:戦|クール|部分|季|期)?(?=\s*$)/, value: 1 },
];

const SEASON_RULES: readonly Rule[] = [
  { pattern: rule(`第\\s*(${DIGITS}|${HAN})\\s*(?:季(?!度)|期|シーズン|シリーズ|部(?!分)|章|幕目?(?=\\s|$))`) },
  { pattern: rule(`${BEGIN}(${ORDINAL}|${ORDINAL_WORD})[\\s._-]*(?:(?:tv[\\s._-]*)?(?:season|series)|stage)${END}`) },
  {
    pattern: rule(
      `${BEGIN}(?:season|saison)[\\s._-]*(${DIGITS}|${ROMAN}|${COUNT_WORD})(?:\\s*[-~+&]\\s*${DIGITS})?${END}`,
    ),
  },
  { pattern: rule(`${BEGIN}(${ORDINAL})\\s*(?:シーズン|シリーズ|ステージ|期|季)`) },
  { pattern: rule("(セカンド|サード|フォース)・?(?:シーズン|ステージ)") },
  { pattern: rule(`${BEGIN}s0?(${DIGITS})(?:\\s?[-~+&]\\s?s?\\d{1,2}|s\\d{1,2})*(?:p\\d{1,2})?${END}`) },
  { pattern: rule(`(?:シーズン|シリーズ)\\s*(${DIGITS})(?!\\d)`) },
  { pattern: rule(`(?<!\\d)(${DIGITS})\\s*(?:期(?!生)|シーズン|(?:nd|rd|th)?季(?!度)|学期)`) },
  { pattern: rule(`(?<=^|[\\s\\-_(])(${HAN})(?:期|学期)(?=$|[\\s\\-_)])`) },
  { pattern: rule(`(?<=^|[\\s\\-_(])(${DIGITS}|${HAN})[之ノのﾉ][章皿卷巻]`) },
  { pattern: rule("(餐)[之ノの]皿") }, // a pun on the 3 of "san"
  { pattern: rule(`${BEGIN}(${ROMAJI})[\\s-]+(?:no[\\s-]+(?:shou|sara)|gakki)${END}`) },
  { pattern: rule(`${BEGIN}dai[\\s-]*(${DIGITS}|${ROMAJI})[\\s-]*(?:ki|shou|shiriizu|season|series)${END}`) },
  { pattern: rule(`${BEGIN}(${DIGITS})-ki${END}`) },
  { pattern: /(?<=\S[\s\-_])([壱壹弐貳贰参參叁肆伍陸陆柒漆捌玖])(?=\s*$)/ },
];

/** Words after which a number counts something else than seasons, or is a name with them. */
const OTHER_COUNTS =
  "(?<!(?:^|[^a-z])(?:no|nr|vol|volume|lv|level|part|cour|act|type|chapter|case|route|mission|movie|film|ova|oad|sp|special|episode|ep|ver|v|room|track|disc|lupin|rupan|number|studio|class|zone|sector|agent|world|apollo|golgo)[\\s._]*)(?<!第|レベル|映画|劇場版|剧场版)";

const WEAK_RULES: readonly Rule[] = [
  { pattern: rule(`${BEGIN}act[\\s._-]*(\\d|${ROMAN})${END}`), weak: true },
  {
    pattern: new RegExp(`(?<=\\S\\s|[^\\x00-\\x7f]|[!?])${OTHER_COUNTS}(VI{1,3}|I{2,3}|IV|IX)(?=$|[\\s:\\-~(「])`, "i"),
    weak: true,
  },
  { pattern: new RegExp(`(?<=\\S\\s|[^\\x00-\\x7f]|[!?])${OTHER_COUNTS}(V)(?=\\s*$)`), weak: true },
  { pattern: rule(`(?<=\\S\\s)(?<!lupin(?: the)?\\s|rupan\\s)([2-9](?:nd|rd|th))(?=\\s*$)`), weak: true },
  { pattern: rule(`(?<=\\S\\s)${OTHER_COUNTS}([2-9]|1[0-5])(?=\\s*$)`), weak: true },
  { pattern: rule(`(?<=[^\\x00-\\x7f〜～・]|[!?'])${OTHER_COUNTS}([2-9])(?=\\s*$)`), weak: true },
  { pattern: /(?<=\S\s)([二三四五六七八九])(?=\s*$)/, weak: true },
];

const FINAL =
  /(?<![a-z])(?:the\s+)?final[\s._-]*(?:season|series)|最[终終](?:季|シーズン|期)|ファイナル・?シーズン|完[结結][篇編编]|kanketsu[\s-]?hen/i;

/** Half of all titles hold nothing that any rule could start from. */
const WORTH_A_LOOK =
  /[\d\u2160-\u217f〇一二三四五六七八九十两兩壱壹弐貳贰参參叁肆伍陸陆柒漆捌玖餐]|[前後后上下]半|セカンド|サード|フォース|final|season|stage|series|cour|part|half|\b(?:no|dai|ni|san|act)\b|[IV]\b/i;

/**
 * Reads season and part out of a title: "Frieren 2nd Season Part 2" is season 2, part 2 of "Frieren". What is not said is
 * null: a title without a word of it may be of any season.
 */
export function readTitleSeason(title: string): TitleSeason {
  const text = title
    .replace(/[\u2160-\u217f]+/g, " $& ")
    .normalize("NFKC")
    .replace(/\s+/g, " ")
    .trim();
  const read: TitleSeason = { base: text, season: null, part: null, final: false, weak: false };
  if (!WORTH_A_LOOK.test(text)) return { ...read, final: FINAL.test(text) };
  read.final = FINAL.test(text);
  const part = firstOf(PART_RULES, text);
  if (part) Object.assign(read, { part: part.number, base: part.rest });
  const season = firstOf(SEASON_RULES, read.base) ?? firstOf(WEAK_RULES, read.base);
  if (season) Object.assign(read, { season: season.number, base: season.rest, weak: season.weak });
  return read;
}

function firstOf(rules: readonly Rule[], text: string) {
  for (const { pattern, value, weak = false } of rules) {
    const match = pattern.exec(text);
    if (!match) continue;
    const number = value ?? numeral(match[1]!);
    if (number === null || number === 0) continue;
    return { number, weak, rest: without(text, match.index, match.index + match[0].length) };
  }
  return null;
}

/** The text without a piece, and without the brackets and strokes that only held the piece. */
function without(text: string, from: number, to: number): string {
  return `${text.slice(0, from)} ${text.slice(to)}`
    .replace(/[([「【<]\s*[)\]」】>]|([~-])\s*\1/g, " ")
    .replace(/\s+\)/g, ")")
    .replace(/\s+/g, " ")
    .replace(/^[\s\-_:,+]+|[\s\-_:,+]+$/g, "");
}

/** Also makes every rule indifferent to case. */
function rule(source: string): RegExp {
  return new RegExp(source, "i");
}
