/** How long a film is, by what its container says. Pure. */

/** Seconds. Nobody has a longer one, and a list of its segments would fill the memory. */
const LONGEST_SECS = 7 * 24 * 3600;

/**
 * Matroska has one number for two things: ffmpeg writes at what time the last frame ends, mkvmerge how long it is from the first
 * frame to there.
 * @param start seconds at which the first frame is shown
 * @param said seconds
 * @param lastKeyframe seconds at which it is shown; where it lies behind the length, the length is no time
 */
export const matroskaLength = (start: number, said: number, lastKeyframe: number): number =>
  said > lastKeyframe ? said - start : said;

/** @returns null for what is no length */
export const believable = (secs: number | null): number | null =>
  secs !== null && secs > 0 && secs <= LONGEST_SECS ? secs : null;
