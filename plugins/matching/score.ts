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
const WITH_ITS_MARKS = 0.004;
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

/** Names of works that the wiki gives no Latin name cannot meet the Latin half. */
export function scoreWork(work: Work, titles: readonly Title[]): Score {
  const best: Score = {
    work,
    full: 0,
    base: 0,
    title: null,
    name: null,
    exact: false,
    toTheLetter: false,
    inBothScripts: false,
  };
  const halves = { latin: false, other: false };
  const likest = { latin: 0, other: 0 };
  let whole = 0;
  let baseDerived = false;

  for (const title of titles) {
    let full = 0;
    let base = 0;
    let like = 0;
    let met: Name | null = null;
    for (const name of work.names) {
      let { full: likeness, base: likenessOfBase } = fits(title, name);
      if (name.short) {
        likeness = likeness >= EQUAL_ROMAJI ? SHORT : 0;
        likenessOfBase = likenessOfBase >= EQUAL_ROMAJI ? SHORT : 0;
      }
      if (!name.short && likeness < BUT_FOR_MOVIE && equalButForMovie(title, name)) likeness = BUT_FOR_MOVIE;
      if (likeness >= EQUAL_ROMAJI && sameMarks(title, name)) likeness += TO_THE_LETTER;
      if (likeness >= EQUAL_ROMAJI && work.primary.includes(name))
        likeness += marks(title.text) === marks(name.text) ? ITS_OWN + WITH_ITS_MARKS : ITS_OWN;
      if (likeness > full) {
        full = likeness;
        met = name;
      }
      base = Math.max(base, likenessOfBase);
      const longer = title.romajiBase !== name.romajiBase && title.romajiBase.includes(name.romajiBase);
      if (!longer) like = Math.max(like, likeness, likenessOfBase);
    }
    if (full >= AGREES) {
      if (!title.derived) whole++;
      else if (title.latin) halves.latin = true;
      else halves.other = true;
    }
    if (!title.folder) {
      const script = title.latin ? "latin" : "other";
      likest[script] = Math.max(likest[script], like);
    }
    const exact = full >= EQUAL_ROMAJI;
    let weight = title.weight;
    if (title.derived && exact && outweighs(title)) weight = Math.max(weight, HALF_WITH_TRANSLATION);
    const length = title.folded.length * (title.latin ? 1 : 2);
    const value = full * weight + (exact ? LENGTH_BONUS * Math.min(1, length / LONG_TITLE) : 0);
    if (value > best.full)
      Object.assign(best, {
        full: value,
        title,
        name: met,
        exact,
        toTheLetter: exact && !!met && sameMarks(title, met),
      });
    if (base * weight > best.base) {
      best.base = base * weight;
      baseDerived = title.derived;
    }
  }

  best.inBothScripts = Math.min(likest.latin, likest.other) >= ALIKE;
  if (halves.latin && halves.other) {
    best.full = Math.max(best.full, 0.975);
    best.base = Math.max(best.base, 0.975);
    whole++;
  } else if (whole === 0 && best.title?.derived && !outweighs(best.title)) {
    best.full = Math.min(best.full, HALF_ALONE);
    if (baseDerived) best.base = Math.min(best.base, 0.9);
  }
  if (whole > 1 || (best.exact && best.inBothScripts)) best.full += AGREEMENT;
  return best;
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
