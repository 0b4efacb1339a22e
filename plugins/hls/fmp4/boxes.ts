/** The building blocks of MP4 (ISO/IEC 14496-12): a box is its length, four letters, and what is in it. */

const encoder = new TextEncoder();

/** Four letters, and any other text that stands in a box. */
export const text = (value: string): Uint8Array => encoder.encode(value);

export const u8 = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** Big-endian; negative numbers in two's complement. */
export function u16(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 2);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) view.setUint16(i * 2, value);
  return bytes;
}

/** Big-endian; negative numbers in two's complement. */
export function u32(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) view.setUint32(i * 4, value);
  return bytes;
}

export const zeros = (length: number): Uint8Array => new Uint8Array(length);

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** @param type four letters */
export function box(type: string, ...parts: Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 8);
  return concat([u32(length), text(type), ...parts]);
}

/** A box with a version and flags. */
export const fullBox = (type: string, version: number, flags: number, ...parts: Uint8Array[]): Uint8Array =>
  box(type, u32((version << 24) | flags), ...parts);
