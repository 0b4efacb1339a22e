/** What a subject is called, and what each of its names says about season and part. Pure. */
import { remember } from "../../src/lib/remember.ts";
import { readTitleSeason } from "../../src/lib/title-season.ts";
import type { Subject } from "../bangumi/model.ts";
import { fold, foldRomaji, isLatin, marks } from "./normalize.ts";

export interface Name {
  text: string;
  folded: string;
  romaji: string;
  /** Without the words for season and part. */
  base: string;
  foldedBase: string;
  romajiBase: string;
  season: number | null;
  part: number | null;
  /** The season is a trailing digit or numeral only: it may as well belong to the title. */
  weak: boolean;
  latin: boolean;
  /** What stands before a subtitle: releases often stop there, and so may another season's. */
  short: boolean;
}

function read(text: string, short: boolean): Name {
  const { base, season, part, weak } = readTitleSeason(text);
  const [folded, foldedBase] = [fold(text), fold(base)];
  return {
    ...{ text, base, season, part, weak, short, folded, foldedBase },
    romaji: foldRomaji(folded),
    romajiBase: foldRomaji(foldedBase),
    latin: isLatin(text),
  };
}

const MOST = 50_000;
/** The forms of a name that are compared; the same text is read once. */
export const nameOf = remember((text) => read(text, false), MOST);
const shortNameOf = remember((text) => read(text, true), MOST);

const SUBTITLE = /^(.{3,}?)\s*(?:[:：~～〜]|\s[-–—―]|[「『<＜]|\s-(?=\S)|[-－](?=[^-－]+[-－]$))/u;
/** Folded letters that a short form needs to tell anything. */
const SHORTEST = { latin: 8, other: 4 };

/** A title without its subtitle; null when it has none or little is left. */
function shortOf(text: string): Name | null {
  const before = SUBTITLE.exec(text.normalize("NFKC"))?.[1];
  if (!before) return null;
  const name = shortNameOf(before);
  return name.foldedBase.length >= (name.latin ? SHORTEST.latin : SHORTEST.other) ? name : null;
}

export interface Work {
  subject: Subject;
  /** Its names as the wiki's own fields have them: they tell the season. */
  primary: readonly Name[];
  /** Every name, primary ones first, short forms last, each spelling once. */
  names: readonly Name[];
  /** Said by a primary name, not weakly unless nothing else is; null: none says one. */
  season: number | null;
  part: number | null;
}

/** @param more names from elsewhere: the bundled index, generated romaji, AniList */
export function workOf(subject: Subject, more: readonly string[] = []): Work {
  const primary = [subject.name_cn, subject.name].filter(Boolean).map(nameOf);
  const names: Name[] = [];
  const seen = new Set<string>();
  const whole = [...primary, ...subject.aliases.map(nameOf), ...more.map(nameOf)];
  const short = whole.map(({ text }) => shortOf(text)).filter((name) => name !== null);
  for (const name of [...whole, ...short]) {
    const spelling = name.short ? name.folded : `${name.folded} ${marks(name.text)}`;
    if (name.folded === "" || seen.has(spelling)) continue;
    seen.add(spelling);
    if (!name.short) seen.add(name.folded);
    names.push(name);
  }
  const sayings = [...primary, ...names.filter(({ short }) => !short)];
  const first = <T>(values: (T | null)[]): T | null => values.find((value) => value !== null) ?? null;
  return {
    subject,
    primary,
    names,
    season:
      first(primary.map(({ season, weak }) => (weak ? null : season))) ??
      first(primary.map(({ season }) => season)) ??
      first(sayings.map(({ season }) => (season !== null && season > 1 ? season : null))),
    part:
      first(primary.map(({ part }) => part)) ??
      first(sayings.map(({ part }) => (part !== null && part > 1 ? part : null))),
  };
}
