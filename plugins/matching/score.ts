/** How well the titles of a file fit the names of a subject, seasons left aside. Pure. */
import type { Name, Work } from "./names.ts";
import { marks, withoutMovie } from "./normalize.ts";
import { EQUAL_ROMAJI, fits } from "./similarity.ts";
import type { Title } from "./titles.ts";

export interface Score {
  work: Work;
  /** Of whole titles. Above 1 when several agree. */
  full: number;
  /** Of titles without their words for season and part. */
  base: number;
  /** The pair that met best. */
  title: Title | null;
  name: Name | null;
  /** They are equal, spelling aside. */
  exact: boolean;
  /** Equal, and with the same marks: the title has some. */
  toTheLetter: boolean;
  /** Titles in two scripts are both like its names, and none says more than they do. */
  inBothScripts: boolean;
}

const AGREES = 0.95;
const ALIKE = 0.75;
/** Several titles of a file say the same. */
export const AGREEMENT = 0.015;
/** Equal with every mark: what tells `K-ON!!` from `K-ON!`. */
const TO_THE_LETTER = 0.012;
/** Equal to a name that the wiki puts first, not an alias. */
const ITS_OWN = 0.004;
const WITH_ITS_MARKS = 0.007;
/** An equal long title says more than an equal short one. */
const LENGTH_BONUS = 0.012;
const LONG_TITLE = 24;
/** Without "the Movie" they are equal. */
const BUT_FOR_MOVIE = 0.965;
/** The title is all of a name but its subtitle. */
const SHORT = 0.94;
/** One half of a mixed title is equal and the other half says nothing we know. */
const HALF_ALONE = 0.885;
const HALF_WITH_TRANSLATION = 0.945;

/** Both halves of a mixed title are equal to names. */
const BOTH_HALVES = 0.975;
/** A series behind half a title is no more than a candidate. */
const BASE_OF_HALF = 0.9;

/** How one title meets a work. */
interface Meeting {
  title: Title;
  /** The name that is most like it. */
  name: Name | null;
  full: number;
  base: number;
  /** The better of both among names that the title does not go beyond. */
  within: number;
  exact: boolean;
  weight: number;
  /** `full` with its weight and what its length says. */
  value: number;
}

/** All titles against all names: the best pair, and what the other titles say to it. */
export function scoreWork(work: Work, titles: readonly Title[]): Score {
  const meetings = titles.map((title) => meet(title, work));
  const best = meetings.reduce<Meeting | null>((most, one) => (one.value > (most?.value ?? 0) ? one : most), null);
  const ofBase = meetings.reduce<Meeting | null>(
    (most, one) => (one.base * one.weight > (most ? most.base * most.weight : 0) ? one : most),
    null,
  );
  const agreeing = meetings.filter(({ full }) => full >= AGREES);
  const halves = agreeing.filter(({ title }) => title.derived);
  const bothHalves = halves.some(({ title }) => title.latin) && halves.some(({ title }) => !title.latin);
  const voices = agreeing.length - halves.length + (bothHalves ? 1 : 0);
  const likest = (latin: boolean): number =>
    Math.max(0, ...meetings.filter(({ title }) => !title.folder && title.latin === latin).map(({ within }) => within));

  const score: Score = {
    work,
    full: best?.value ?? 0,
    base: ofBase ? ofBase.base * ofBase.weight : 0,
    title: best?.title ?? null,
    name: best?.name ?? null,
    exact: best?.exact ?? false,
    toTheLetter: best?.exact === true && best.name !== null && sameMarks(best.title, best.name),
    inBothScripts: Math.min(likest(true), likest(false)) >= ALIKE,
  };
  if (bothHalves) {
    score.full = Math.max(score.full, BOTH_HALVES);
    score.base = Math.max(score.base, BOTH_HALVES);
  } else if (voices === 0 && best?.title.derived && !outweighs(best.title)) {
    score.full = Math.min(score.full, HALF_ALONE);
    if (ofBase?.title.derived) score.base = Math.min(score.base, BASE_OF_HALF);
  }
  if (voices > 1 || (score.exact && score.inBothScripts)) score.full += AGREEMENT;
  return score;
}

function meet(title: Title, work: Work): Meeting {
  let name: Name | null = null;
  let [full, base, within] = [0, 0, 0];
  for (const one of work.names) {
    const likeness = likenessOf(title, one, work);
    if (likeness.full > full) {
      full = likeness.full;
      name = one;
    }
    base = Math.max(base, likeness.base);
    const beyond = title.romajiBase !== one.romajiBase && title.romajiBase.includes(one.romajiBase);
    if (!beyond) within = Math.max(within, likeness.full, likeness.base);
  }
  const exact = full >= EQUAL_ROMAJI;
  const weight =
    title.derived && exact && outweighs(title) ? Math.max(title.weight, HALF_WITH_TRANSLATION) : title.weight;
  const length = title.folded.length * (title.latin ? 1 : 2);
  const value = full * weight + (exact ? LENGTH_BONUS * Math.min(1, length / LONG_TITLE) : 0);
  return { title, name, full, base, within, exact, weight, value };
}

function likenessOf(title: Title, name: Name, work: Work): { full: number; base: number } {
  let { full, base } = fits(title, name);
  if (name.short) return { full: full >= EQUAL_ROMAJI ? SHORT : 0, base: base >= EQUAL_ROMAJI ? SHORT : 0 };
  if (full < BUT_FOR_MOVIE && equalButForMovie(title, name)) full = BUT_FOR_MOVIE;
  if (full < EQUAL_ROMAJI) return { full, base };
  if (sameMarks(title, name)) full += TO_THE_LETTER;
  if (work.primary.includes(name)) full += marks(title.text) === marks(name.text) ? ITS_OWN + WITH_ITS_MARKS : ITS_OWN;
  return { full, base };
}

/** Releases drop marks, but make up none. */
const sameMarks = (title: Name, name: Name): boolean =>
  marks(title.text) !== "" && marks(title.text) === marks(name.text);

/** The better of both, a whole title first. */
export const worth = ({ full, base }: Score): number => Math.max(full, base * 0.99);

/** Whether the rest of the text is no reason to doubt a derived title. */
const outweighs = ({ folded, latin, other }: Title): boolean =>
  other !== null &&
  folded.length >= (latin ? 6 : 2) &&
  (latin !== other.latin || 2 * folded.length >= other.folded.length) &&
  addsNothing(other);

/** Words, not letters within them: "Isekai" is no "Kai". */
const MAKES_ANOTHER =
  /\b(?:ii|iii|iv|vi|omega|final|next|second|zwei|drei|kai|plus|zero|ova|oad|special|movie|shin|zoku)\b|[0-9]|続|续|新|剧场|劇場|总集|總集|特别|特別|外传|外傳|完结|完結|[前后後]篇|[前后後]編/i;

/** The same title in another language, or a scrap like an abbreviation: not a word that makes another work of the first half. */
const addsNothing = ({ base, foldedBase, latin, season }: Name): boolean =>
  season === null &&
  !MAKES_ANOTHER.test(base) &&
  (latin
    ? foldedBase.length <= 3 || (foldedBase.length >= 8 && base.trim().split(/\s+/).length >= 2)
    : foldedBase.length >= 4);

function equalButForMovie({ folded: a }: Name, { folded: b }: Name): boolean {
  const [here, there] = [withoutMovie(a), withoutMovie(b)];
  return (here !== a || there !== b) && here === there && here.length > 1;
}
