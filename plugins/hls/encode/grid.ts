/** Where encoded tracks are cut. Any place can be a keyframe, so the places are chosen for the player. */

/** Nanoseconds on the container's clock. */
export interface Span {
  start: number;
  end: number;
}

/** The first ones are short: what is made first is shown first. */
const SHORT_SECS = 2;
const SHORT_COUNT = 3;
/** Longer ones would make a viewer wait after a seek. */
const LONGEST_SECS = 4;
/** A rest shorter than this is part of the last segment, not one of its own. */
const SHORTEST_SECS = 0.5;

/**
 * Always the same for the same file, so that segments of any two encoders stand side by side.
 * @param start seconds on the container's clock at which the film begins
 * @param duration seconds
 * @param segmentSecs `hls.segment_secs`
 */
export function encodeGrid(start: number, duration: number, segmentSecs: number): Span[] {
  const longest = Math.min(LONGEST_SECS, segmentSecs);
  const short = Math.min(SHORT_SECS, segmentSecs);
  const spans: Span[] = [];
  for (let at = 0; at < duration; ) {
    const step = spans.length < SHORT_COUNT ? short : longest;
    const next = duration - at < step + SHORTEST_SECS ? duration : at + step;
    spans.push({ start: nanoseconds(start + at), end: nanoseconds(start + next) });
    at = next;
  }
  return spans;
}

const nanoseconds = (secs: number): number => Math.round(secs * 1e9);

/** The number of the span that a time lies in; the first or the last one for what lies outside. */
export function spanAt(spans: readonly Span[], time: number): number {
  let low = 0;
  let high = spans.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (spans[middle]!.start <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Nanoseconds by which everything is encoded later than the container says: MP4's clock has no negative times, with which
 * some files begin.
 */
export const leadOf = (spans: readonly Span[]): number => Math.max(0, -(spans[0]?.start ?? 0));
