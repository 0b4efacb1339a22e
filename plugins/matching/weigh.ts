/** What season, part, kind and year of a file add to or take from a likeness of titles. Pure. */
import type { Reading } from "../../src/plugin.ts";
import type { Subject } from "../bangumi/model.ts";
import { partOf, seasonSaid } from "./chain.ts";
import { isMovie, isOva, isSeries, yearOf } from "./platform.ts";
import type { Score } from "./score.ts";

/** What a group of files says beside its titles. */
export type Saying = Pick<Reading, "kind" | "part" | "year" | "folderYear" | "episode"> & { season: number | null };

/** What contradicts a likeness takes from it. Likenesses are told apart by hundredths, and 0.1 is the end of a match. */
const AGAINST = {
  otherSeason: 0.25,
  seasonNotSaid: 0.06,
  laterSeason: 0.12,
  otherPart: 0.04,
  laterPart: 0.06,
  noOva: 0.15,
  episodeOfFilm: 0.15,
  episodeOfOneFilm: 0.03,
  beyondItsEpisodes: 0.12,
  ovaBesideSeries: 0.05,
  noAnimeSeries: 0.1,
  noFilm: 0.12,
  seriesWithoutNumber: 0.03,
  otherYear: 0.15,
  yearBeside: 0.02,
  otherYearOfFolder: 0.12,
  noDate: 0.03,
  noLength: 0.015,
};
/** What agrees adds to it: enough to go before an equal title that says nothing. */
const FOR = {
  /** Its own name says the season, not an alias of it. */
  ownSeason: 0.005,
  /** Both say that it is the first one: a remake beside an old show without a number. */
  firstSeason: 0.02,
  part: 0.01,
  ova: 0.02,
  film: 0.02,
  year: 0.03,
  yearOfFolder: 0.015,
};
/** What a likeness without the words for season and part is worth where they agree, and where nothing is said. */
const OF_BASE = { season: 0.995, part: 0.99, ova: 0.97, nothingSaid: 0.93 };

/**
 * @param alone whether no other season of the series has this very title: then the title tells the season, not the lack of a number
 * @param seriesFits whether a TV or web series is among the good candidates: then an episode is hardly one of a film or OVA
 */
export function weigh(score: Score, said: Saying, seriesFits: boolean, alone: boolean): number {
  const { subject } = score.work;
  let value = byPart(bySeason(score, said, alone), score, said);
  if (said.kind === "ova")
    value = isOva(subject) ? Math.max(value, score.base * OF_BASE.ova) + FOR.ova : value - AGAINST.noOva;
  else if (said.kind === "episode" && said.episode !== null) value -= againstEpisode(subject, said.episode, seriesFits);
  else if (said.kind === "movie") value += isMovie(subject) ? FOR.film : subject.eps === 1 ? 0 : -AGAINST.noFilm;
  else if (said.kind === "unknown" && said.episode === null && isSeries(subject) && subject.eps !== 1)
    value -= AGAINST.seriesWithoutNumber;
  value += ofYear(subject, said);
  if (subject.date === null) value -= AGAINST.noDate;
  if (subject.eps === 0 && !isMovie(subject)) value -= AGAINST.noLength;
  return value;
}

function bySeason({ work, full, base, exact, title }: Score, said: Saying, alone: boolean): number {
  const own = seasonSaid(work);
  const season = own ?? work.season;
  if (said.season !== null && said.season > 1) {
    if (season === said.season) return Math.max(full, base * OF_BASE.season) + (own === season ? FOR.ownSeason : 0);
    if (season !== null) return full - AGAINST.otherSeason;
    return Math.max(full - AGAINST.seasonNotSaid, base * OF_BASE.nothingSaid);
  }
  const value = Math.max(full, base * OF_BASE.nothingSaid);
  if (season === 1 && said.season === 1) return value + FOR.firstSeason;
  const told = alone || (exact && title?.season === season);
  return season !== null && season > 1 && !told ? value - AGAINST.laterSeason : value;
}

function byPart(value: number, { work, base, exact, title }: Score, said: Saying): number {
  const part = partOf(work);
  if (said.part !== null && said.part > 1)
    return part === said.part ? Math.max(value, base * OF_BASE.part) + FOR.part : value - AGAINST.otherPart;
  return part > 1 && !(exact && title?.part === part) ? value - AGAINST.laterPart : value;
}

function againstEpisode(subject: Subject, number: number, seriesFits: boolean): number {
  if (isMovie(subject)) return number > 1 || seriesFits ? AGAINST.episodeOfFilm : AGAINST.episodeOfOneFilm;
  if (isOva(subject)) {
    if (subject.eps > 0 && number > subject.eps) return AGAINST.beyondItsEpisodes;
    return seriesFits ? AGAINST.ovaBesideSeries : 0;
  }
  if (!isSeries(subject)) return AGAINST.noAnimeSeries;
  // What television shows once is a special.
  return subject.eps === 1 && number > 1 ? AGAINST.beyondItsEpisodes : 0;
}

function ofYear(subject: Subject, said: Saying): number {
  const year = yearOf(subject);
  if (year === null) return 0;
  const isLater = said.season !== null && said.season > 1;
  if (said.year !== null) {
    // "Show (2022) Season 2" gives the year of the show.
    const off = isLater && said.year < year ? 1 : Math.abs(year - said.year);
    return off >= 2 ? -AGAINST.otherYear : off === 1 ? -AGAINST.yearBeside : FOR.year;
  }
  if (said.folderYear === null || isLater) return 0;
  const off = Math.abs(year - said.folderYear);
  return off >= 2 ? -AGAINST.otherYearOfFolder : off === 0 ? FOR.yearOfFolder : 0;
}
