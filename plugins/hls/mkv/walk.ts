/** From block to block through the clusters of a file. */
import { setImmediate } from "node:timers/promises";
import { Damaged } from "../reader/model.ts";
import { type Block, blockHead, LONGEST_BLOCK_HEAD } from "./block.ts";
import { type ElementHead, elementHead, LONGEST_HEAD, readUint } from "./ebml.ts";
import { ID } from "./ids.ts";
import { bytesAt, type Window } from "./window.ts";

export interface Walk {
  /**
   * The next block that is there in whole; null where the file ends, where it was cut off, and where what lies between clusters is
   * no element any more. Reads only heads.
   * @throws Damaged when a cluster holds something else than elements
   */
  next(): Promise<Block | null>;
  /** Goes to another place in the cluster that it is in, counted from the begin of its body. */
  jump(relative: number): void;
  /** Whether it ended, before the end of the file, at what is no element. */
  readonly lost: boolean;
  /** Where it stands. */
  readonly at: number;
}

/** Elements that one walk passes at most, more than a day has. A gigabyte of empty elements must end. */
const MOST_ELEMENTS = 20_000_000;
/** After as many, others get their turn: elements can be so small that a walk waits for no read. */
const TURN = 10_000;
const LONGEST_NUMBER = 8;
/** A rest that is shorter is what some program wrote behind the end. */
const LARGEST_REST = 64 * 2 ** 10;

/**
 * @param from the place of a cluster, or of anything beside clusters
 * @param limit where the segment or the file ends
 */
export function createWalk(window: Window, from: number, limit: number): Walk {
  let at = from;
  let lost = false;
  let passed = 0;
  let cluster = 0;
  let clusterBody = 0;
  /** Infinity where the cluster does not say, null between clusters. */
  let clusterEnd: number | null = null;
  let clusterTicks = 0;

  /** Null at the end. */
  const headAt = async (place: number): Promise<ElementHead | null> => {
    if (++passed > MOST_ELEMENTS) throw new Damaged("it has more elements than any file");
    if (passed % TURN === 0) await setImmediate();
    if (place >= limit) return null;
    return elementHead(await bytesAt(window, place, Math.min(LONGEST_HEAD, limit - place)), 0);
  };

  /** Between clusters, and in one without an end, anything may follow that is no Matroska. */
  const headOrEnd = async (): Promise<ElementHead | null> => {
    if (clusterEnd !== null && Number.isFinite(clusterEnd)) return headAt(at);
    try {
      return await headAt(at);
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      lost = limit - at > LARGEST_REST;
      return null;
    }
  };

  const uintAt = async (place: number, size: number): Promise<number> => {
    if (size > LONGEST_NUMBER) throw new Damaged("a number is longer than a number can be");
    return readUint(await bytesAt(window, place, size));
  };

  const blockAt = async (start: number, end: number, place: number): Promise<Block> => {
    const head = blockHead(await bytesAt(window, start, Math.min(LONGEST_BLOCK_HEAD, end - start)));
    const { track, key, lacing } = head;
    const ticks = clusterTicks + head.offset;
    return {
      cluster,
      relative: place - clusterBody,
      track,
      ticks,
      key,
      lacing,
      start: start + head.length,
      end,
      duration: null,
    };
  };

  /** Null for a group without a block. */
  const groupAt = async (start: number, end: number, place: number): Promise<Block | null> => {
    let block: Block | null = null;
    let duration: number | null = null;
    let key = true;
    for (let inner = start; inner < end; ) {
      const head = await headAt(inner);
      const body = inner + (head?.length ?? 0);
      if (!head || body + head.size > end) throw new Damaged("a block is longer than what is around it");
      inner = body + head.size;
      if (head.id === ID.block) block = await blockAt(body, inner, place);
      else if (head.id === ID.blockDuration) duration = await uintAt(body, head.size);
      else if (head.id === ID.referenceBlock) key = false;
    }
    return block && { ...block, duration, key };
  };

  /** Steps over an element; a block if it was one. Undefined at the end of the file. */
  const step = async (): Promise<Block | null | undefined> => {
    if (clusterEnd !== null && at >= clusterEnd) clusterEnd = null;
    const head = await headOrEnd();
    if (!head) return undefined;
    const place = at;
    const body = at + head.length;
    const end = body + head.size;
    if (head.id === ID.cluster) {
      cluster = place;
      clusterBody = body;
      clusterEnd = end;
      clusterTicks = 0;
      at = body;
      return null;
    }
    if (clusterEnd !== null && end > clusterEnd && clusterEnd <= limit)
      throw new Damaged("an element is longer than its cluster");
    // Cut off; or another segment without an end, behind one that has none.
    if (end > limit) return undefined;
    at = end;
    if (clusterEnd === null) return null;
    if (head.id === ID.timestamp) clusterTicks = await uintAt(body, head.size);
    else if (head.id === ID.simpleBlock) return blockAt(body, end, place);
    else if (head.id === ID.blockGroup) return groupAt(body, end, place);
    return null;
  };

  return {
    get at() {
      return at;
    },
    get lost() {
      return lost;
    },
    jump(relative) {
      at = clusterBody + relative;
    },
    async next() {
      for (;;) {
        const block = await step();
        if (block === undefined) return null;
        if (block) return block;
      }
    },
  };
}
