/** Where the frames of a sound track lie: Matroska rounds their times to milliseconds, the codec does not. */
import { readStreamInfo } from "../codec/flac.ts";
import { ticks } from "../fmp4/timescale.ts";
import type { AudioFacts } from "../reader/facts.ts";
import type { SourceTrack } from "../reader/model.ts";
import { leadOf } from "./delay.ts";

/** What two rounded times can be apart from the exact ones, and some more. */
const ROUNDED_SECS = 0.002;

/** Places are samples on MP4's clock. */
export interface FrameGrid {
  /** As the container says it. */
  at(time: number): number;
  /**
   * As the codec counts it.
   * @param duration of the frame, in samples
   */
  place(time: number, duration: number): number;
  /** The first place of a grid of `step` that is not before `place`. */
  from(place: number, step: number): number;
}

/** The grid through the first frame of the track. */
export function frameGrid(track: SourceTrack, facts: AudioFacts): FrameGrid {
  const rate = facts.sampleRate;
  const lead = leadOf(track);
  const at = (time: number) => Math.max(0, ticks(time + lead, rate));
  const origin = at(track.start ?? 0);
  const usual = usualSamples(track, facts);
  return {
    at,
    place(time, duration) {
      const said = at(time);
      // The last frame of FLAC is shorter than the grid it lies on.
      const step = usual ?? duration;
      const exact = origin + Math.round((said - origin) / step) * step;
      // Behind a gap that is no whole number of frames, the time alone is right.
      return Math.abs(exact - said) <= rate * ROUNDED_SECS ? Math.max(0, exact) : said;
    },
    from: (place, step) => origin + Math.ceil((place - origin) / step) * step,
  };
}

/** @returns null where each frame has its own size, and lies at a multiple of it (Opus) */
function usualSamples(track: SourceTrack, facts: AudioFacts): number | null {
  if (track.codec !== "flac") return facts.frameSamples;
  return Math.max(1, readStreamInfo(track.codecPrivate).maxFrameSamples);
}
