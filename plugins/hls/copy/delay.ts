/** How much later a track's samples are stamped than they are shown. */
import type { Container, Frame, SourceTrack } from "../reader/model.ts";

/** So much of the film shows how its encoder reorders pictures. */
const LOOK_NS = 5e9;

/**
 * MP4 tells when a frame is decoded, which is never after it is shown; Matroska only when it is shown. So pictures are decoded
 * in the order they have, at the times at which pictures are shown, and all are shown later by what the worst of them needs.
 * An edit list takes that away again.
 * @returns nanoseconds, for the video track of `container.index.video`: worth keeping, since the start of the film is read for it
 * @throws Damaged when what is there is not what the index says
 */
export async function delayOf(container: Container): Promise<number> {
  const { video, keyframes, tracks } = container.index;
  const track = tracks.find(({ number }) => number === video);
  const [first] = keyframes.times;
  if (!track || first === undefined) return 0;
  const later = keyframes.times.findIndex((time) => time >= first + LOOK_NS);
  const { frames } = await container.part(0, later < 0 ? keyframes.times.length : later, [track.number]);
  return leadOf(track) + reorderOf(frames.get(track.number) ?? []);
}

/** What stands before zero must be moved there: MP4's clock has no negative times. */
export const leadOf = (track: SourceTrack): number => Math.max(0, -(track.start ?? 0));

/** @param frames in decoding order */
export function reorderOf(frames: readonly Frame[]): number {
  const shown = frames.map(({ time }) => time).sort((a, b) => a - b);
  return frames.reduce((most, { time }, i) => Math.max(most, shown[i]! - time), 0);
}
