/** The frames between two keyframes. */
import { type ContainerIndex, Damaged, type Frame, type Part } from "../reader/model.ts";
import type { Block } from "./block.ts";
import { type Clusters, type ClusterWalk, PATIENCE_NS, walkClusters } from "./clusters.ts";
import { lookBack } from "./look-back.ts";

/** A part in the making. */
export interface Gathering {
  clusters: Clusters;
  index: ContainerIndex;
  /** Numbers of the keyframes. */
  from: number;
  to: number;
  /** Nanoseconds; of tracks other than the video, a frame belongs to the part that its time is in. */
  begin: number;
  end: number;
  frames: Map<number, Frame[]>;
  bytes: number;
}

/** One read for most parts, and not much memory for the longest. */
const LARGEST_READ = 8 * 2 ** 20;
/** Behind the part: the next keyframe, and sounds that lie behind it. */
const MARGIN = 256 * 2 ** 10;
export const LARGEST_PART = 256 * 2 ** 20;

/** @throws Damaged */
export async function readPart(
  clusters: Clusters,
  index: ContainerIndex,
  from: number,
  to: number,
  tracks: readonly number[],
): Promise<Part> {
  const { times } = index.keyframes;
  if (!(from >= 0 && from < to && to <= times.length)) throw new RangeError(`there is no part from ${from} to ${to}`);
  const frames = new Map<number, Frame[]>(tracks.map((track) => [track, []]));
  const begin = from === 0 ? Number.NEGATIVE_INFINITY : times[from]!;
  const end = times[to] ?? Number.POSITIVE_INFINITY;
  const gathering: Gathering = { clusters, index, from, to, begin, end, frames, bytes: 0 };
  const { nextVideoTime, seenBefore } = await readForwards(gathering);
  if (from > 0) await lookBack(gathering, seenBefore);
  return { frames, nextVideoTime };
}

/**
 * Takes the frames of a block that belong to the part: of the video all, of others by their time.
 * @returns the times of its first and last frame
 * @throws Damaged when the part grows beyond what can be held
 */
export async function take(gathering: Gathering, walk: ClusterWalk, block: Block, into: Frame[]): Promise<Reach> {
  const { index, begin, end } = gathering;
  const all = block.track === index.video;
  const time = walk.timeOf(block);
  // Most blocks have one frame, and need not be read to be left.
  if (!all && block.lacing === 0 && (time < begin || time >= end)) return { first: time, last: time };
  gathering.bytes += block.end - block.start;
  if (gathering.bytes > LARGEST_PART) throw new Damaged("a part between keyframes is too large");
  const frames = await walk.framesOf(block);
  into.push(...(all ? frames : frames.filter((frame) => frame.time >= begin && frame.time < end)));
  return { first: time, last: frames.at(-1)!.time };
}

interface Reach {
  first: number;
  last: number;
}

interface Forwards {
  nextVideoTime: number | null;
  /** Tracks of which a frame from before the part was passed: nothing of the part lies further back. */
  seenBefore: Set<number>;
}

/**
 * From the first keyframe on. Where the file is damaged, what can be read goes on at the next keyframe: a player shows the last good
 * picture meanwhile.
 */
async function readForwards(gathering: Gathering): Promise<Forwards> {
  const { clusters, index, from, to, frames } = gathering;
  const { times, offsets } = index.keyframes;
  const forwards: Forwards = { nextVideoTime: null, seenBefore: new Set() };
  const wanted = new Set(frames.keys());
  wanted.delete(index.video!);
  for (let number = from; number < to; ) {
    const start = number === 0 ? clusters.firstCluster : offsets[number]!;
    const reached = await readRun(gathering, forwards, wanted, number, start);
    if (reached === null) return forwards;
    do number++;
    while (number < to && offsets[number]! <= reached);
  }
  forwards.nextVideoTime = times[to] ?? null;
  return forwards;
}

/**
 * Takes frames from one keyframe on, to the end of the part or as far as the file can be read.
 * @param wanted loses the tracks of which nothing more can come
 * @returns null at the end of the part, else the place that was reached
 */
async function readRun(
  gathering: Gathering,
  forwards: Forwards,
  wanted: Set<number>,
  number: number,
  start: number,
): Promise<number | null> {
  const { clusters, index, to, begin, end, frames } = gathering;
  const { times, offsets } = index.keyframes;
  const last = offsets[to] ?? clusters.limit;
  const walk = walkClusters(clusters, start, (at) => Math.min(Math.max(last - at, 0) + MARGIN, LARGEST_READ));
  let state: "before" | "in" | "behind" | "done" = "before";
  try {
    for (let block = await walk.next(); block; block = await walk.next()) {
      const time = walk.timeOf(block);
      const into = frames.get(block.track);
      if (state === "before" && block.cluster > offsets[number]!) return start;
      if (state === "in" && block.cluster > last) return last;
      if (block.track === index.video) {
        if (state === "before" && block.key && time === times[number]) state = "in";
        else if (state === "in" && block.key && time === end) state = "behind";
        else if (state === "behind" && time > end) state = "done";
        if (state === "in" && into) await take(gathering, walk, block, into);
        // Pictures that are shown before the keyframe which they follow.
        if (state === "behind") forwards.nextVideoTime = Math.min(forwards.nextVideoTime ?? time, time);
      } else if (into) {
        const reach = await take(gathering, walk, block, into);
        if (reach.first < begin) forwards.seenBefore.add(block.track);
        if (reach.last >= end) wanted.delete(block.track);
      }
      if (time > end + PATIENCE_NS || (state === "done" && wanted.size === 0)) return null;
    }
  } catch (error) {
    if (!(error instanceof Damaged) || gathering.bytes > LARGEST_PART) throw error;
    return walk.at;
  }
  // The end of the file is where the last part ends.
  return (state === "in" && to === times.length && !walk.lost) || state === "behind" || state === "done"
    ? null
    : walk.at;
}
