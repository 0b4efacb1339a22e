/** H.264's parameter sets in the stream itself. */

const LENGTH = 4;

/**
 * The sets of an avcC, each behind its length, to stand before a keyframe: two encoders of one track may not agree on them (one
 * in hardware, one in software), and players have read the initialization segment of only one.
 */
export function parameterSets(avcC: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 5;
  for (const mask of [0x1f, 0xff]) {
    const count = (avcC[at++] ?? 0) & mask;
    for (let i = 0; i < count && at + 2 <= avcC.length; i++) {
      const size = avcC[at]! * 256 + avcC[at + 1]!;
      const unit = new Uint8Array(LENGTH + size);
      new DataView(unit.buffer).setUint32(0, size);
      unit.set(avcC.subarray(at + 2, at + 2 + size), LENGTH);
      parts.push(unit);
      at += 2 + size;
    }
  }
  return Buffer.concat(parts);
}
