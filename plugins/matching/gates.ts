/** What forbids an automatic match, however alike the titles are. Gates matter; the cut-off hardly does. Pure. */

import { sameSeries, seasonSaid } from "./chain.ts";
import type { Work } from "./names.ts";
import type { Case, Placed } from "./placing.ts";
import { isOva, isSeries, yearOf } from "./platform.ts";
import { TIE } from "./rank.ts";
import { fits } from "./similarity.ts";
import type { Title } from "./titles.ts";

/** A rival from another series must be this far behind. */
const MARGIN = 0.04;
/** Shows of this many episodes have numbered seasons on other sites only. */
const ENDLESS = 100;

export function closedGates(file: Case, placed: Placed): string[] {
  const { reading, top } = file;
  const { subject } = placed.work;
  const closed: string[] = [];
  const tied = tiedWith(file, placed);
  if (tied) closed.push(`"${nameFor(tied)}" (${tied.subject.id}) has the same title`);
  const rival = rivalOf(file, placed);
  if (rival) closed.push(`"${nameFor(rival)}" (${rival.subject.id}) is as likely`);
  if (onlyShortTitleFits(placed.work, file.titles)) closed.push("only a short one of its titles fits");
  if (reading.staged) closed.push("the name speaks of live action or a stage");
  if (reading.kind === "ova" && !isOva(subject)) closed.push("the name says OVA");
  if (reading.kind === "movie" && isSeries(subject) && subject.eps !== 1) closed.push("the name says it is a film");
  if (
    isSeries(subject) &&
    reading.kind === "unknown" &&
    reading.episode === null &&
    (subject.eps || 12) > 1 &&
    !top.score.exact
  )
    closed.push("a whole series in one file");
  const years = [reading.year, reading.folderYear];
  if (
    reading.season !== null &&
    subject.eps >= ENDLESS &&
    placed.work === top.score.work &&
    seasonSaid(placed.work) === null &&
    !years.includes(yearOf(subject))
  )
    closed.push(`${subject.eps} episodes without seasons: a numbered one is another count or another show`);
  return closed;
}

const nameFor = ({ subject }: Work): string => subject.name_cn || subject.name;

/** Another work with an equal title, when nothing but the title brought us here. */
function tiedWith({ ranked, top }: Case, placed: Placed): Work | undefined {
  if (placed.notes.length > 0 || !top.score.exact) return undefined;
  return ranked
    .slice(1, 6)
    .find(
      ({ score, value }) =>
        score.work !== placed.work && score.exact && top.value - value < TIE && top.score.full - score.full < TIE,
    )?.score.work;
}

function rivalOf({ ranked, top }: Case, placed: Placed): Work | undefined {
  const length = top.score.title?.folded.length ?? 0;
  const rival = ranked.find(
    ({ score }) =>
      score.work.subject.id !== placed.work.subject.id &&
      !sameSeries(score.work, placed.work) &&
      // Half a title meets many names.
      !(score.title?.derived && 2 * score.title.folded.length < length),
  );
  return rival && placed.confidence - rival.value < MARGIN ? rival.score.work : undefined;
}

/** The only title that fits is a short word, while longer ones say something else. */
function onlyShortTitleFits(work: Work, titles: readonly Title[]): boolean {
  const comparable = titles.filter(
    ({ derived, folder, latin }) =>
      !derived && !folder && work.names.some((name) => name.latin === latin && !name.short),
  );
  const fitting = comparable.filter((title) =>
    work.names.some((name) => {
      const { full, base } = fits(title, name);
      return full >= 0.6 || base >= 0.6;
    }),
  );
  return (
    fitting.length > 0 &&
    fitting.length < comparable.length &&
    fitting.every(({ foldedBase, latin }) => foldedBase.length <= (latin ? 6 : 2))
  );
}
