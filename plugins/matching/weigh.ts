/** What season, part, kind and year of a file add to or take from a likeness of titles. Pure. */
import type { Reading } from "../../src/plugin.ts";
import { partOf, seasonSaid } from "./chain.ts";
import { isMovie, isOva, isSeries, yearOf } from "./platform.ts";
import type { Score } from "./score.ts";

/** What a group of files says beside its titles. */
export type Saying = Pick<Reading, "kind" | "part" | "year" | "folderYear" | "episode"> & { season: number | null };

/** Its own name says the season, not an alias of it. */
const SAID_ITSELF = 0.005;
/** Both say that it is the first one: a remake beside an old show without a number. */
const FIRST_SEASON = 0.02;

/**
 * @param alone whether no other season of the series has this very title: then the title tells the season, not the lack of a number
 * @param seriesFits whether a TV or web series is among the good candidates: then an episode is hardly one of a film or OVA
 */
export function weigh(score: Score, said: Saying, seriesFits: boolean, alone: boolean): number {
  const { subject } = score.work;
  let value = score.full;

  const season = seasonSaid(score.work) ?? score.work.season;
  if (said.season !== null && said.season > 1) {
    if (season === said.season)
      value = Math.max(value, score.base * 0.995) + (seasonSaid(score.work) === season ? SAID_ITSELF : 0);
    else if (season !== null) value -= 0.25;
    else value = Math.max(value - 0.06, score.base * 0.93);
  } else {
    value = Math.max(value, score.base * 0.93);
    if (said.season === 1 && season === 1) value += FIRST_SEASON;
    if (season !== null && season > 1 && !(alone || (score.exact && score.title?.season === season))) value -= 0.12;
  }

  const part = partOf(score.work);
  if (said.part !== null && said.part > 1) {
    if (part === said.part) value = Math.max(value, score.base * 0.99) + 0.01;
    else value -= 0.04;
  } else if (part > 1 && !(score.exact && score.title?.part === part)) value -= 0.06;

  const isEpisode = said.episode !== null && (said.kind === "episode" || said.kind === "ova");
  if (said.kind === "ova") {
    if (isOva(subject)) value = Math.max(value, score.base * 0.97) + 0.02;
    else value -= 0.15;
  } else if (isEpisode) {
    if (isMovie(subject)) value -= said.episode! > 1 || seriesFits ? 0.15 : 0.03;
    else if (isOva(subject)) value -= subject.eps > 0 && said.episode! > subject.eps ? 0.12 : seriesFits ? 0.05 : 0;
    else if (!isSeries(subject)) value -= 0.1;
    else if (subject.eps === 1 && said.episode! > 1) value -= 0.12;
  }
  if (said.kind === "movie") value += isMovie(subject) ? 0.02 : subject.eps === 1 ? 0 : -0.12;
  if (said.episode === null && said.kind === "unknown" && isSeries(subject) && (subject.eps || 12) > 1) value -= 0.03;

  const year = yearOf(subject);
  if (said.year !== null && year !== null) {
    // "Show (2022) Season 2" gives the year of the show.
    const ofTheShow = said.season !== null && said.season > 1 && said.year < year;
    const off = ofTheShow ? 1 : Math.abs(year - said.year);
    value += off >= 2 ? -0.15 : off === 1 ? -0.02 : 0.03;
  } else if (said.folderYear !== null && year !== null && (said.season ?? 1) <= 1) {
    const off = Math.abs(year - said.folderYear);
    value += off >= 2 ? -0.12 : off === 0 ? 0.015 : 0;
  }
  if (subject.date === null) value -= 0.03;
  if (subject.eps === 0 && !isMovie(subject)) value -= 0.015;
  return value;
}
