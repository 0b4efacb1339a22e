/** The esds box: what codec MPEG-4 sound or picture really is (ISO 14496-1, 7.2.6). */

export interface Descriptor {
  /** The "object type indication". */
  object: number;
  /** AudioSpecificConfig and the like. */
  config: Uint8Array;
}

const STREAM = 3;
const DECODER = 4;
const CONFIG = 5;

/** @returns null when it is damaged */
export function readDescriptor(esds: Uint8Array): Descriptor | null {
  const FULL_BOX = 4;
  const stream = entry(esds.subarray(FULL_BOX), STREAM);
  if (!stream || stream.length < 3) return null;
  const flags = stream[2]!;
  let skipped = 3;
  if (flags & 0x80) skipped += 2;
  if (flags & 0x40) skipped += 1 + (stream[skipped] ?? 0);
  if (flags & 0x20) skipped += 2;
  const decoder = entry(stream.subarray(skipped), DECODER);
  const FIXED = 13;
  if (!decoder || decoder.length < FIXED) return null;
  return { object: decoder[0]!, config: entry(decoder.subarray(FIXED), CONFIG) ?? new Uint8Array() };
}

/** What the descriptor at the begin holds, when it is of this kind; its length takes seven bits of each byte. */
function entry(bytes: Uint8Array, tag: number): Uint8Array | null {
  if (bytes[0] !== tag) return null;
  let length = 0;
  for (let place = 1; place <= 4; place++) {
    const byte = bytes[place];
    if (byte === undefined) return null;
    length = length * 128 + (byte & 0x7f);
    if (byte < 0x80) return bytes.subarray(place + 1, place + 1 + length);
  }
  return null;
}
