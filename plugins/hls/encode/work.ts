/** What is encoded: one track of one file, cut in one way. */
import type { SourceTrack } from "../reader/model.ts";
import type { AudioTrack, VideoTrack } from "../track.ts";
import type { Span } from "./grid.ts";

export interface Work {
  /** Equal keys stand for equal bytes: the version of the file, the track, the settings. */
  key: string;
  /** Absolute path. */
  file: string;
  track: VideoTrack | AudioTrack;
  /** What our own reader knows of the track; null for a file that ffmpeg alone can read. */
  source: SourceTrack | null;
  /** Of the picture; sound is cut at the same places. */
  spans: readonly Span[];
}

/** A part of the spans that one ffmpeg makes. */
export interface Range {
  first: number;
  /** The first one that is not made. */
  end: number;
}

/**
 * Seconds before the wanted place at which ffmpeg begins to read a file that has no list of keyframes: there it lands
 * anywhere, and has to come by a keyframe.
 */
const ROUGH_SECS = 10;

/**
 * Arguments that come before the input, so that decoding begins at or before a time.
 * @param time nanoseconds on the container's clock
 */
export function seekArgs({ source, spans }: Work, time: number): string[] {
  const secs = time / 1e9 - (source ? 0 : ROUGH_SECS);
  const seek = secs > (spans[0]?.start ?? 0) / 1e9;
  return [
    // The container's own times from end to end; what lies before the wanted place is dropped by a filter.
    ...["-copyts", "-noaccurate_seek", "-seek_timestamp", "1"],
    ...(seek ? ["-ss", secs.toFixed(6)] : []),
  ];
}

/** Seconds, as ffmpeg reads them. @param time nanoseconds */
export const secsArg = (time: number): string => (time / 1e9).toFixed(6);
