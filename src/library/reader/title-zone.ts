/** The part of a name that calls the work by its title: before the episode, before all that is about the file. */
import type { Found } from "./find-marker.ts";
import { extraStart } from "./kinds.ts";
import type { Piece } from "./pieces.ts";
import { isAllTechnical, technicalStart } from "./technical.ts";
import { namesWork, seasonOf } from "./titles.ts";

export interface Zone {
  /** Texts with titles in them, best first. */
  texts: string[];
  year: number | null;
  season: number | null;
  part: number | null;
}

/** Stands in the middle of a title at times: "Dragon Raja (Japanese Audio) S2". */
const BETWEEN = /^TV$|\s(?:audio|dub(?:bed)?)$/i;
const YEAR_AT_END = /[\s.]((?:19[6-9]|20[0-3])\d)(?=[\s.]*$)/;

/** What a piece of running text says before the episode and before technical words. */
export function leadingText(pieces: readonly Piece[], index: number, found: Found | null): string {
  const { text } = pieces[index]!;
  if (found && index > found.piece) return "";
  if (index > 0 && isAllTechnical(text)) return "";
  return text.slice(0, Math.min(found?.piece === index ? found.marker.start : text.length, technicalStart(text)));
}

/** @param from index of the first piece that is not a group */
export function readTitleZone(pieces: readonly Piece[], from: number, found: Found | null): Zone {
  const zone: Zone = { texts: [], year: null, season: null, part: null };
  const boxes: string[] = [];
  /** The running text that comes next belongs to the one before. */
  let continues = false;
  for (const [index, { text, box }] of pieces.entries()) {
    const isPast = found !== null && (index > found.piece || (index === found.piece && box !== null));
    zone.year ??= box?.year ?? null;
    zone.season ??= box?.season ?? null;
    zone.part ??= box?.part ?? null;
    if (isPast) continue;
    if (box === null) {
      const title = titleIn(leadingText(pieces, index, found), zone);
      if (continues) zone.texts[zone.texts.length - 1] += title;
      else if (/[\p{L}\p{N}]/u.test(title)) zone.texts.push(title);
      continues = false;
      if (technicalStart(text) < text.length && zone.texts.some(namesWork)) break;
      continue;
    }
    const isNext = zone.texts.length > 0 && pieces[index + 1]?.box === null;
    if (box.sort === "text" && index >= from) {
      zone.year ??= yearIn(text);
      continues = isNext && zone.texts.some(namesWork) && goesOn(pieces, index + 1, found);
      if (continues) zone.texts[zone.texts.length - 1] += ` [${text}] `;
      else boxes.push(text);
    } else if (box.sort === "year" || box.sort === "season" || BETWEEN.test(text)) {
      continues = isNext;
    } else if (box.sort === "technical" && (boxes.length > 0 || zone.texts.some(namesWork))) {
      break;
    }
  }
  for (const text of zone.texts) if (!namesWork(text)) zone.season ??= seasonOf(text).season;
  zone.texts = joined(zone.texts, boxes);
  return zone;
}

const yearIn = (text: string): number | null =>
  Number(/\(((?:19[6-9]|20[0-3])\d)\)/.exec(text)?.[1] ?? Number.NaN) || null;

/** Running text without the name of an extra and without a year, which is noted. */
function titleIn(text: string, zone: Zone): string {
  const extra = extraStart(text);
  const title = extra >= 0 ? text.slice(0, extra) : text;
  const year = YEAR_AT_END.exec(title);
  if (!year || !namesWork(title.slice(0, year.index))) return title;
  zone.year ??= Number(year[1]);
  return title.slice(0, year.index);
}

/** Whether a sentence goes on after a bracket: "ga [Locodol] Yatte Mita". */
const goesOn = (pieces: readonly Piece[], index: number, found: Found | null): boolean =>
  /^\s*[\p{L}\p{N}]/u.test(pieces[index]!.text) && namesWork(leadingText(pieces, index, found));

/** 【我推的孩子】 第二季: a season outside of the bracket of its title belongs to it. */
function joined(texts: readonly string[], boxes: readonly string[]): string[] {
  const named = texts.filter(namesWork);
  if (named.length > 0 || boxes.length === 0) return [...named, ...boxes];
  const season = texts.map((text) => text.trim()).join(" ");
  return [`${boxes[0]} ${season}`.trim(), ...boxes.slice(1)];
}

/** The work, or the title of the episode, which follow a number that nothing stands before. */
export function textAfter(pieces: readonly Piece[], found: Found): string[] {
  for (const [index, { text, box }] of pieces.entries()) {
    if (index < found.piece || (box !== null && (index === found.piece || box.sort !== "text"))) continue;
    const rest = index === found.piece ? text.slice(found.marker.end) : text;
    const title = box ? rest : rest.slice(0, technicalStart(rest)).replace(/^[\s\-_.:]+/, "");
    if (!namesWork(title)) continue;
    const first = title.split(" - ")[0]!;
    return box || first === title ? [title] : [first, title];
  }
  return [];
}
