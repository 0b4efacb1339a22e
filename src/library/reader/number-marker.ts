/** Numbers without a word: " - 07", "Bleach 225", "03.mkv". */
import { counts, isEpisode, type Marker, NUMBER, OTHER, VERSION } from "./marker.ts";
import { technicalStart } from "./technical.ts";

const DASH = new RegExp(
  `(?:^|[\\s_~!?)」』】]|(?=-\\s))-{1,2}\\s*(?:#|EP?\\.?\\s?|第)?${NUMBER}${VERSION}(?:[-~+&](\\d{1,4})(?:v\\d)?(?=$|\\s)|\\s(?:~|-(?=\\s\\d+\\s*$))\\s(\\d{2,4}))?${OTHER}(?![\\da-z.:]|-(?:bit|fps))`,
  "gi",
);
const YEAR = /^(?:19[5-9]|20[0-3])\d$/;
/** What may follow the number of an episode: nothing, a dash, or a word for the last one. */
const AFTER = /^\s*(?:$|[-_]|\((?=\D)|(?:END|FIN|完|Final)\b)/i;

/** " - 07": the last one after which nothing or another dash comes, else the last one. */
export function findDashMarker(text: string): Marker | null {
  let found: RegExpExecArray | undefined;
  let certain = false;
  for (const match of text.matchAll(DASH)) {
    // One Piece has come to 1080, which elsewhere is the size of the picture.
    if (YEAR.test(match[1]!)) continue;
    const isBound = AFTER.test(text.slice(match.index + match[0].length));
    if (certain && !isBound) continue;
    if (certain && found && found[1]!.length > match[1]!.length) continue;
    found = match as RegExpExecArray;
    certain = isBound;
  }
  if (!found) return null;
  const start = found.index + found[0].indexOf("-");
  return { start, end: found.index + found[0].length, ...counts(found[1], found[2] ?? found[3], found[4]) };
}

const OPENING = /^\s*(\d{2,3}(?:\.\d)?)(?:v\d)?\s+-\s/;

/** "05 - Name". */
export function findOpeningMarker(text: string): Marker | null {
  const match = OPENING.exec(text);
  return match && { start: 0, end: match[0].length, ...counts(match[1]) };
}

/** Words that the number after them belongs to, even "Movie 02". */
const OWNERS =
  /(?:^|[\s_])(?:no|nr|vol|volume|movie|film|gundam|disc|ver|version|op|ed|opening|ending|nc(?:op|ed)|pv|cm|menu|trailer|teaser|preview|making|bonus)\.?[\s_]*$/i;
/** These own a number without a zero before it: "Area 88", but "Extra Stage 02". */
const WEAK_OWNERS =
  /(?:^|[\s_])(?:zom|mob psycho|project|area|part|cour|agent|level|lv|(?<!(?:st|nd|rd|th|first|second|third|fourth|fifth|final) )season|act|type|chapter|stage|code|ward|golgo|apollo|route|mission|magnitude|page|room|class|studio|number|world|yamato|psycho-pass|fantasy)\.?[\s_]*$/i;
const TRAILING =
  /^(.*[^\s\d.\-_/][\s_]+(?:\([^)]*\)\s*)?)(\d{2,4}(?:\.\d)?)(?:[a-d]|\s?v\d+)?(?:\s*\((\d{1,4})\))?(?:\s*(?:END|FIN|完))?(?=\s*$|\s+-\s)/i;

/** Whether a number after this text belongs to it: "Zom 100". */
export const ownsNumber = (text: string, number: string): boolean =>
  OWNERS.test(text) || (!number.startsWith("0") && WEAK_OWNERS.test(text));

/** A bare number at the end: "Bleach 225". */
export function findTrailingMarker(text: string): Marker | null {
  const match = TRAILING.exec(text.slice(0, technicalStart(text)));
  if (!match || !isEpisode(match[2]!) || ownsNumber(match[1]!, match[2]!)) return null;
  return { start: match[1]!.length, end: match[0].length, ...counts(match[2], undefined, match[3]) };
}

const PADDED = /^(.*[^\s\d.\-_/]\s)(0\d{1,2})(?:v\d+)?\s+(?=\S)/;

/** A number with a zero before it, wherever it stands: "The Animatrix 08 A Detective Story". */
export function findPaddedMarker(text: string): Marker | null {
  const match = PADDED.exec(text);
  if (!match || ownsNumber(match[1]!, match[2]!)) return null;
  return { start: match[1]!.length, end: match[0].length, ...counts(match[2]) };
}

const BARE = /^[\s._#-]*第?(\d{1,4}(?:\.\d)?)(?:v\d)?[\s._-]*(?:END)?$/i;

/** Nothing but a number: "03.mkv". */
export function findBareMarker(text: string): Marker | null {
  const match = BARE.exec(text);
  return match && isEpisode(match[1]!) ? { start: 0, end: text.length, ...counts(match[1]) } : null;
}
