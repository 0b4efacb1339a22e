/** Of a JPEG file, as little as is needed: its height, and whether it is whole. */

/** Frame headers hold the size: markers C0 to CF but for three that are something else (ITU-T T.81, table B.1). */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** @returns pixels; null when it is no JPEG that ends as one should */
export function jpegHeight(bytes: Uint8Array): number | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < 4 || view.readUInt16BE(0) !== 0xffd8 || view.readUInt16BE(view.length - 2) !== 0xffd9) return null;
  for (let at = 2; at + 9 <= view.length && view[at] === 0xff; at += 2 + view.readUInt16BE(at + 2)) {
    if (isFrame(view[at + 1]!)) return view.readUInt16BE(at + 5);
  }
  return null;
}
