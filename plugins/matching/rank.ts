/** The subjects that a file may be, best first, with all that its name says beside the title. Pure. */
import type { Reading } from "../../src/plugin.ts";
import { extendsName, sameSeries, seasonSaid } from "./chain.ts";
import { isMovie, isOva, isSeries, yearOf } from "./platform.ts";
import { AGREEMENT, type Score, worth } from "./score.ts";
import { EQUAL_ROMAJI } from "./similarity.ts";
import type { Title } from "./titles.ts";
import { weigh } from "./weigh.ts";

export interface Ranked {
  score: Score;
  /** Title, season, part, kind and year together; 1 is certain, and more is possible. */
  value: number;
}

/** Two equal titles this near each other are a tie. */
export const TIE = 0.006;
const PLAUSIBLE = 0.5;
const GOOD = 0.9;
const NEAR = 0.05;

/** @param season what {@link seasonOf} made of the name */
export function rank(scores: readonly Score[], reading: Reading, season: number | null): Ranked[] {
  const said = { ...reading, season };
  const seriesFits = scores.some((score) => isSeries(score.work.subject) && worth(score) >= GOOD);
  return scores
    .filter((score) => worth(score) >= PLAUSIBLE)
    .map((score) => ({ score, value: weigh(score, said, seriesFits, aloneWithTitle(score, scores)) }))
    .map((one, _, all) => ({ ...one, value: behind(one, all, reading) }))
    .toSorted((a, b) => b.value - a.value || b.score.full - a.score.full || dateOf(a).localeCompare(dateOf(b)));
}

/** The season said outright, or the trailing digit of a title: when no title as a whole is a name, or the wiki says the same. */
export function seasonOf(reading: Reading, titles: readonly Title[], scores: readonly Score[]): number | null {
  if (reading.season !== null) return reading.season;
  const weak = titles.find(({ weak, derived }) => weak && !derived) ?? titles.find(({ weak }) => weak);
  if (!weak) return null;
  const literal = scores.some(({ exact, title }) => exact && title?.weak);
  const agreed = scores.some(({ work, base }) => seasonSaid(work) === weak.season && base >= GOOD);
  return !literal || agreed ? weak.season : null;
}

/** Whether no other work of the series is called so, to the letter when this one is: then the title alone tells the season. */
const aloneWithTitle = (score: Score, scores: readonly Score[]): boolean =>
  score.full >= GOOD &&
  !scores.some(
    (other) =>
      other !== score &&
      other.full >= (score.exact ? EQUAL_ROMAJI * (other.title?.weight ?? 1) : score.full - NEAR) &&
      (other.toTheLetter || !score.toTheLetter) &&
      sameSeries(other.work, score.work) &&
      !extendsName(other.work, score.work),
  );

/**
 * Where a title is the name of one work and what several of its series begin with, it is that one's: a short form stays behind a
 * whole name, and a work whose own name goes on stays behind the one whose does not.
 */
function behind({ score, value }: Ranked, all: readonly Ranked[], reading: Reading): number {
  const { name, work } = score;
  const { kind } = reading;
  if ((kind === "movie" && isMovie(work.subject)) || (kind === "ova" && isOva(work.subject))) return value;
  if (!name) return value;
  const ofYear = ({ subject }: Score["work"]): boolean => reading.year === null || yearOf(subject) === reading.year;
  const before = all.find(
    ({ score: other }) =>
      other !== score &&
      other.exact &&
      !other.name?.short &&
      (ofYear(other.work) || !ofYear(work)) &&
      score.full - other.full < AGREEMENT / 2 &&
      !(reading.season === 1 && seasonSaid(work) === 1) &&
      (other.toTheLetter || !score.toTheLetter) &&
      (name.short || (!work.primary.includes(name) && extendsName(work, other.work))) &&
      sameSeries(other.work, work),
  );
  return before ? Math.min(value, before.value - TIE) : value;
}

const dateOf = ({ score }: Ranked): string => score.work.subject.date ?? "9999";
