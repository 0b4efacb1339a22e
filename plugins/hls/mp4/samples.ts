/** The frames of a track, in the order in which they are decoded: column by column, since there are hundreds of thousands. */
export interface Samples {
  /** Bytes from the begin of the file. */
  offsets: Float64Array;
  sizes: Uint32Array;
  /** When they are shown, in ticks of the track on its own clock. */
  shown: Float64Array;
  /** Ticks from one to the next. */
  durations: Float64Array;
  /** 1 for a keyframe. */
  keys: Uint8Array;
}

/** Of all tracks: what a day of film with one sound has, at 40 bytes each; a lying table must not fill the memory. */
export const MOST_SAMPLES = 8_000_000;

export const emptySamples = (count: number): Samples => ({
  offsets: new Float64Array(count),
  sizes: new Uint32Array(count),
  shown: new Float64Array(count),
  durations: new Float64Array(count),
  keys: new Uint8Array(count),
});

const COLUMNS = ["offsets", "sizes", "shown", "durations", "keys"] as const;

/** @param parts of one track, in order */
export function joinSamples(parts: readonly Samples[]): Samples {
  const all = emptySamples(parts.reduce((sum, { keys }) => sum + keys.length, 0));
  let place = 0;
  for (const part of parts) {
    for (const column of COLUMNS) all[column].set(part[column], place);
    place += part.keys.length;
  }
  return all;
}

export const firstSamples = ({ offsets, sizes, shown, durations, keys }: Samples, count: number): Samples => ({
  offsets: offsets.subarray(0, count),
  sizes: sizes.subarray(0, count),
  shown: shown.subarray(0, count),
  durations: durations.subarray(0, count),
  keys: keys.subarray(0, count),
});
