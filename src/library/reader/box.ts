/** What the inside of a bracket is: pure. */
import { remember } from "../../lib/remember.ts";
import { readTitleSeason } from "../../lib/title-season.ts";
import { readBoxMarker } from "./box-marker.ts";
import { isExtraBox, isMovieBox } from "./kinds.ts";
import type { Marker } from "./marker.ts";
import { isTechnical } from "./technical.ts";

export interface Box {
  /** `text`: none of the others, so a title, a group, or a word of the sentence around it. */
  sort: "year" | "season" | "movie" | "extra" | "number" | "technical" | "text";
  year: number | null;
  season: number | null;
  part: number | null;
  marker: Marker | null;
}

const YEAR = /^((?:19[5-9]|20[0-3])\d)(?:\s?-\s?(?:(?:19|20)?\d\d))?(?:\s(?:OVA|OAD|Movie|TV))?$/i;
const SEASON = /^(?:the )?(?:(?:s|season|saison)\s?\d|第.{1,3}[季期部]|\d+(?:st|nd|rd|th) season|(?:part|cour) \d)/i;

/** Remembered: a release has one set of brackets. */
export const readBox = remember(read);

function read(text: string): Box {
  const box: Box = { sort: "text", year: null, season: null, part: null, marker: null };
  const year = YEAR.exec(text)?.[1];
  if (year !== undefined) return { ...box, sort: "year", year: Number(year) };
  if (SEASON.test(text)) {
    const { base, season, part } = readTitleSeason(text);
    if (!/\p{L}{3}/u.test(base) && (season ?? part) !== null) return { ...box, sort: "season", season, part };
  }
  if (isMovieBox(text)) return { ...box, sort: "movie" };
  if (isExtraBox(text)) return { ...box, sort: "extra" };
  const marker = readBoxMarker(text);
  if (marker) return { ...box, sort: "number", marker };
  return isTechnical(text) ? { ...box, sort: "technical" } : box;
}
