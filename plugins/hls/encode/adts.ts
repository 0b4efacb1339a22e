/** AAC as a stream of frames, each behind a header of 7 or 9 bytes (ISO 14496-3, 1.A.2.2). */
import { Damaged } from "../reader/model.ts";

const HEADER = 7;
const RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];
const LC = 2;

/** Takes bytes as they come. @returns the frames that they complete, without their headers. @throws Damaged */
export function createAdtsReader(): (chunk: Uint8Array) => Uint8Array[] {
  let rest = new Uint8Array(0);
  return (chunk) => {
    const bytes = Buffer.concat([rest, chunk]);
    const frames: Uint8Array[] = [];
    let at = 0;
    while (at + HEADER <= bytes.length) {
      if (bytes[at] !== 0xff || (bytes[at + 1]! & 0xf6) !== 0xf0) throw new Damaged("this is not AAC");
      const header = bytes[at + 1]! & 1 ? HEADER : HEADER + 2;
      const length = ((bytes[at + 3]! & 3) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5);
      if (length < header) throw new Damaged("an AAC frame is shorter than its header");
      if (at + length > bytes.length) break;
      frames.push(bytes.subarray(at + header, at + length));
      at += length;
    }
    rest = bytes.subarray(at);
    return frames;
  };
}

/** AudioSpecificConfig: what stands in MP4 in the place of all those headers. */
export function aacConfig(sampleRate: number, channels: number): Uint8Array {
  const bits = (LC << 11) | (RATES.indexOf(sampleRate) << 7) | (channels << 3);
  return Uint8Array.of(bits >> 8, bits & 0xff);
}
