/** Which season of a series a file is of: the titles brought us to the series, these steps look at its relations. */
import { partOf, sameSeries, seasonSaid, seasonsOf } from "./chain.ts";
import type { Work } from "./names.ts";
import { marks } from "./normalize.ts";
import { type Case, isEpisode, isLater, type Placed } from "./placing.ts";
import { isOva, isSeries, yearOf } from "./platform.ts";
import { type Ranked, TIE } from "./rank.ts";
import { fits } from "./similarity.ts";

/** What the steps below may lift a likeness to: just enough, where nothing else speaks against it. */
const ENOUGH = 0.905;
const SURE_OF_YEAR = 0.95;
/** Worth lifting. */
const LIKELY = 0.74;
/** Folded letters that are not alike by chance. */
const LONG = 14;
const NEARLY = 0.86;
/** This far behind, a rival is none. */
const FAR = 0.15;
/** Two bases are one. */
const SAME = 0.95;
/** Folded letters of a title that tell a work when it stops in the middle of a name. */
const TELLING = { latin: 12, other: 4 };

const saysSeason = ({ season, primary }: Work): boolean =>
  season !== null || primary.some(({ part }) => (part ?? 1) > 1);

/** A title that is the beginning of the names of one series only, and of a season that it can be. */
export async function onlyOneBeginsSo(
  { reading, season, top, ranked, chains, catalog }: Case,
  placed: Placed,
): Promise<void> {
  const { title, name, work } = top.score;
  if (!title || !name || placed.confidence >= ENOUGH || placed.confidence < LIKELY) return;
  if (title.derived || reading.year !== null) return;
  if (!name.foldedBase.startsWith(title.foldedBase) || name.foldedBase === title.foldedBase) return;
  if (title.foldedBase.length < (title.latin ? TELLING.latin : TELLING.other)) return;
  if ((isEpisode(reading) && !isSeries(work.subject)) || work.subject.eps === 0) return;
  const others = ranked
    .map(({ score }) => score.work)
    .filter(
      (other) =>
        other !== work &&
        other.names.some(
          ({ folded, romaji }) => folded.startsWith(title.foldedBase) || romaji.startsWith(title.romajiBase),
        ),
    );
  const alone = others.length === 0 || others.every(await isKinOf(work, { chains, catalog }));
  const agrees = isLater(season)
    ? (seasonSaid(work) ?? work.season) === season
    : !saysSeason(work) && !(await chains.hasPrequel(work));
  if (!alone || !agrees) return;
  placed.confidence = ENOUGH;
  placed.notes.push("the only series that begins so");
}

/** A long Latin title that is nearly a name, while nothing of another series is anywhere near: a romaji of another school. */
export async function nothingElseIsNear({ season, top, ranked, chains }: Case, placed: Placed): Promise<void> {
  const { title, name, work } = top.score;
  if (!title?.latin || !name || placed.confidence >= ENOUGH || title.foldedBase.length < LONG) return;
  const { full, base } = fits(title, name);
  const likeness = isLater(season) ? base : full;
  if (likeness < NEARLY || name.romajiBase.startsWith(title.romajiBase)) return;
  if (
    ranked.some(
      ({ score, value }) => value > placed.confidence - FAR && !sameSeries(score.work, work) && score.work !== work,
    )
  )
    return;
  const said = seasonSaid(work) ?? work.season;
  const agrees = isLater(season) ? said === season : !saysSeason(work) && !(await chains.hasPrequel(work));
  if (!agrees) return;
  placed.confidence = ENOUGH;
  placed.notes.push("nothing else is near");
}

/** Whether works are in any relation to one, directly or along its seasons. */
async function isKinOf(
  work: Work,
  { chains, catalog }: Pick<Case, "chains" | "catalog">,
): Promise<(other: Work) => boolean> {
  const seasons = await chains.of(work);
  const relations = await Promise.all(seasons.map(({ subject }) => catalog.relations(subject.id)));
  const kin = new Set([...seasons.map(({ subject }) => subject.id), ...relations.flat().map(({ id }) => id)]);
  return (other) => kin.has(other.subject.id);
}

/** Translations differ; that the titles in two scripts are both alike is no chance. Which season it is, they do not tell. */
export async function likeInBothScripts({ season, top: { score }, chains }: Case, placed: Placed): Promise<void> {
  if (!score.inBothScripts || score.full >= ENOUGH || placed.confidence >= ENOUGH || placed.confidence < LIKELY) return;
  const said = seasonSaid(score.work) ?? score.work.season;
  const agrees = isLater(season) ? said === season : said === null && !(await chains.hasPrequel(score.work));
  if (!agrees) return;
  placed.confidence = ENOUGH;
  placed.notes.push("titles in two scripts are alike");
}

/** The season of the year that the name gives; a year that none has speaks against the series. */
export async function ofTheYear({ reading, season, chains }: Case, placed: Placed): Promise<void> {
  const { subject } = placed.work;
  const year = yearOf(subject);
  if (reading.year === null || year === null || year === reading.year || !isSeries(subject) || isLater(season)) return;
  const ofYear = (await chains.of(placed.work)).filter((work) => yearOf(work.subject) === reading.year);
  if (ofYear.length === 1) {
    placed.work = ofYear[0]!;
    placed.confidence = Math.min(placed.confidence, SURE_OF_YEAR);
    placed.notes.push(`the season of ${reading.year}`);
  } else if (!(year < reading.year && reading.year <= year + lastingYears(Math.max(subject.eps, reading.episode ?? 0))))
    placed.against.push(`it is of ${year}, the name says ${reading.year}`);
}

/** A show that runs for years is dated by the year of the episode at times; one of half a year never is. */
const lastingYears = (episodes: number): number => (episodes <= 26 ? 0 : Math.ceil(episodes / 40));

/** A later season: its own number, its subtitle, or counted from the first along the chain. */
export async function ofTheSeason(
  { reading, titles, season, top, ranked, chains }: Case,
  placed: Placed,
): Promise<void> {
  if (!isLater(season) || !isSeries(placed.work.subject)) return;
  const { score } = top;
  const own = seasonSaid(score.work) ?? score.work.season;
  if (own === season) {
    placed.notes.push(`season ${season}`);
    // Parts of one season share its title, and the numbers run from the first.
    const shares = ranked.some(
      (other) =>
        other !== top &&
        isSeries(other.score.work.subject) &&
        (seasonSaid(other.score.work) ?? other.score.work.season) === season &&
        !(score.exact && !other.score.exact && (score.title?.weak ?? true)) &&
        top.value - other.value < 0.03 &&
        sameSeries(other.score.work, score.work),
    );
    if (shares) {
      const { works } = seasonsOf(await chains.of(score.work)).find((one) => one.works.includes(score.work))!;
      if (ranked.some(({ score: other, value }) => other.work === works[0] && top.value - value < 0.03))
        placed.work = works[0]!;
    }
    return;
  }

  const seasons = seasonsOf(await chains.of(score.work));
  let wanted = seasons.find(({ number }) => number === season)?.works[0];
  if (score.exact && own === null && seasons[0]!.works[0] !== score.work) {
    if (wanted && wanted !== score.work && ranked.some(({ score: other }) => other.work === wanted && other.exact)) {
      placed.work = wanted;
      placed.notes.push(`season ${season} of those with this title`);
      return;
    }
    placed.notes.push(`season ${season} by its subtitle`);
    if (
      ranked.some(
        (other) =>
          other !== top &&
          other.score.exact &&
          top.value - other.value < TIE &&
          sameSeries(other.score.work, score.work),
      )
    )
      placed.against.push("another season has this title");
    // "Subtitle S2": the second with that subtitle, or the season with the subtitle, which is the second?
    const namesSeries = titles.some(
      (title) => title !== score.title && seasons[0]!.works[0]!.names.some((name) => fits(title, name).base >= SAME),
    );
    if (!seasons.at(-1)!.works.includes(score.work) && !namesSeries) placed.against.push("it has a sequel of its own");
    if (seasons[0]!.works.includes(score.work)) placed.against.push("no earlier season leads to it");
    return;
  }
  const fitting: Work[] = [];
  for (const start of seriesLike(top, ranked)) {
    const [first, ...more] = seasonsOf(await chains.of(start));
    wanted = [first!, ...more].find(({ number }) => number === season)?.works[0];
    const named = first!.works[0]!.names;
    if (!wanted || first!.number !== 1 || fitting.includes(wanted)) continue;
    if (start !== first!.works[0] && !titles.some((title) => named.some((name) => fits(title, name).base >= SAME)))
      continue;
    // "Show (2019) S3": a remake is told by the year of its first season.
    const years = [first!.works[0]!, wanted].map(({ subject }) => yearOf(subject));
    if (reading.year === null || years.includes(reading.year)) fitting.push(wanted);
  }
  if (fitting.length !== 1) {
    placed.against.push(
      fitting.length === 0 ? `season ${season} is not known` : `several series have a season ${season}`,
    );
    return;
  }
  placed.work = fitting[0]!;
  placed.confidence = Math.min(score.base, 0.99) * 0.985;
  placed.notes.push(`season ${season} of its series`);
}

/** The best, and others with the same title: remakes. */
const seriesLike = (top: Ranked, ranked: readonly Ranked[]): Work[] =>
  ranked
    .filter(({ score }) => isSeries(score.work.subject) && (score === top.score || score.base >= top.score.base - 0.02))
    .slice(0, 4)
    .map(({ score }) => score.work);

/** An OVA is most often named like its series, which is all that the title tells: the one OVA of the series is meant. */
export async function theOvaOf({ reading, top: { score }, chains }: Case, placed: Placed): Promise<void> {
  if (reading.kind !== "ova" || !isSeries(placed.work.subject) || Math.max(score.full, score.base) < SAME) return;
  const ovas = (await chains.related(placed.work)).filter(
    (work) => isOva(work.subject) && work.subject.eps >= (reading.episode ?? 1) && sameSeries(work, placed.work),
  );
  if (ovas.length !== 1) return;
  placed.work = ovas[0]!;
  placed.confidence = Math.max(placed.confidence, ENOUGH);
  placed.notes.push("the OVA of the series");
}

/**
 * A title that several seasons share is the first one's: where a name stops before its subtitle, where a later season has the name
 * of the series among its aliases, and where the first season is not known under this title at all.
 */
export async function earliestWithTitle({ reading, season, top, ranked, chains }: Case, placed: Placed): Promise<void> {
  const { name, work, exact, base, toTheLetter } = top.score;
  if (isLater(season) || reading.year !== null || !name || !isSeries(work.subject) || placed.work !== work) return;
  const numbered = (seasonSaid(work) ?? name.season ?? 1) > 1;
  const alias = exact && !work.primary.includes(name) && name.season === null && name.part === null;
  const shared = ranked.some(
    ({ score }) =>
      score !== top.score && score.exact && score.title === top.score.title && sameSeries(score.work, work),
  );
  const onlyBase = !exact && numbered && base >= SAME && season === null;
  if (!name.short && !(alias && (numbered || shared)) && !onlyBase && season !== 1) return;
  if (!shared && !(await chains.hasPrequel(work))) return;
  const chain = await chains.of(work);
  const earliest = chain.find((other) =>
    other.names.some(
      ({ folded, text }) => folded === name.folded && (!toTheLetter || marks(text) === marks(name.text)),
    ),
  );
  if (earliest && (earliest !== work || (shared && chain.length > 1))) {
    placed.work = earliest;
    placed.notes.push("the first season with this title");
  } else if ((onlyBase || season === 1) && base >= SAME && seasonSaid(chain[0]!) !== 2) {
    placed.work = chain[0]!;
    placed.confidence = Math.max(placed.confidence, Math.min(base, 1) * 0.93);
    placed.notes.push("the first season of its series");
  } else if (name.short && chain[0] !== work) placed.against.push("several of its seasons begin so");
}

/** "Part 2" is the second of its season; a title without one is the first. */
export async function ofThePart({ reading, top, chains }: Case, placed: Placed): Promise<void> {
  const wanted = reading.part !== null && reading.part > 1 ? reading.part : 1;
  const own = partOf(placed.work);
  if (own === wanted || (wanted === 1 && top.score.exact && top.score.title?.part === own)) return;
  const seasons = seasonsOf(await chains.of(placed.work));
  const { works } = seasons.find((season) => season.works.includes(placed.work))!;
  const part = works.find((work) => partOf(work) === wanted) ?? works[wanted - 1];
  if (part) placed.work = part;
  else placed.against.push(`part ${wanted} is not known`);
}
