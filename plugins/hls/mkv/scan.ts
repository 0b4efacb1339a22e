/** What an index would say, from a walk over the heads of all blocks. */
import { Damaged } from "../reader/model.ts";
import { type Clusters, walkClusters } from "./clusters.ts";
import type { Keyframes } from "./keyframes.ts";
import type { SubtitlePlaces } from "./subtitle-places.ts";

export interface Scan {
  keyframes: Keyframes;
  subtitles: SubtitlePlaces;
  /** Nanoseconds: when the last frame ends. */
  duration: number;
  /** Whether what is behind some place in the middle could not be read. */
  lost: boolean;
}

/** Pictures lie so close that a large read is faster than many small ones. */
const READ = 2 ** 20;
/** Those of a day where every picture is one. */
const MOST_PLACES = 3_000_000;

/**
 * Reads most of a file.
 * @param from the place of a cluster
 * @throws Damaged
 */
export async function scan(clusters: Clusters, video: number | null, from = clusters.firstCluster): Promise<Scan> {
  const { entries, scale } = clusters;
  const found: Scan = { keyframes: { times: [], offsets: [] }, subtitles: new Map(), duration: 0, lost: false };
  for (const { track } of entries.values())
    if (track.type === "subtitle") found.subtitles.set(track.number, { clusters: [], relatives: [] });
  const walk = walkClusters(clusters, from, () => READ);
  const { times, offsets } = found.keyframes;
  for (let block = await walk.next(); block; block = await walk.next()) {
    if (times.length > MOST_PLACES) throw new Damaged("it has more keyframes than any file");
    const entry = entries.get(block.track);
    if (!entry) continue;
    const time = walk.timeOf(block);
    const length = block.duration === null ? (entry.track.frameDuration ?? 0) : block.duration * scale;
    found.duration = Math.max(found.duration, time + length);
    if (block.track === video && block.key && time > (times.at(-1) ?? Number.NEGATIVE_INFINITY)) {
      times.push(time);
      offsets.push(block.cluster);
    }
    const places = found.subtitles.get(block.track);
    places?.clusters.push(block.cluster);
    places?.relatives.push(block.relative);
    if (places && places.relatives.length > MOST_PLACES) throw new Damaged("it has more subtitles than any file");
  }
  return { ...found, lost: walk.lost };
}
