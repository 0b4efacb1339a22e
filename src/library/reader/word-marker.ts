/** Numbers that a word or sign makes those of episodes: S01E02, 第3話, EP04, SP01, #5. */
import { numeral } from "../../lib/numeral.ts";
import { anyCase, BEGIN, counts, END, type Marker, NUMBER, OTHER, spanOf, VERSION } from "./marker.ts";

export const SEASON_AND_EPISODE = anyCase(
  `${BEGIN}S(\\d{1,2})[\\s._-]*EP?[\\s._]?${NUMBER}${VERSION}(?:-(?:S\\d+)?EP?(\\d{1,4})|[-+&](\\d{2,4}))?(?:v\\d)?${OTHER}${END}`,
);
const SEASON_X_EPISODE = anyCase(`${BEGIN}(\\d{1,2})x(\\d{2,3})(?:v\\d)?${END}`);
const SEASON_AND_SPECIAL = anyCase(
  `${BEGIN}S(\\d{1,2})[\\s._-]*(OVA|OAD|SP|Special)s?[\\s._-]*(\\d{1,3})?(?:v\\d)?${END}`,
);
const COUNTED = anyCase(
  `第\\s*${NUMBER}(?:v\\d)?\\s*(?:[-~]\\s*第?(\\d{1,4}))?\\s*(?:[话話集]|回(?![转転目り]))${OTHER}(?:\\s*(?:v\\d))?`,
);
export const COUNTED_HAN = /第\s*([一二三四五六七八九十]{1,3})\s*(?:[话話集](?![一-龥])|回(?=\s|$))/;
const COUNTED_LATE = anyCase(`(?<![\\d.第全])${NUMBER}(?:[-~](\\d{1,4}))?\\s*[话話集](?![一-龥ぁ-ヿ])`);
export const ALL = /全\s*(\d{1,4})\s*[话話集回]/;
const LAST = "(?:(?:v\\d+)?\\s?[-~+&]\\s?(?:S\\d+)?\\s?(?:EP?)?(\\d{1,4}(?:\\.\\d)?)(?:v\\d+)?(?![\\dx.]|\\s*bit))?";
const WORD = anyCase(
  `${BEGIN}(?:EP|Episode|Episodio|Épisode|Episódio|E(?=\\d{2}))[\\s._]*(?!0(?:\\D|$))${NUMBER}${VERSION}${LAST}${OTHER}${END}`,
);
const HASH = anyCase(`(?<![^\\s(_-])#\\s?${NUMBER}${VERSION}(?:\\s?-\\s?#?(\\d{1,4}))?(?![\\d.])`);

/** Most names have none of these words, and one look tells. */
const ANY = /[se]p?\s?[._-]?\d|\dx\d|[话話集回]|ep|s\d/i;

/** A number that a word or sign makes that of an episode: S01E02, 第3話, EP04. */
export function findWordMarker(text: string): Marker | null {
  if (!ANY.test(text)) return null;
  let match = SEASON_AND_EPISODE.exec(text);
  if (match) {
    const [, season, episode, last = match[4], , other] = match;
    return { ...spanOf(match), season: Number(season), ...counts(episode, last, other) };
  }
  match = SEASON_AND_SPECIAL.exec(text);
  if (match) {
    const kind = /^o/i.test(match[2]!) ? "ova" : "special";
    return { ...spanOf(match), season: Number(match[1]), kind, ...counts(match[3]) };
  }
  match = SEASON_X_EPISODE.exec(text);
  if (match) return { ...spanOf(match), season: Number(match[1]), ...counts(match[2]) };
  match = ALL.exec(text);
  if (match) return { ...spanOf(match), episode: 1, lastEpisode: Number(match[1]) };
  match = COUNTED.exec(text);
  if (match) return { ...spanOf(match), ...counts(match[1], match[2], match[3]) };
  match = COUNTED_HAN.exec(text);
  if (match) return { ...spanOf(match), episode: numeral(match[1]!) };
  match = COUNTED_LATE.exec(text);
  if (match) return { ...spanOf(match), ...counts(match[1], match[2]) };
  match = WORD.exec(text);
  return match && { ...spanOf(match), ...counts(match[1], match[2], match[3]) };
}

/** "Tiger & Bunny #01": weaker than a bracket, since titles have such signs too. */
export function findHashMarker(text: string): Marker | null {
  const match = HASH.exec(text);
  return match && { ...spanOf(match), ...counts(match[1], match[2]) };
}

const SPECIAL =
  /(?:^|[\s_-])(OVA|OAD|SP|Specials?|特[别別]篇|番外[篇編编]?)[\s_.]*(\d{1,3}(?:\.\d)?)(?:v\d)?(?=\s*$|\s+-\s)/i;

/** "Show SP01". The word for an OVA belongs to the title: Bangumi calls most of them so. */
export function findSpecialMarker(text: string): Marker | null {
  const match = SPECIAL.exec(text);
  if (!match) return null;
  const isOva = /^o/i.test(match[1]!);
  const start = match.index + (isOva ? match[0].indexOf(match[1]!) + match[1]!.length : 0);
  return { start, end: match.index + match[0].length, kind: isOva ? "ova" : "special", ...counts(match[2]) };
}
