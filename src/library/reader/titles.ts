/** From the text before the episode to the titles in it: pure. */
import { remember } from "../../lib/remember.ts";
import { readTitleSeason } from "../../lib/title-season.ts";
import { CJK_LETTERS, hasCjk } from "./cjk.ts";
import { withoutKind } from "./kinds.ts";
import type { ReadTitle } from "./reading.ts";

/** More than these help nobody. */
const MOST = 6;
/** Remembered: the episodes of a show have one title. */
export const seasonOf = remember(readTitleSeason);

/** Whether a work is named at all, not only its season. */
export const namesWork = (text: string): boolean => /[\p{L}\p{N}]/u.test(seasonOf(text).base);

/**
 * All that a text calls the work, best first: "A / B" and "A_B" are two titles; the Chinese and the Latin half of a text
 * are derived ones, and so is a title without its 剧场版 or (…).
 *
 * @param texts as they stand in the name
 */
export function splitTitles(texts: readonly string[]): ReadTitle[] {
  const found = new Map<string, ReadTitle>();
  const add = (text: string, derived: boolean) => {
    const title = tidy(text);
    if (title === "" || !namesWork(title)) return;
    const known = found.get(title);
    if (!known) found.set(title, { text: title, derived: derived || DATE.test(title) });
    else known.derived &&= derived;
  };
  for (const text of texts) {
    const parts = cutApart(text);
    for (const [at, { titles, derived }] of parts.entries()) {
      const torn = titles.length === 1 && at + 1 < parts.length && isStump(titles[0]!);
      // "Fate/Grand Order" cannot be a file's name: "Fate _ Grand Order" is one title.
      if (torn) for (const next of parts[at + 1]!.titles) add(`${titles[0]} ${next}`, derived);
      for (const title of titles) add(title, derived || torn);
    }
  }
  for (const { text, derived } of [...found.values()]) {
    for (const other of halves(text)) add(other, true);
    const bare = withoutKind(text);
    if (bare !== text) add(bare, derived || !/^[剧劇映电電]|\s-\s[特番]\S*$/.test(text));
  }
  const all = [...found.values()];
  return [...all.filter((title) => !title.derived), ...all.filter((title) => title.derived)].slice(0, MOST);
}

/** Too short for a title beside others: one word of up to five letters, or one of two Chinese characters. */
const isStump = (text: string): boolean => /^\s*[a-z]{2,5}\s*$/i.test(text) || /^\s*\p{sc=Han}{1,2}\s*$/u.test(text);

/** Digits that are rather a date or a number of a recording than "86" or "2001". */
const DATE = /^(?:\d[\s._-]*){6,}$/;

/** A text at its separators. "_" and "/" without blanks are one where the script changes, and may be one elsewhere. */
function cutApart(text: string): { titles: string[]; derived: boolean }[] {
  const parts: { titles: string[]; derived: boolean }[] = [];
  for (const part of text.split(/\s+[/_|]\s+|\s*\|\s*|\s*_{2,}\s*/)) {
    const pieces = part.split(/_(?=[^_])|(?<![a-z\d])\/|\/(?![a-z\d])/i);
    if (pieces.length === 1) parts.push({ titles: [part], derived: false });
    else if (!hasCjk(part)) {
      parts.push({ titles: [part.replace(/_/g, " ")], derived: false });
      // "22/7" and "AC_DC" are one; without blanks an underscore only stands for one.
      if (/\s/.test(part)) parts.push({ titles: pieces.filter((piece) => /[a-z]{4}/i.test(piece)), derived: true });
    } else parts.push({ titles: /\s/.test(part) ? pieces : byScript(pieces), derived: false });
  }
  return parts;
}

/** Neighbours of one script belong together: 夏日重现, Summer, Time are 夏日重现 and "Summer Time". */
function byScript(pieces: readonly string[]): string[] {
  const joined: string[] = [];
  let wasCjk: boolean | undefined;
  for (const piece of pieces) {
    const isCjk = hasCjk(piece);
    if (!isCjk && wasCjk === false) joined[joined.length - 1] += ` ${piece}`;
    else joined.push(piece);
    wasCjk = isCjk;
  }
  return joined;
}

const CJK_THEN_LATIN = new RegExp(`^(.*[${CJK_LETTERS}][A-Za-z\\d]*[!?。)~」』]*)\\s+([A-Za-z][^${CJK_LETTERS}]{3,})$`);
const LATIN_THEN_CJK = new RegExp(`^([A-Za-z\\d][^${CJK_LETTERS}]{3,}?)\\s+([「『《<(]?[${CJK_LETTERS}].*)$`);
const QUOTED = /^(.+?)\s*[「『](.{2,}?)[」』]\s*(.*)$/;
/** Up to a season that more follows: "X 第四季 2年级篇", "X - S03 - Y". */
const SEASONAL =
  /^.+?(?:第[\d一二三四五六七八九十]{1,2}[季期]|(?<![a-z])S\d{1,2}(?=\s)|\d(?:st|nd|rd|th) Season|Season \d+)(?=.*[\p{L}\p{N}])/iu;
const BRACKETED = /^(.+?)\s*\(([^()]{4,})\)\s*(.*)$/;

/** What a title may be made of. */
function halves(text: string): string[] {
  const bracketed = BRACKETED.exec(text);
  const seasonal = SEASONAL.exec(text)?.[0];
  const parts = bracketed
    ? [`${bracketed[1]} ${bracketed[3]}`.trim(), ...(isWordy(bracketed[2]!) ? [bracketed[2]!] : [])]
    : [];
  if (seasonal !== undefined && seasonal !== text) parts.push(seasonal);
  if (!hasCjk(text)) return parts;
  const quoted = QUOTED.exec(text);
  if (quoted) parts.push(...quoted.slice(1).filter(isWordy));
  const split = [CJK_THEN_LATIN, LATIN_THEN_CJK]
    .map((pattern) => pattern.exec(text)?.slice(1) ?? [])
    .find((pieces) => pieces.length === 2 && pieces.every(isWordy));
  if (split) parts.push(...split);
  return parts;
}

/** Long enough to be a title of its own, once the season is out of it. */
function isWordy(text: string): boolean {
  const { base } = seasonOf(text);
  return hasCjk(base) ? base.length > 1 : /[A-Za-z].*[A-Za-z].*[A-Za-z].*[A-Za-z]/.test(base);
}

/** A title without what only held it: (TV), years, strokes, an opening bracket. */
function tidy(text: string): string {
  return text
    .trim()
    .replace(/\s*[([](?:TV|TV Series|BD|DVD|Web|OAD|OVA|年[齡龄]限制版|Movie)[)\]]/gi, "")
    .replace(/\s*\((?:19|20)\d\d(?:\s?-\s?(?:19|20)?\d\d)?\)/g, "")
    .replace(/(?<=\S)(?:合集|全集)$|\s(?:19|20)\d\d-(?:19|20)\d\d(?=\s|$)/g, "")
    .replace(/\s\d{2,4}\(\d{2,4}\)$/, "")
    .replace(/\s+/g, " ")
    .replace(/^[\s\-_~★☆.,&/|:+·)\]]+(?=.*[\p{L}\p{N}])|[\s\-_★☆,&/|+(·[]+$/gu, "")
    .trim();
}
