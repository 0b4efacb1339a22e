/** Boxes, which MP4 and QuickTime are made of (ISO 14496-12, 4.2). */

export interface Box {
  /** Four characters. */
  type: string;
  content: Uint8Array;
}

export interface BoxHeader {
  type: string;
  /** Bytes of the header, and of the box with it. */
  header: number;
  size: number;
}

/** Enough for any header. */
export const LONGEST_HEADER = 16;

/**
 * @param bytes that begin with a box; all of its header
 * @param room bytes up to the end of what the box is in: one that says 0 goes up to there
 * @returns null when it is none
 */
export function readHeader(bytes: Uint8Array, room: number): BoxHeader | null {
  if (bytes.length < 8) return null;
  const view = viewOf(bytes);
  const type = String.fromCharCode(...bytes.subarray(4, 8));
  const size = view.getUint32(0);
  if (size === 0) return { type, header: 8, size: room };
  if (size > 1) return size < 8 ? null : { type, header: 8, size };
  const long = bytes.length < LONGEST_HEADER ? 0 : Number(view.getBigUint64(8));
  return long < LONGEST_HEADER ? null : { type, header: LONGEST_HEADER, size: long };
}

/** The boxes in a box, up to the first that is damaged or reaches beyond its end. */
export function* boxesIn(content: Uint8Array): Generator<Box> {
  for (let place = 0; place < content.length; ) {
    const rest = content.subarray(place);
    const box = readHeader(rest, rest.length);
    if (!box || box.size > rest.length) return;
    yield { type: box.type, content: rest.subarray(box.header, box.size) };
    place += box.size;
  }
}

/** The content of the first box there is along a path of types. */
export function find(content: Uint8Array, ...path: string[]): Uint8Array | undefined {
  let found: Uint8Array | undefined = content;
  for (const type of path) found = found && boxesIn(found).find((box) => box.type === type)?.content;
  return found;
}

/** Throws RangeError where the bytes end, which `readMovie` takes for damage. */
export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
