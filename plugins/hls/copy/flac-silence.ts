/** A frame of FLAC whose channels are all zero (RFC 9639, 9). */
import { readStreamInfo } from "../codec/flac.ts";
import type { SourceTrack } from "../reader/model.ts";

/** @param samples up to 65,536 */
export function flacSilence(track: SourceTrack, samples: number): Uint8Array {
  const { channels, bitDepth } = readStreamInfo(track.codecPrivate);
  // The size in 16 bits at the end of the head; rate and depth as in STREAMINFO; frame 0, since decoders do not count.
  const head = [0xff, 0xf8, 0x70, (channels - 1) << 4, 0, (samples - 1) >> 8, (samples - 1) & 0xff];
  head.push(checksum(head, 8, 0x07));
  // Each channel: 8 bits that say "one value all along", and the value, zero.
  const body = new Array<number>(Math.ceil((channels * (8 + bitDepth)) / 8)).fill(0);
  const frame = [...head, ...body];
  const sum = checksum(frame, 16, 0x8005);
  return Uint8Array.from([...frame, sum >> 8, sum & 0xff]);
}

function checksum(bytes: readonly number[], width: 8 | 16, polynomial: number): number {
  const top = 1 << (width - 1);
  const mask = (1 << width) - 1;
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << (width - 8);
    for (let bit = 0; bit < 8; bit++) sum = ((sum << 1) ^ (sum & top ? polynomial : 0)) & mask;
  }
  return sum;
}
