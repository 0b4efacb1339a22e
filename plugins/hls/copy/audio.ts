/** The sound of a segment as samples: on the codec's own grid of frames, without a hole. */
import { audioFrameSamples } from "../codec/frames.ts";
import type { Sample } from "../fmp4/fragment.ts";
import type { AudioFacts } from "../reader/facts.ts";
import type { Frame, SourceTrack } from "../reader/model.ts";
import { frameGrid } from "./frame-grid.ts";
import type { Segment } from "./grid.ts";
import { silenceOf } from "./silence.ts";

/** Players stop at holes that are longer than this. */
const HOLE_SECS = 0.05;
/** Pieces of silence in a segment, some ten minutes: a damaged file may claim to be silent for years. */
const MOST_SILENCE = 30_000;

/**
 * Times are those of the whole file, so that they do not depend on what was made before. Where the track has nothing stands
 * silence, up to the end of the segment.
 * @param frames whose time is in the segment
 * @throws Damaged when one is no frame of its codec
 */
export function audioSamples(
  track: SourceTrack,
  facts: AudioFacts,
  frames: readonly Frame[],
  segment: Pick<Segment, "start" | "end">,
): Sample[] {
  const grid = frameGrid(track, facts);
  const silence = silenceOf(track, facts);
  const hole = HOLE_SECS * facts.sampleRate;
  const samples: Sample[] = [];
  // Up to where there is sound.
  let heard = grid.at(Math.min(segment.start, frames[0]?.time ?? segment.start));
  const add = (dts: number, data: Uint8Array, duration: number) => {
    samples.push({ dts, duration, offset: 0, key: true, data });
    heard = dts + duration;
  };
  let left = MOST_SILENCE;
  const fill = (until: number) => {
    let dts = grid.from(heard, silence.samples);
    for (; left > 0 && dts + silence.samples <= until; left--, dts += silence.samples)
      add(dts, silence.frame, silence.samples);
  };

  for (const frame of frames) {
    const duration = audioFrameSamples(track, facts, frame.data);
    const dts = Math.max(grid.place(frame.time, duration), (samples.at(-1)?.dts ?? -1) + 1);
    // The last frame of the segment before may reach into this one.
    const least = samples.length > 0 ? hole : Math.max(hole, duration);
    if (dts - heard >= least) fill(dts);
    add(dts, frame.data, duration);
  }
  const end = grid.at(segment.end);
  // The last piece reaches into the next segment.
  if (end - heard >= Math.max(hole, silence.samples)) fill(end + silence.samples - 1);
  // A segment shorter than a piece must not be empty either.
  if (samples.length === 0) add(heard, silence.frame, Math.max(1, end - heard));
  return samples.map((sample, i) => ({ ...sample, duration: (samples[i + 1]?.dts ?? heard) - sample.dts }));
}
