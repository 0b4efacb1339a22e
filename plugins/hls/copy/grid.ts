/** Where a file is cut: at keyframes, the same way every time, so that any segment can be made without the others. */

/** One segment of every track. */
export interface Segment {
  /** Numbers of keyframes: the first one that is in, the first one that is not. */
  from: number;
  to: number;
  /** Nanoseconds. */
  start: number;
  end: number;
}

/** A list must not name a segment without any length. */
const SHORTEST_NS = 1_000_000;

/**
 * Closes a segment when the next group of pictures would make it longer than wanted; a single group may be.
 * @param keyframes ascending times, in nanoseconds
 * @param duration nanoseconds; where the last segment ends
 */
export function gridOf(keyframes: readonly number[], duration: number, segmentSecs: number): Segment[] {
  const segments: Segment[] = [];
  const longest = segmentSecs * 1e9;
  let from = 0;
  for (let to = 1; to <= keyframes.length; to++) {
    const start = keyframes[from]!;
    const end = keyframes[to] ?? Math.max(duration, keyframes[to - 1]! + SHORTEST_NS);
    const next = keyframes[to + 1] ?? duration;
    if (to < keyframes.length && next - start <= longest) continue;
    segments.push({ from, to, start, end });
    from = to;
  }
  return segments;
}
