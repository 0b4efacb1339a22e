/** The notation of Matroska (EBML, RFC 8794): numbered elements, each with its length. Pure. */
import { Damaged } from "../reader/model.ts";

export interface ElementHead {
  id: number;
  /** Bytes of the body; Infinity where the element ends with what follows it. */
  size: number;
  /** Bytes of the head itself. */
  length: number;
}

/** The bytes that a head never exceeds. */
export const LONGEST_HEAD = 12;
const LONGEST_ID = 4;
const LONGEST_SIZE = 8;

/** How many bytes a number of variable length takes, from its first byte; 9 where that is none. */
export const vintLength = (first: number): number => Math.clz32(first) - 23;

/**
 * A number of variable length without its marker; Infinity for the reserved value "unknown".
 * @throws Damaged when it is too large to be a place in a file
 */
export function vintValue(bytes: Uint8Array, at: number, length: number): number {
  let value = bytes[at]! & (0xff >> length);
  let unknown = value === 0xff >> length;
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i]!;
    unknown &&= byte === 0xff;
    value = value * 256 + byte;
  }
  if (unknown) return Number.POSITIVE_INFINITY;
  if (!Number.isSafeInteger(value)) throw new Damaged("an element is longer than any file");
  return value;
}

/**
 * The head of the element at `at`.
 * @returns null when the bytes end before it does
 * @throws Damaged when no element begins there
 */
export function elementHead(bytes: Uint8Array, at: number): ElementHead | null {
  if (at >= bytes.length) return null;
  const idLength = vintLength(bytes[at]!);
  if (idLength > LONGEST_ID) throw new Damaged("there is no element where one should begin");
  const sizeAt = at + idLength;
  if (sizeAt >= bytes.length) return null;
  const sizeLength = vintLength(bytes[sizeAt]!);
  if (sizeLength > LONGEST_SIZE) throw new Damaged("an element has no length");
  if (sizeAt + sizeLength > bytes.length) return null;
  return {
    id: readUint(bytes.subarray(at, sizeAt)),
    size: vintValue(bytes, sizeAt, sizeLength),
    length: idLength + sizeLength,
  };
}

export interface Element {
  id: number;
  body: Uint8Array;
}

/**
 * The elements that a body consists of.
 * @throws Damaged when one reaches beyond it
 */
export function* elementsOf(body: Uint8Array): Generator<Element> {
  for (let at = 0; at < body.length; ) {
    const head = elementHead(body, at);
    const start = at + (head?.length ?? 0);
    if (!head || start + head.size > body.length) throw new Damaged("an element is longer than the one around it");
    at = start + head.size;
    yield { id: head.id, body: body.subarray(start, at) };
  }
}

/** @throws Damaged beyond 2^53 */
export function readUint(body: Uint8Array): number {
  let value = 0;
  for (const byte of body) value = value * 256 + byte;
  if (!Number.isSafeInteger(value)) throw new Damaged("a number is out of all reason");
  return value;
}

/** 0 for an empty body, as the format has it. */
export function readFloat(body: Uint8Array): number {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  switch (body.length) {
    case 0:
      return 0;
    case 4:
      return view.getFloat32(0);
    case 8:
      return view.getFloat64(0);
    default:
      throw new Damaged("a fraction has an impossible length");
  }
}

const utf8 = new TextDecoder();
/** Bytes of a name, beyond any that is one. */
export const LONGEST_TEXT = 4096;

/** Up to the first zero byte, which pads, and not more than a name can be. */
export function readText(body: Uint8Array): string {
  const text = body.subarray(0, LONGEST_TEXT);
  const end = text.indexOf(0);
  return utf8.decode(end < 0 ? text : text.subarray(0, end));
}
