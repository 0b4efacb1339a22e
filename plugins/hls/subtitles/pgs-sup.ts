/**
 * Pictures of a Blu-ray's subtitles (PGS) as a `.sup` file: each segment of a frame gets the header that Matroska leaves out,
 * `PG`, when to show it and when to decode it, which nothing reads.
 */
import type { Frame } from "../reader/model.ts";
import { joinBytes } from "./bounded.ts";

/** Of `PG` and two times, in front of each segment. */
const HEADER_BYTES = 10;
/** A kind and a length, in front of its content. */
const SEGMENT_HEADER_BYTES = 3;
const NS_PER_TICK = 1e9 / 90_000;

/**
 * A frame that ends in the middle of a segment loses that one.
 * @throws Damaged when it would be larger than any real subtitles are
 */
export const pgsSup = (frames: readonly Frame[]): Uint8Array => joinBytes(frames.values().flatMap(segmentsOf));

function* segmentsOf({ time, data }: Frame): Generator<Uint8Array> {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write("PG", "latin1");
  // 32 bits; a length of more than 13 hours begins anew, as it does on the disc.
  header.writeUInt32BE(Math.max(0, Math.round(time / NS_PER_TICK)) % 2 ** 32, 2);
  for (let at = 0; at + SEGMENT_HEADER_BYTES <= data.length; ) {
    const end = at + SEGMENT_HEADER_BYTES + ((data[at + 1]! << 8) | data[at + 2]!);
    if (end > data.length) return;
    yield header;
    yield data.subarray(at, end);
    at = end;
  }
}
