/** Subtitles as Blu-ray discs have them: pictures, of which only the packaging is real here. */

/** A kind, a length, and as many bytes. */
const segment = (kind: number, length: number) =>
  Buffer.from([kind, length >> 8, length & 0xff, ...new Array(length).fill(kind)]);
const [composition, windows, palette, object, end] = [0x16, 0x17, 0x14, 0x15, 0x80];

/** A `.sup` file: something is shown from 1 to 3 seconds, and from 4.5 to 6. */
export function pgs(): Buffer {
  const show = [
    ...[segment(composition, 19), segment(windows, 10), segment(palette, 7)],
    ...[segment(object, 300), segment(end, 0)],
  ];
  const clear = [segment(composition, 11), segment(windows, 10), segment(end, 0)];
  const at = (secs: number, segments: Buffer[]) =>
    segments.flatMap((one) => {
      const header = Buffer.alloc(10);
      header.write("PG");
      header.writeUInt32BE(secs * 90_000, 2);
      return [header, one];
    });
  return Buffer.concat([...at(1, show), ...at(3, clear), ...at(4.5, show), ...at(6, clear)]);
}
