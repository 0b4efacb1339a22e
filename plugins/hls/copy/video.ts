/** The pictures of a part as samples. */
import type { Sample } from "../fmp4/fragment.ts";
import { ticks, VIDEO_TIMESCALE } from "../fmp4/timescale.ts";
import type { Frame, SourceTrack } from "../reader/model.ts";
import { cadenceOf } from "./cadence.ts";
import { leadOf } from "./delay.ts";

/** Of the last picture of a film that nothing tells a duration of. */
const USUAL_NS = 1e9 / 24;

/**
 * The n-th picture to be decoded is decoded when the n-th is shown, so that each part ends where the next one begins whatever
 * parts were made before.
 * @param frames in decoding order
 * @param next when the first picture of the next part is shown; null at the end of the film
 * @param delay of `delayOf`
 */
export function videoSamples(
  track: SourceTrack,
  frames: readonly Frame[],
  next: number | null,
  delay: number,
): Sample[] {
  const lead = leadOf(track);
  const meant = cadenceOf(track);
  const times = frames.map(({ time }) => meant(time));
  const shown = times.map((time) => ticks(time + delay, VIDEO_TIMESCALE));
  const order = times.toSorted((a, b) => a - b);
  const decoded = decodingTimes(
    order.map((time) => ticks(time + lead, VIDEO_TIMESCALE)),
    shown,
  );
  const end = ticks((next === null ? endOf(track, frames, order) : meant(next)) + lead, VIDEO_TIMESCALE);
  return frames.map(({ key, data }, i) => ({
    dts: decoded[i]!,
    duration: Math.max(1, (decoded[i + 1] ?? end) - decoded[i]!),
    offset: shown[i]! - decoded[i]!,
    key,
    data,
  }));
}

/**
 * Ascending, none before it is possible and none after it is shown, but where the pictures themselves leave no room for that.
 * @param order the ascending times of all pictures
 */
function decodingTimes(order: readonly number[], shown: readonly number[]): number[] {
  const times = [...order];
  // A picture may be reordered further than those that the delay was taken from: it, and those before it, move ahead.
  for (let i = times.length - 1, limit = Infinity; i >= 0; i--) {
    limit = Math.min(times[i]!, shown[i]!, limit - 1);
    times[i] = limit;
  }
  // But not out of the part, where the one before ends; nor before zero.
  const floor = Math.max(0, order[0] ?? 0);
  return times.map((time, i) => Math.max(time, floor + i));
}

function endOf(track: SourceTrack, frames: readonly Frame[], order: readonly number[]): number {
  const last = order.at(-1) ?? 0;
  const latest = frames.reduce<Frame | null>((most, frame) => (most && most.time > frame.time ? most : frame), null);
  const duration = latest?.duration ?? track.frameDuration;
  return last + (duration ?? (order.length > 1 ? last - order.at(-2)! : USUAL_NS));
}
