/** Where the pictures are that playing can begin with. */
import { type ContainerIndex, Damaged } from "../reader/model.ts";
import type { Block } from "./block.ts";
import { type Clusters, type ClusterWalk, walkClusters } from "./clusters.ts";
import type { Cue } from "./cues.ts";

export type Keyframes = ContainerIndex["keyframes"];

const READ = 16 * 2 ** 10;
/** Between keyframes; encoders make one every ten seconds or more often. */
const LONGEST_NS = 30_000_000_000;

/**
 * The keyframes that an index of the file tells, where it can be believed.
 * @param begin the place that cues count from
 * @param first the first block of the video
 * @param duration of the file in nanoseconds; 0 when it does not say
 * @returns null when it tells none, or wrong ones
 */
export async function keyframesOfCues(
  clusters: Clusters,
  cues: readonly Cue[],
  video: number,
  begin: number,
  first: Block | undefined,
  duration: number,
): Promise<Keyframes | null> {
  const keyframes = told(clusters, cues, video, begin);
  if (first?.key) addFirst(keyframes, clusters, first);
  if (hasHoles(keyframes, duration)) return null;
  return (await areThere(clusters, keyframes, video)) ? keyframes : null;
}

function told(clusters: Clusters, cues: readonly Cue[], video: number, begin: number): Keyframes {
  const keyframes: Keyframes = { times: [], offsets: [] };
  let last = Number.NEGATIVE_INFINITY;
  for (const cue of cues.filter(({ track }) => track === video).sort((a, b) => a.ticks - b.ticks)) {
    const offset = begin + cue.cluster;
    // The same one twice, or beyond the end of a file that was cut off.
    if (cue.ticks === last || offset >= clusters.limit) continue;
    last = cue.ticks;
    keyframes.times.push(cue.ticks * clusters.scale);
    keyframes.offsets.push(offset);
  }
  return keyframes;
}

/** Cues of a recording that broke off end before it does. Where pictures really are that far apart, a walk finds no more. */
function hasHoles({ times }: Keyframes, duration: number): boolean {
  return times.some((time, i) => (times[i + 1] ?? duration) - time > LONGEST_NS);
}

/** Some files leave the very first one out. */
function addFirst({ times, offsets }: Keyframes, { scale }: Clusters, first: Block): void {
  const time = first.ticks * scale;
  if (times.length === 0 || time >= times[0]!) return;
  times.unshift(time);
  offsets.unshift(first.cluster);
}

/** Whether they lie in order, and those looked at are what they should be: all would take as many reads. */
async function areThere(clusters: Clusters, { times, offsets }: Keyframes, video: number): Promise<boolean> {
  if (times.length === 0 || offsets.some((offset, i) => i > 0 && offset < offsets[i - 1]!)) return false;
  if (offsets[0]! < clusters.firstCluster) return false;
  for (const number of new Set([0, times.length >> 1, times.length - 1])) {
    try {
      const walk = walkClusters(clusters, offsets[number]!, () => READ);
      if (!(await findKeyframe(walk, video, offsets[number]!, times[number]!))) return false;
    } catch (error) {
      if (error instanceof Damaged) return false;
      throw error;
    }
  }
  return true;
}

/**
 * @param cluster where the walk begins, and the keyframe must lie
 * @param time nanoseconds
 * @returns null when it is not there
 */
export async function findKeyframe(
  walk: ClusterWalk,
  video: number,
  cluster: number,
  time: number,
): Promise<Block | null> {
  for (let block = await walk.next(); block?.cluster === cluster; block = await walk.next())
    if (block.track === video && block.key && walk.timeOf(block) === time) return block;
  return null;
}
