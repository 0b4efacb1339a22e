/** The clocks of tracks in MP4: whole nanoseconds become ticks and are never added up, so that no error grows. */
import type { AudioFacts, VideoFacts } from "../reader/facts.ts";

/** A millisecond is 90 ticks of it, so that Matroska's times stay exact. */
export const VIDEO_TIMESCALE = 90_000;

/** Ticks a second. */
export const timescaleOf = (facts: VideoFacts | AudioFacts): number =>
  facts.type === "video" ? VIDEO_TIMESCALE : facts.sampleRate;

/** @param time nanoseconds */
export function ticks(time: number, timescale: number): number {
  // Apart, because nanoseconds times ticks leave the whole numbers after a few minutes.
  const secs = Math.floor(time / 1e9);
  return secs * timescale + Math.round(((time - secs * 1e9) * timescale) / 1e9);
}
