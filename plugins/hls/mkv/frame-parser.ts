/** Reads Matroska as it comes, from a program that is still writing it (`ffmpeg -f matroska pipe:1`). */
import { Damaged, type Frame, type SourceTrack } from "../reader/model.ts";
import { type Block, blockHead } from "./block.ts";
import { elementHead, elementsOf, LONGEST_HEAD, readUint } from "./ebml.ts";
import { framesOf } from "./frames.ts";
import { ID } from "./ids.ts";
import { readInfo } from "./info.ts";
import { readTracks, type TrackEntry } from "./tracks.ts";

export type FrameEvent = { type: "tracks"; tracks: SourceTrack[] } | { type: "frame"; frame: Frame };

export interface FrameParser {
  /**
   * What has come in whole with this chunk, in the order of the stream: tracks once, then frames. The chunk must not be changed later:
   * frames are views of it.
   * @throws Damaged
   */
  push(chunk: Uint8Array): FrameEvent[];
  /** @throws Damaged when the stream ends within an element */
  end(): void;
}

/** Bytes of an element that are waited for; larger ones are no frames. */
const LARGEST_ELEMENT = 64 * 2 ** 20;
/** Elements that others lie in, and that a program which cannot go back leaves without a length. */
const AROUND: ReadonlySet<number> = new Set([ID.segment, ID.cluster]);
const WANTED: ReadonlySet<number> = new Set([ID.info, ID.tracks, ID.timestamp, ID.simpleBlock, ID.blockGroup]);

export function createFrameParser(): FrameParser {
  const queue = createQueue();
  const reader = createReader();
  /** Bytes of an element nobody needs that are still to come. */
  let skip = 0;

  /** One step; false when more has to come. */
  const step = (events: FrameEvent[]): boolean => {
    if (skip > 0) {
      skip -= queue.drop(skip);
      return skip === 0;
    }
    const head = elementHead(queue.peek(LONGEST_HEAD), 0);
    if (!head) return false;
    if (!WANTED.has(head.id)) {
      if (AROUND.has(head.id)) reader.enter(head.id);
      else if (!Number.isFinite(head.size)) throw new Damaged("an element of the stream has no end");
      else skip = head.size;
      queue.drop(head.length);
      return true;
    }
    if (head.size > LARGEST_ELEMENT) throw new Damaged("an element of the stream is longer than any of its kind");
    const length = head.length + head.size;
    if (queue.length < length) return false;
    events.push(...reader.read(head.id, queue.peek(length).subarray(head.length)));
    queue.drop(length);
    return true;
  };

  return {
    push(chunk) {
      queue.add(chunk);
      const events: FrameEvent[] = [];
      while (queue.length > 0 && step(events));
      return events;
    },
    end() {
      if (queue.length > 0 || skip > 0) throw new Damaged("the stream ends within an element");
    },
  };
}

interface Reader {
  enter(id: number): void;
  read(id: number, body: Uint8Array): FrameEvent[];
}

/** What the elements mean, one after the other. */
function createReader(): Reader {
  let { scale } = readInfo(new Uint8Array());
  let entries: Map<number, TrackEntry> | null = null;
  let clusterTicks = 0;

  const frames = (block: Block, payload: Uint8Array): FrameEvent[] => {
    const entry = entries?.get(block.track);
    return entry ? framesOf(block, payload, entry, scale).map((frame) => ({ type: "frame", frame })) : [];
  };
  return {
    enter(id) {
      if (id === ID.cluster) clusterTicks = 0;
    },
    read(id, body) {
      switch (id) {
        case ID.info:
          scale = readInfo(body).scale;
          return [];
        case ID.timestamp:
          clusterTicks = readUint(body);
          return [];
        case ID.tracks: {
          if (entries) return [];
          const list = readTracks(body);
          entries = new Map(list.map((entry) => [entry.track.number, entry]));
          return [{ type: "tracks", tracks: list.map(({ track }) => track) }];
        }
        case ID.simpleBlock: {
          const { block, payload } = blockOf(body, clusterTicks);
          return frames(block, payload);
        }
        default: {
          const group = groupOf(body, clusterTicks);
          return group ? frames(group.block, group.payload) : [];
        }
      }
    },
  };
}

interface WholeBlock {
  block: Block;
  payload: Uint8Array;
}

function blockOf(body: Uint8Array, clusterTicks: number): WholeBlock {
  const { track, offset, key, lacing, length } = blockHead(body);
  const place = { cluster: 0, relative: 0, start: 0, end: 0 };
  const block = { ...place, track, ticks: clusterTicks + offset, key, lacing, duration: null };
  return { block, payload: body.subarray(length) };
}

/** Null for a group without a block. */
function groupOf(body: Uint8Array, clusterTicks: number): WholeBlock | null {
  let whole: WholeBlock | null = null;
  let duration: number | null = null;
  let key = true;
  for (const { id, body: value } of elementsOf(body)) {
    if (id === ID.block) whole = blockOf(value, clusterTicks);
    else if (id === ID.blockDuration) duration = readUint(value);
    else if (id === ID.referenceBlock) key = false;
  }
  return whole && { ...whole, block: { ...whole.block, duration, key } };
}

interface Queue {
  readonly length: number;
  add(chunk: Uint8Array): void;
  /** The first bytes, or as many as there are. */
  peek(length: number): Uint8Array;
  /** Forgets the first bytes. @returns how many there were */
  drop(length: number): number;
}

/** Bytes in the chunks that they came in, joined only where something reaches over their borders. */
function createQueue(): Queue {
  let chunks: Uint8Array[] = [];
  let total = 0;
  return {
    get length() {
      return total;
    },
    add(chunk) {
      if (chunk.length === 0) return;
      chunks.push(chunk);
      total += chunk.length;
    },
    peek(length) {
      if ((chunks[0]?.length ?? 0) < Math.min(length, total)) chunks = [Buffer.concat(chunks)];
      return chunks[0]?.subarray(0, length) ?? new Uint8Array();
    },
    drop(length) {
      const dropped = Math.min(length, total);
      total -= dropped;
      let left = dropped;
      while (left > 0) {
        const first = chunks[0]!;
        if (first.length > left) {
          chunks[0] = first.subarray(left);
          break;
        }
        left -= first.length;
        chunks.shift();
      }
      return dropped;
    },
  };
}
