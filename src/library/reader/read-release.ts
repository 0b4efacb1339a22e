/** From a path to what it says: our own reading of names and folders, and Anitomy's where it is better. */
import type { Anitomy, Elements } from "../anitomy.ts";
import { hasCjk } from "./cjk.ts";
import { readFolder } from "./folders.ts";
import { isEpisode } from "./marker.ts";
import { ownsNumber } from "./number-marker.ts";
import { kindOfNumber, type NameReading, readName } from "./read-name.ts";
import type { Reading, ReadTitle } from "./reading.ts";
import { isTechnical } from "./technical.ts";
import { namesWork, seasonOf } from "./titles.ts";

/** How far up a folder may name the work. */
const FOLDERS = 4;

/** @param path relative to the library, with slashes */
export function readRelease(path: string, anitomy: Anitomy): Reading {
  const folders = path.split("/");
  const file = folders.pop()!;
  const name = readName(file, false);
  const elements = anitomy(file);
  takeFromAnitomy(name, file, elements);
  const reading: Reading = {
    kind: name.kind,
    titles: name.titles,
    folderTitles: [],
    season: name.season,
    part: name.part,
    episode: name.episode,
    lastEpisode: name.lastEpisode,
    otherEpisode: name.otherEpisode,
    year: name.year,
    folderYear: null,
    staged: name.staged,
    group: name.group,
  };
  takeFromFolders(reading, folders.slice(-FOLDERS));
  if (reading.folderTitles.length === 0) {
    if (reading.titles.every((title) => title.derived)) reading.titles = [...name.late, ...reading.titles];
  } else if (reading.titles.length === 1 && reading.titles[0]!.text === groupOf(elements)) {
    // "Frieren/[SubsPlease] - 05": the folder knows better than a bracket.
    reading.group = reading.titles[0]!.text;
    reading.titles = [];
  }
  return reading;
}

/** Anitomy knows most groups, and numbers that stand where no rule of ours looks. */
function takeFromAnitomy(name: NameReading, file: string, elements: Elements): void {
  const group = groupOf(elements);
  if (group !== null && !name.titles.some((title) => title.text === group)) name.group = group;
  if (hasCjk(file) || name.kind === "extra") return;
  const title = elements.AnimeTitle?.[0]?.trim() ?? "";
  const isTitle = namesWork(title) && !/^\d+$/.test(title);
  const numbers = elements.EpisodeNumber ?? [];
  if (
    name.episode === null &&
    name.kind === "unknown" &&
    !elements.AnimeType &&
    numbers.length > 0 &&
    numbers.every(isEpisode)
  ) {
    const [episode, last] = [Number.parseFloat(numbers[0]!), Number.parseFloat(numbers.at(-1)!)];
    if (episode >= 0 && episode < 10_000 && !ownsNumber(title, numbers[0]!)) {
      name.episode = episode;
      if (last > episode) name.lastEpisode = last;
      name.kind = kindOfNumber(episode);
      // Its title ends where the number begins; ours went on.
      if (isTitle && name.titles[0]?.text.startsWith(title)) {
        const { season, part, weak } = seasonOf(title);
        const whole = name.titles.map(({ text }) => ({ text, derived: true }));
        const titles = [{ text: title, derived: false }, ...whole];
        Object.assign(name, { titles, season: weak ? null : season, part });
      }
    }
  }
  if (!isTitle || isNothingNew(title, name.titles)) return;
  name.titles.push({ text: title, derived: true });
  const { season, part, weak } = seasonOf(title);
  if (!weak) name.season ??= season;
  name.part ??= part;
}

/** Whether a title is one of ours in other signs, or ours cut within a word, or ours with what follows it. */
function isNothingNew(title: string, ours: readonly ReadTitle[]): boolean {
  const letters = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
  const theirs = letters(title);
  return ours.some(({ text, derived }) => {
    const known = letters(text);
    // A year that ours went without may belong to it: "Urusei Yatsura 2022".
    const isYear = /^(?:19|20)\d\d$/.test(theirs.slice(known.length));
    if (known === theirs || (!derived && !isYear && theirs.startsWith(known))) return true;
    return text.startsWith(title) && /^\p{L}/u.test(text.slice(title.length));
  });
}

function groupOf(elements: Elements): string | null {
  const group = elements.ReleaseGroup?.[0];
  return group !== undefined && !isTechnical(group) ? group : null;
}

/** From the file upwards, until a folder names a work. */
function takeFromFolders(reading: Reading, folders: readonly string[]): void {
  const readings = folders.map(readFolder).reverse();
  reading.staged ||= readings.some((folder) => folder.staged);
  for (const { season, holds, name } of readings) {
    reading.season ??= season;
    if (holds === "extras" && reading.kind !== "ova" && reading.kind !== "special") reading.kind = "extra";
    if (holds === "specials" && (reading.kind === "unknown" || reading.kind === "episode")) {
      reading.kind = reading.episode === null ? "extra" : "special";
    }
    if (!name || name.titles.length === 0) continue;
    reading.folderTitles = name.titles;
    reading.season ??= name.season;
    reading.part ??= name.part;
    reading.folderYear = name.year;
    if (reading.kind === "unknown" && name.kind === "movie") reading.kind = "movie";
    return;
  }
}
