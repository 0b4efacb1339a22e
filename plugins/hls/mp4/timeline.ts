/** When the frames of a track are shown on the clock of the film, as ffmpeg has it. */
import { Damaged } from "../reader/model.ts";
import { placingOf } from "./edits.ts";
import type { Movie } from "./movie.ts";
import { firstSamples, type Samples } from "./samples.ts";
import type { Track } from "./track.ts";

export interface Timeline {
  samples: Samples;
  /** Nanoseconds, for each of the samples. */
  times: Float64Array;
  /** Nanoseconds of so many ticks. */
  nanoseconds(ticks: number): number;
  /** Frames stand before the part that is shown, from which it is decoded. */
  cutAtStart: boolean;
}

/** @throws Damaged when its tables are, or when edits cut it to pieces */
export function timelineOf(movie: Movie, track: Track): Timeline {
  const placing = placingOf(track.edits, { movie: movie.timescale, track: track.timescale });
  if (!placing) throw new Damaged("an edit list makes a track of several pieces");
  const { pause, from } = placing;
  const all = movie.samplesOf(track);
  const until = movie.fragmented ? Infinity : placing.until;
  const samples = firstSamples(all, all.shown.findLastIndex((ticks) => ticks < until) + 1);
  const first = least(samples.shown);
  const nanoseconds = (ticks: number) => Math.round((ticks / track.timescale) * 1e9);
  // What an edit list shows begins with its first frame, also where the list forgets that frames are reordered.
  const origin = from === null ? 0 : Math.max(from, first);
  const shift = Math.round(pause * 1e9);
  const times = new Float64Array(samples.shown.length);
  // Written as a loop, since every segment of a film waits for it.
  for (let i = 0; i < times.length; i++) times[i] = nanoseconds(samples.shown[i]! - origin) + shift;
  if (!times.every(Number.isSafeInteger)) throw new Damaged("a frame is shown in more years than can be");
  const cutAtStart = from !== null && first + (samples.durations[0] ?? 0) <= from;
  return { samples, times, nanoseconds, cutAtStart };
}

/** Infinity when there are none. */
export function least(numbers: Float64Array): number {
  let found = Infinity;
  for (let i = 0; i < numbers.length; i++) if (numbers[i]! < found) found = numbers[i]!;
  return found;
}
