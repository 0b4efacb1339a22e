/** Numbers that are all that a bracket holds: [07], [01-12], [第3話], [OVA2]. */
import { anyCase, counts, isEpisode, type Marker, NUMBER, OTHER } from "./marker.ts";
import { ALL, COUNTED_HAN, findWordMarker, SEASON_AND_EPISODE } from "./word-marker.ts";

const ENDING =
  "\\s*[\\s._-]*\\(?(?:END|完|Fin(?:al|ish)?|完结|完結|合集|全集|修正版?|先行版?|TV(?:全集)?|话|話|集)?\\)?";
const BOX = anyCase(
  `^(?:TV\\s*)?(?:第|EP?\\.?\\s?|Episode\\s|#)?\\s*${NUMBER}(?:[a-d]|EX|v\\d+)?\\s*[话話集回]?(?:\\s*[-~&+]\\s*(?:EP?)?(\\d{1,4})(?:v\\d)?)?${OTHER}${ENDING}\\s*(?:v\\d)?(?:\\s*TV(?:全集)?)?(?:\\s*[+&＋].*|\\(.*Ver\\.?\\))?$`,
);
const BOX_OF = anyCase(`^(\\d{1,3})[\\s_]of[\\s_]\\d{1,3}$`);
const BOX_SPECIAL = anyCase(
  `^(OVA|OAD|SP|Special|特[别別]篇|番外篇?|总集篇|總集篇|総集編)s?[\\s._-]*(\\d{1,3}(?:\\.\\d)?)?(?:v\\d)?(?:\\s*(?:END|Fin|完))?$`,
);
const BOX_LIST = anyCase(`^EP?(\\d{1,4})(?:[\\s,+&]+EP?(\\d{1,4}))+$`);
const BOX_FIRST = anyCase(`^(?:第\\s*(\\d{1,4})\\s*[话話集回]|(\\d{2,3})(?=\\s+(?:\\d{3,4}p|先行)))`);

/** The number that the inside of a bracket is: [07], [01-12], [第3話], [OVA2], [12v2 END]. */
export function readBoxMarker(text: string): Marker | null {
  const whole = { start: 0, end: text.length };
  let match = BOX.exec(text);
  if (match && isEpisode(match[1]!) && (match[2] === undefined || isEpisode(match[2]))) {
    return { ...whole, ...counts(match[1], match[2], match[3]) };
  }
  match = BOX_SPECIAL.exec(text);
  if (match) return { ...whole, kind: /^o/i.test(match[1]!) ? "ova" : "special", ...counts(match[2]) };
  match = BOX_LIST.exec(text);
  if (match) return { ...whole, ...counts(match[1], match[2]) };
  match = BOX_OF.exec(text) ?? BOX_FIRST.exec(text);
  if (match) return { ...whole, ...counts(match[1] ?? match[2]) };
  match = SEASON_AND_EPISODE.exec(text) ?? ALL.exec(text) ?? COUNTED_HAN.exec(text);
  return match?.index === 0 ? findWordMarker(text) : null;
}
