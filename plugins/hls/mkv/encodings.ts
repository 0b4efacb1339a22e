/** How the bytes of a track were packed beyond its codec: compressed, stripped of what all frames begin with, encrypted. */
import { inflateSync } from "node:zlib";
import { Damaged } from "../reader/model.ts";
import { elementsOf, readUint } from "./ebml.ts";
import { ID } from "./ids.ts";

/** Makes a frame's own bytes of the stored ones. */
export type Unpack = (stored: Uint8Array) => Uint8Array;

export interface Packing {
  /** Null where nothing was done to frames. */
  frames: Unpack | null;
  /** The same of the codec's private data. */
  codecPrivate: Unpack | null;
  /** Why the frames cannot be had; null when they can. */
  obstacle: string | null;
}

export const PLAIN: Packing = { frames: null, codecPrivate: null, obstacle: null };

/** Beyond any frame, so that a small file cannot fill the memory. */
const LARGEST_FRAME = 32 * 2 ** 20;
const COMPRESSION = 0;
const ZLIB = 0;
const HEADER_STRIPPING = 3;
const SCOPE_FRAMES = 1;
const SCOPE_PRIVATE = 2;

/** @param body of ContentEncodings */
export function packingOf(body: Uint8Array): Packing {
  const encodings = [...elementsOf(body)].filter(({ id }) => id === ID.contentEncoding);
  if (encodings.length === 0) return PLAIN;
  if (encodings.length > 1) return { ...PLAIN, obstacle: "a track is packed more than once" };
  return packingOfOne(encodings[0]!.body);
}

function packingOfOne(body: Uint8Array): Packing {
  let scope = SCOPE_FRAMES;
  let type = COMPRESSION;
  let compression: Uint8Array = new Uint8Array();
  for (const { id, body: value } of elementsOf(body)) {
    if (id === ID.contentEncodingScope) scope = readUint(value);
    else if (id === ID.contentEncodingType) type = readUint(value);
    else if (id === ID.contentCompression) compression = value;
  }
  if (type !== COMPRESSION) return { ...PLAIN, obstacle: "a track is encrypted" };
  const unpack = unpackerOf(compression);
  if (!unpack) return { ...PLAIN, obstacle: "a track is compressed in a way that is not supported" };
  return {
    frames: scope & SCOPE_FRAMES ? unpack : null,
    codecPrivate: scope & SCOPE_PRIVATE ? unpack : null,
    obstacle: null,
  };
}

function unpackerOf(body: Uint8Array): Unpack | null {
  let algorithm = ZLIB;
  let settings: Uint8Array = new Uint8Array();
  for (const { id, body: value } of elementsOf(body)) {
    if (id === ID.contentCompAlgo) algorithm = readUint(value);
    else if (id === ID.contentCompSettings) settings = value;
  }
  if (algorithm === ZLIB) return inflate;
  if (algorithm === HEADER_STRIPPING) return (stored) => prepend(settings, stored);
  return null;
}

function inflate(stored: Uint8Array): Uint8Array {
  try {
    return inflateSync(stored, { maxOutputLength: LARGEST_FRAME });
  } catch (error) {
    throw new Damaged("a compressed frame cannot be unpacked", { cause: error });
  }
}

function prepend(begin: Uint8Array, rest: Uint8Array): Uint8Array {
  const whole = new Uint8Array(begin.length + rest.length);
  whole.set(begin);
  whole.set(rest, begin.length);
  return whole;
}
