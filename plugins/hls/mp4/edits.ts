/** Edit lists: which part of a track is shown, and when (ISO 14496-12, 8.6.6). */
import { viewOf } from "./box.ts";

export interface Edit {
  /** In ticks of the movie. */
  duration: number;
  /** In ticks of the track; -1 where nothing is shown. */
  from: number;
  rate: number;
}

/** @throws RangeError */
export function readEdits(elst: Uint8Array | undefined): Edit[] {
  if (!elst) return [];
  const view = viewOf(elst);
  const long = elst[0] === 1;
  const size = long ? 20 : 12;
  const count = Math.min(view.getUint32(4), Math.floor((elst.length - 8) / size));
  return Array.from({ length: count }, (_, number) => {
    const place = 8 + number * size;
    return long
      ? {
          duration: Number(view.getBigUint64(place)),
          from: Number(view.getBigInt64(place + 8)),
          rate: view.getInt16(place + 16),
        }
      : { duration: view.getUint32(place), from: view.getInt32(place + 4), rate: view.getInt16(place + 8) };
  });
}

export interface Placing {
  /** Seconds of nothing before the track. */
  pause: number;
  /** The ticks of the track that are shown then; without a list of edits, all that there are. */
  from: number | null;
  until: number;
}

/**
 * Where the one part of a track that is shown lies.
 * @param timescales of the movie and of the track
 * @returns null when there are several parts, or one at another speed: such a film was cut, and ffmpeg has to follow the cuts
 */
export function placingOf(edits: readonly Edit[], timescales: { movie: number; track: number }): Placing | null {
  const [shown, ...more] = edits.filter(({ from }) => from >= 0);
  if (!shown) return { pause: 0, from: null, until: Infinity };
  if (more.length > 0 || shown.rate !== 1) return null;
  const before = edits.slice(0, edits.indexOf(shown));
  const seconds = (ticks: number) => ticks / Math.max(1, timescales.movie);
  return {
    pause: seconds(before.reduce((sum, { duration }) => sum + duration, 0)),
    from: shown.from,
    // Where it is not known beforehand how long the film gets, stands 0.
    until: shown.duration > 0 ? shown.from + seconds(shown.duration) * timescales.track : Infinity,
  };
}
