/** Blocks: the head that all have, and the frames in one (RFC 9559, 10). Pure. */
import { Damaged } from "../reader/model.ts";
import { vintLength, vintValue } from "./ebml.ts";

/** A block by its place, so that its frames need not be read. */
export interface Block {
  /** The place of its cluster. */
  cluster: number;
  /** Its own place, from the begin of the cluster's body (as CueRelativePosition). */
  relative: number;
  track: number;
  /** Ticks of the file's clock. */
  ticks: number;
  key: boolean;
  lacing: Lacing;
  /** Where its frames lie, from the begin of the file. */
  start: number;
  end: number;
  /** Ticks, where it says so. */
  duration: number | null;
}

type Lacing = 0 | 1 | 2 | 3;
const XIPH = 1;
const FIXED = 2;
const KEY = 0x80;

export interface BlockHead {
  track: number;
  /** Ticks from the cluster's own time. */
  offset: number;
  /** In SimpleBlocks only. */
  key: boolean;
  lacing: Lacing;
  length: number;
}

/** The bytes that a block's head never exceeds: a number of variable length, two bytes of time, one of flags. */
export const LONGEST_BLOCK_HEAD = 11;

/** @throws Damaged when there are too few bytes, or no number of a track */
export function blockHead(bytes: Uint8Array): BlockHead {
  const length = bytes.length > 0 ? vintLength(bytes[0]!) : 9;
  if (length + 3 > bytes.length) throw new Damaged("a block has no head");
  const flags = bytes[length + 2]!;
  return {
    track: vintValue(bytes, 0, length),
    offset: ((bytes[length]! << 24) | (bytes[length + 1]! << 16)) >> 16,
    key: (flags & KEY) !== 0,
    lacing: ((flags >> 1) & 3) as Lacing,
    length: length + 3,
  };
}

/**
 * The frames that one block carries.
 * @throws Damaged when their lengths do not fit
 */
export function unlace(payload: Uint8Array, lacing: Lacing): Uint8Array[] {
  if (lacing === 0) return [payload];
  if (payload.length === 0) throw new Damaged("a block has no frames");
  const count = payload[0]! + 1;
  const sizes =
    lacing === FIXED
      ? fixedSizes(payload, count)
      : lacing === XIPH
        ? xiphSizes(payload, count)
        : ebmlSizes(payload, count);
  return cut(payload, sizes);
}

interface Sizes {
  /** Of all frames but the last, which takes the rest. */
  sizes: number[];
  /** Where the frames begin. */
  start: number;
}

function cut(payload: Uint8Array, { sizes, start }: Sizes): Uint8Array[] {
  const frames: Uint8Array[] = [];
  let at = start;
  for (const size of sizes) {
    if (size < 0 || at + size > payload.length) throw new Damaged("frames of a block are longer than it is");
    frames.push(payload.subarray(at, at + size));
    at += size;
  }
  frames.push(payload.subarray(at));
  return frames;
}

function fixedSizes(payload: Uint8Array, count: number): Sizes {
  const size = (payload.length - 1) / count;
  if (!Number.isInteger(size)) throw new Damaged("the frames of a block are not of one length");
  return { sizes: Array(count - 1).fill(size), start: 1 };
}

/** Each size is a sum of bytes, of which only the last is not 255. */
function xiphSizes(payload: Uint8Array, count: number): Sizes {
  const sizes: number[] = [];
  let at = 1;
  for (let size = 0; sizes.length < count - 1; at++) {
    if (at >= payload.length) throw new Damaged("a block ends in the lengths of its frames");
    const byte = payload[at]!;
    size += byte;
    if (byte === 255) continue;
    sizes.push(size);
    size = 0;
  }
  return { sizes, start: at };
}

/** The first size as it is, the others as differences. */
function ebmlSizes(payload: Uint8Array, count: number): Sizes {
  const sizes: number[] = [];
  let at = 1;
  let size = 0;
  while (sizes.length < count - 1) {
    const length = at < payload.length ? vintLength(payload[at]!) : 9;
    if (length > 8 || at + length > payload.length) throw new Damaged("a block ends in the lengths of its frames");
    const value = vintValue(payload, at, length);
    size = sizes.length === 0 ? value : size + value - (2 ** (7 * length - 1) - 1);
    sizes.push(size);
    at += length;
  }
  return { sizes, start: at };
}
