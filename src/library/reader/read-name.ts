/** One name, of a file or of a folder, without the others of its path: pure. */
import { hasCjk } from "./cjk.ts";
import { type Found, findMarker } from "./find-marker.ts";
import { findGroups, isGroupName } from "./groups.ts";
import { extraStart, isMovieBanner, isStaged, kindOfTitle } from "./kinds.ts";
import type { Marker } from "./marker.ts";
import { type Piece, plainName, spaced, toPieces } from "./pieces.ts";
import type { Reading, ReadTitle, ReleaseKind } from "./reading.ts";
import { technicalStart } from "./technical.ts";
import { readTitleZone, textAfter } from "./title-zone.ts";
import { seasonOf, splitTitles } from "./titles.ts";

export interface NameReading extends Omit<Reading, "folderTitles" | "folderYear"> {
  /** Text after a number that nothing stands before: "05 - Hidan no Aria", but also "01 - Land of Visible Pain". */
  late: ReadTitle[];
}

/** @param isFolder the number that a folder ends with is not that of an episode, and what follows its last dot no extension */
export function readName(name: string, isFolder: boolean): NameReading {
  const plain = plainName(name, isFolder);
  const pieces = toPieces(spaced(plain));
  const found = findMarker(pieces, isFolder);
  const groups = findGroups(pieces, found);
  const group = pieces[groups.end - 1]?.text ?? null;
  const zone = readTitleZone(pieces, groups.end, found);

  let titles = splitTitles(zone.texts);
  let late: ReadTitle[] = [];
  if (titles.length === 0 && found) {
    const after = splitTitles(textAfter(pieces, found));
    // After a number in brackets comes the work, after one in running text more likely the name of the episode.
    if (pieces[found.piece]!.box) titles = after;
    else late = after;
  }
  // [诛仙][Jade Dynasty]: no group calls itself so.
  if (group !== null && hasCjk(group) && !isGroupName(group) && pieces[groups.end]?.box) {
    titles = [...titles, ...splitTitles([group]).map((title) => ({ ...title, derived: true }))];
  }

  const marker = withOtherCount(found?.marker ?? null, plain);
  const seasons = titles.map((title) => seasonOf(title.text));
  const season = seasons.find((read) => read.season !== null && !read.weak)?.season ?? null;
  const part = seasons.find((read) => read.part !== null)?.part ?? null;
  return {
    titles,
    late,
    // S00 is where specials are kept, not a season of any.
    season: (marker?.season ?? zone.season ?? season) || null,
    part: zone.part ?? part,
    episode: marker?.episode ?? null,
    lastEpisode: marker?.lastEpisode ?? null,
    otherEpisode: marker?.otherEpisode ?? null,
    year: zone.year,
    staged: isStaged(plain),
    group,
    kind: kindOf(pieces, found, titles, isMovieBanner(plain)),
  };
}

const TWO_COUNTS = /\s(\d{2,4})\((\d{2,4})\)(?=\s)/;

/** "A 02(28) _ B - 28": the first title has both numbers, the marker was found behind the second. */
function withOtherCount(marker: Marker | null, name: string): Marker | null {
  const [, first, second] = TWO_COUNTS.exec(name) ?? [];
  if (!marker || first === undefined || marker.episode !== Number(second)) return marker;
  return { ...marker, episode: Number(first), otherEpisode: Number(second) };
}

function kindOf(
  pieces: readonly Piece[],
  found: Found | null,
  titles: readonly ReadTitle[],
  isAnnouncedMovie: boolean,
): ReleaseKind {
  if (pieces.some((_, index) => isExtra(pieces, index, found))) return "extra";
  if (found?.marker.kind) return found.marker.kind;
  const said = titles.map((title) => kindOfTitle(title.text)).find((kind) => kind !== null);
  if (said === "ova" || pieces.some(({ box }) => box?.marker?.kind === "ova")) return "ova";
  const episode = found?.marker.episode ?? null;
  if (episode !== null) return found?.marker.season === 0 ? "special" : kindOfNumber(episode);
  if (isAnnouncedMovie || said === "movie" || pieces.some(({ box }) => box?.sort === "movie")) return "movie";
  return said ?? "unknown";
}

function isExtra(pieces: readonly Piece[], index: number, found: Found | null): boolean {
  const { text, box } = pieces[index]!;
  if (box) return box.sort === "extra";
  if (found?.piece !== index) return extraStart(text.slice(0, technicalStart(text))) >= 0;
  // "Ep01 Preview" is one, "07 - Pool Opening" is the title of an episode.
  const rest = text.slice(found.marker.end).replace(/\s*\([^)]*\)\s*$/, "");
  return extraStart(rest.slice(0, technicalStart(rest))) === 0;
}

/** 0 and 7.5 count beside the others. */
export const kindOfNumber = (episode: number): ReleaseKind =>
  episode === 0 || episode % 1 !== 0 ? "special" : "episode";
