/** Frames of a part that lie before its first keyframe in the file. */
import { Damaged, type Frame } from "../reader/model.ts";
import { PATIENCE_NS, walkClusters } from "./clusters.ts";
import { type Gathering, take } from "./part.ts";

const LARGEST_READ = 8 * 2 ** 20;

/**
 * Adds them, in front of what the part has.
 * @param seenBefore tracks that are known to have none
 */
export async function lookBack(gathering: Gathering, seenBefore: ReadonlySet<number>): Promise<void> {
  const { index, from, begin, frames } = gathering;
  const { times, offsets } = index.keyframes;
  const missing = new Set(
    [...frames.keys()].filter(
      (track) => track !== index.video && !seenBefore.has(track) && !beginsAtOnce(gathering, track),
    ),
  );
  for (let number = from; missing.size > 0 && number > 0 && times[number]! > begin - PATIENCE_NS; number--) {
    const [start, end] = [offsets[number - 1]!, offsets[number]!];
    if (start < end) await readBetween(gathering, start, end, missing);
  }
}

/** Whether the first frame that was found begins so early that none of the part can lie before it. */
function beginsAtOnce({ clusters, frames, begin }: Gathering, number: number): boolean {
  const { track, steady } = clusters.entries.get(number) ?? {};
  const first = frames.get(number)?.[0];
  // Times are rounded, one up and the other down.
  return !!steady && !!first && !!track?.frameDuration && first.time - begin < track.frameDuration - 2 * clusters.scale;
}

/** @param missing loses the tracks of which a frame from before the part was found */
async function readBetween(gathering: Gathering, start: number, end: number, missing: Set<number>): Promise<void> {
  const { clusters, begin, frames } = gathering;
  const found = new Map<number, Frame[]>([...missing].map((track) => [track, []]));
  const walk = walkClusters(clusters, start, (at) => Math.min(Math.max(end - at, 0), LARGEST_READ), end);
  try {
    for (let block = await walk.next(); block; block = await walk.next()) {
      const into = found.get(block.track);
      if (!into) continue;
      const { first } = await take(gathering, walk, block, into);
      if (first < begin) missing.delete(block.track);
    }
  } catch (error) {
    // Damage in front of a part is not its own: what could be read before it counts.
    if (!(error instanceof Damaged)) throw error;
  }
  for (const [track, earlier] of found) frames.set(track, [...earlier, ...frames.get(track)!]);
}
