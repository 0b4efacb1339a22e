/** Matroska and WebM, read in process. */
import { type ByteSource, type Container, type ContainerIndex, Damaged, type Frame } from "../reader/model.ts";
import { type Clusters, walkClusters } from "./clusters.ts";
import { firstBlocks } from "./first-blocks.ts";
import { type Head, readHead } from "./head.ts";
import { indexOf } from "./index-of.ts";
import { findKeyframe } from "./keyframes.ts";
import { readPart } from "./part.ts";
import { readSparseTrack } from "./sparse-track.ts";

export interface MatroskaContainer extends Container {
  /**
   * The first frame of each video and audio track, by track number; none of a track that is empty, or begins after two minutes.
   * @throws Damaged
   */
  firstFrames(): Promise<Map<number, Uint8Array>>;
}

/** A keyframe and what is around it. */
const READ = 256 * 2 ** 10;

/**
 * Finds out all there is to know of a file: a few small reads where it has an index of its own, else most of the file.
 * @throws Damaged
 */
export async function openMatroska(source: ByteSource): Promise<MatroskaContainer> {
  const head = await readHead(source);
  return containerOf(await indexOf(head), async () => head.clusters);
}

/** Opens a file whose index is known. Nothing is read until something is asked for. */
export function resumeMatroska(source: ByteSource, index: ContainerIndex): MatroskaContainer {
  let read: Promise<Head> | undefined;
  return containerOf(index, async () => {
    read ??= readHead(source);
    try {
      return (await read).clusters;
    } catch (error) {
      // A disk that failed may come back.
      read = undefined;
      throw error;
    }
  });
}

function containerOf(index: ContainerIndex, clustersNow: () => Promise<Clusters>): MatroskaContainer {
  return {
    index,
    part: async (from, to, tracks) => readPart(await clustersNow(), index, from, to, tracks),
    keyframe: async (number) => readKeyframe(await clustersNow(), index, number),
    track: async (number) => readSparseTrack(await clustersNow(), index, number),
    firstFrames: async () => readFirstFrames(await clustersNow()),
  };
}

async function readKeyframe(clusters: Clusters, { keyframes, video }: ContainerIndex, number: number): Promise<Frame> {
  const offset = keyframes.offsets[number];
  if (offset === undefined) throw new RangeError(`there is no keyframe ${number}`);
  const walk = walkClusters(clusters, offset, () => READ);
  const block = await findKeyframe(walk, video!, offset, keyframes.times[number]!);
  if (!block) throw new Damaged("a keyframe is not where it should be");
  return (await walk.framesOf(block))[0]!;
}

async function readFirstFrames(clusters: Clusters): Promise<Map<number, Uint8Array>> {
  const frames = new Map<number, Uint8Array>();
  for (const [number, block] of (await firstBlocks(clusters)).blocks) {
    const walk = walkClusters(clusters, block.cluster, () => block.end - block.start);
    frames.set(number, (await walk.framesOf(block))[0]!.data);
  }
  return frames;
}
