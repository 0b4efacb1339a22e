/** From when to when a line is shown. */
import type { Frame } from "../reader/model.ts";

/** Nanoseconds that a line without a duration stays when nothing follows: long enough to be read. */
const LONGEST_GUESS = 5e9;

/** Nanoseconds. */
export interface Span {
  frame: Frame;
  start: number;
  end: number;
}

/** A frame without a duration lasts until the next one. Nothing begins before zero, where no format has a time. */
export const spansOf = (frames: readonly Frame[]): Span[] =>
  frames.map((frame, i) => {
    const { time, duration } = frame;
    const next = frames[i + 1]?.time ?? Number.POSITIVE_INFINITY;
    const guess = Math.min(next > time ? next - time : LONGEST_GUESS, LONGEST_GUESS);
    return { frame, start: Math.max(0, time), end: Math.max(0, time + (duration ?? guess)) };
  });
