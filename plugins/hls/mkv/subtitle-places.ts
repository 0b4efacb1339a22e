/** Where the blocks of subtitles are, so that a whole track is read without the pictures around it. */
import type { ContainerIndex } from "../reader/model.ts";
import type { Clusters } from "./clusters.ts";
import type { Cue } from "./cues.ts";

export interface Places {
  /** Places in the file. */
  clusters: number[];
  /** Places in their bodies. */
  relatives: number[];
}

/** By track number. */
export type SubtitlePlaces = Map<number, Places>;

/** Programs that write a cue for every block of a subtitle. Of others nobody knows, and a line must not be missing. */
const THOROUGH = /^(mkvmerge|Lavf)/;

/**
 * What an index of the file tells of tracks.
 * @param begin the place that cues count from
 */
export function placesOfCues(
  clusters: Clusters,
  cues: readonly Cue[],
  begin: number,
  writingApp: string,
): SubtitlePlaces {
  if (!THOROUGH.test(writingApp)) return new Map();
  const byTrack = Map.groupBy(
    cues.filter(({ cluster }) => begin + cluster < clusters.limit),
    ({ track }) => track,
  );
  const places: SubtitlePlaces = new Map();
  for (const [number, own] of byTrack) {
    if (clusters.entries.get(number)?.track.type !== "subtitle") continue;
    if (own.some(({ relative }) => relative === null)) continue;
    own.sort((a, b) => a.cluster - b.cluster || a.relative! - b.relative!);
    places.set(number, {
      clusters: own.map(({ cluster }) => begin + cluster),
      relatives: own.map(({ relative }) => relative!),
    });
  }
  return places;
}

/** As it lies in an index. */
export const flatten = (places: SubtitlePlaces): ContainerIndex["subtitleBlocks"] =>
  Object.fromEntries([...places].map(([number, { clusters, relatives }]) => [number, [...clusters, ...relatives]]));

/** Undefined where the index tells nothing. */
export function placesIn(index: ContainerIndex, track: number): Places | undefined {
  const list = index.subtitleBlocks[track];
  return list && { clusters: list.slice(0, list.length / 2), relatives: list.slice(list.length / 2) };
}
