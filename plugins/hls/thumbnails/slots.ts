/** Which picture stands for which ten seconds. Pure. */

/** Seconds that a thumbnail stands for. */
export const SLOT_SECS = 10;
/** Thumbnails of one picture file. */
export const COLUMNS = 10;
export const ROWS = 10;
export const TILES = COLUMNS * ROWS;
/** 27 hours: a file that says it is longer lies. */
export const MAX_SHEETS = 100;

const SLOT = SLOT_SECS * 1e9;

/** @param duration nanoseconds */
export const slotCount = (duration: number): number =>
  Math.min(Math.max(1, Math.ceil(duration / SLOT)), MAX_SHEETS * TILES);

/**
 * The last keyframe before the middle of each slot. Times count from the first one, as the players' do.
 * @param times of keyframes in nanoseconds, ascending, at least one
 * @param end of the file in nanoseconds, on the same clock
 * @returns for each slot the number of a keyframe
 */
export function keyframesOf(times: readonly number[], end: number): number[] {
  const begin = times[0]!;
  let number = 0;
  return Array.from({ length: slotCount(end - begin) }, (_, slot) => {
    const middle = begin + (slot + 0.5) * SLOT;
    while (number + 1 < times.length && times[number + 1]! < middle) number++;
    return number;
  });
}
