/** NAL units, the pieces that H.264 and HEVC are made of. */

/**
 * The units of a frame as Matroska and MP4 keep it, each behind its length. Ends at the first one that does not fit.
 * @param lengthSize bytes of a length: 1 to 4
 */
export function* unitsOf(frame: Uint8Array, lengthSize: number): Generator<Uint8Array> {
  for (let place = 0; place + lengthSize < frame.length; ) {
    let length = 0;
    for (let i = 0; i < lengthSize; i++) length = length * 256 + frame[place++]!;
    if (length === 0 || place + length > frame.length) return;
    yield frame.subarray(place, place + length);
    place += length;
  }
}

/**
 * The content of a unit: what follows its header, without the bytes that keep start codes out of it (00 00 03).
 * @param header bytes: 1 in H.264, 2 in HEVC
 * @param limit bytes of the unit that are looked at, since headers of slices stand before a whole picture
 */
export function contentOf(unit: Uint8Array, header: number, limit = 4096): Uint8Array {
  const end = Math.min(unit.length, limit);
  const content = new Uint8Array(Math.max(0, end - header));
  let length = 0;
  let zeros = 0;
  for (let place = header; place < end; place++) {
    const byte = unit[place]!;
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    content[length++] = byte;
  }
  return content.subarray(0, length);
}
