/** What it takes to read the blocks of a file. */
import { type ByteSource, Damaged, type Frame } from "../reader/model.ts";
import type { Block } from "./block.ts";
import { framesOf, timeOf } from "./frames.ts";
import type { Info } from "./info.ts";
import type { Layout } from "./layout.ts";
import type { TrackEntry } from "./tracks.ts";
import { createWalk, type Walk } from "./walk.ts";
import { bytesAt, createWindow, type Window } from "./window.ts";

export interface Clusters {
  source: ByteSource;
  firstCluster: number;
  /** Where they end at the latest. */
  limit: number;
  /** Nanoseconds of a tick. */
  scale: number;
  entries: ReadonlyMap<number, TrackEntry>;
}

/** Sounds lie this far from the pictures they belong to at most, or a track that ended would be looked for up to the end of the file. */
export const PATIENCE_NS = 10_000_000_000;

/** A walk that can also fetch what it passes. */
export interface ClusterWalk extends Walk {
  /** @throws Damaged for a track that is not in the file */
  framesOf(block: Block): Promise<Frame[]>;
  /** Nanoseconds. */
  timeOf(block: Block): number;
}

/** @throws Damaged when the file has no clusters */
export function clustersOf(source: ByteSource, layout: Layout, info: Info, entries: readonly TrackEntry[]): Clusters {
  const byNumber = new Map(entries.map((entry) => [entry.track.number, entry]));
  if (byNumber.size < entries.length) throw new Damaged("two of its tracks have one number");
  if (layout.firstCluster === null) throw new Damaged("it holds nothing to be played");
  return { source, firstCluster: layout.firstCluster, limit: layout.limit, scale: info.scale, entries: byNumber };
}

/**
 * @param from the place of a cluster
 * @param ahead the bytes that a read at a place fetches at least
 */
export function walkClusters(
  clusters: Clusters,
  from: number,
  ahead: (at: number) => number,
  limit = clusters.limit,
  window: Window = createWindow(clusters.source, ahead),
): ClusterWalk {
  const { entries, scale } = clusters;
  const walk = createWalk(window, from, limit);
  return {
    get at() {
      return walk.at;
    },
    get lost() {
      return walk.lost;
    },
    next: walk.next,
    jump: walk.jump,
    timeOf: (block) => timeOf(block.ticks, entries.get(block.track), scale),
    async framesOf(block) {
      const entry = entries.get(block.track);
      if (!entry) throw new Damaged("there is no such track");
      const length = block.end - block.start;
      const payload = await bytesAt(window, block.start, length);
      if (payload.length < length) throw new Damaged("the file ends in a block");
      return framesOf(block, payload, entry, scale);
    },
  };
}
