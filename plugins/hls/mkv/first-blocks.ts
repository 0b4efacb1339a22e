/** The first block of every track that plays all the time. */
import type { Block } from "./block.ts";
import { type Clusters, PATIENCE_NS, walkClusters } from "./clusters.ts";

/** Only heads of blocks are read: small reads, each over the pictures between two sounds. */
const READ = 16 * 2 ** 10;
/** A track that is silent for longer than this counts as empty. */
const LONGEST_NS = 120_000_000_000;
const LONGEST_BYTES = 256 * 2 ** 20;

export interface FirstBlocks {
  /** By track number; without tracks that have none in the first two minutes. */
  blocks: Map<number, Block>;
  /** Whether tracks lie beside each other, so that a part of the file has all of its time. */
  interleaved: boolean;
}

/**
 * @throws Damaged
 */
export async function firstBlocks(clusters: Clusters): Promise<FirstBlocks> {
  const walk = walkClusters(clusters, clusters.firstCluster, () => READ);
  const missing = new Set<number>();
  for (const [number, { track }] of clusters.entries) if (track.type !== "subtitle") missing.add(number);
  const blocks = new Map<number, Block>();
  let interleaved = true;
  let latest = 0;
  for (let block = await walk.next(); block && missing.size > 0; block = await walk.next()) {
    const time = walk.timeOf(block);
    latest = Math.max(latest, time);
    if (missing.delete(block.track)) {
      blocks.set(block.track, block);
      interleaved &&= latest - time < PATIENCE_NS;
    }
    if (time > LONGEST_NS || walk.at - clusters.firstCluster > LONGEST_BYTES) break;
  }
  return { blocks, interleaved };
}
