/** A media segment of one track: `styp`, `moof` and `mdat`. */
import { concat, text } from "./boxes.ts";
import { TRACK_ID } from "./init.ts";

/** One frame; times are ticks of the track's timescale. */
export interface Sample {
  /** When it is decoded; not negative. */
  dts: number;
  duration: number;
  /** When it is shown, after `dts`. */
  offset: number;
  key: boolean;
  data: Uint8Array;
}

const STYP = 24;
const MFHD = 16;
const TFHD = 16;
const TFDT = 20;
const TRUN = 20;
const SAMPLE = 16;
const HEAD = 8;

/** Of a sample: depends on no other; or depends on others and is none to start at. */
const KEY = 0x0200_0000;
const DEPENDENT = 0x0101_0000;

/** As {@link segmentParts}, in one piece of memory. */
export const mediaSegment = (sequence: number, samples: readonly Sample[]): Uint8Array =>
  concat(segmentParts(sequence, samples));

/**
 * @param sequence number of the segment, from 1
 * @param samples in decoding order; each begins where the one before ends
 * @returns what comes one after the other: the head, and the samples' own data
 * @throws RangeError when they are none, or more than 4 GiB
 */
export function segmentParts(sequence: number, samples: readonly Sample[]): Uint8Array[] {
  const first = samples[0];
  if (!first) throw new RangeError("a segment needs a sample");
  const payload = samples.reduce((sum, { data }) => sum + data.length, 0);
  const traf = HEAD + TFHD + TFDT + TRUN + samples.length * SAMPLE;
  const moof = HEAD + MFHD + traf;
  const mdat = HEAD + payload;
  if (mdat > 0xffff_ffff) throw new RangeError("a segment of more than 4 GiB");

  const bytes = new Uint8Array(STYP + moof + HEAD);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const u32 = (value: number) => {
    view.setUint32(at, value);
    at += 4;
  };
  const letters = (value: string) => {
    bytes.set(text(value), at);
    at += value.length;
  };
  const head = (size: number, type: string, flags?: number) => {
    u32(size);
    letters(type);
    if (flags !== undefined) u32(flags);
  };

  head(STYP, "styp");
  letters("msdh");
  u32(0);
  letters("msdhcmfs");

  head(moof, "moof");
  head(MFHD, "mfhd", 0);
  u32(sequence);
  head(traf, "traf");
  // Places count from the begin of `moof`.
  head(TFHD, "tfhd", 0x02_0000);
  u32(TRACK_ID);
  head(TFDT, "tfdt", 0x0100_0000);
  u32(Math.floor(first.dts / 2 ** 32));
  u32(first.dts);
  // Version 1: offsets may be negative. Each sample has its duration, size, flags and offset.
  head(TRUN + samples.length * SAMPLE, "trun", 0x0100_0f01);
  u32(samples.length);
  u32(moof + HEAD);
  for (const { duration, data, key, offset } of samples) {
    u32(duration);
    u32(data.length);
    u32(key ? KEY : DEPENDENT);
    u32(offset);
  }

  head(mdat, "mdat");
  return [bytes, ...samples.map(({ data }) => data)];
}
