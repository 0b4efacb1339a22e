/** What players ask for, made of the source's own frames. */
import { mediaSegment } from "../fmp4/fragment.ts";
import { initSegment } from "../fmp4/init.ts";
import type { AudioFacts, VideoFacts } from "../reader/facts.ts";
import { type Container, Damaged, type Frame, type SourceTrack } from "../reader/model.ts";
import { audioSamples } from "./audio.ts";
import { leadOf } from "./delay.ts";
import type { Segment } from "./grid.ts";
import { videoSamples } from "./video.ts";

/**
 * The initialization segment that goes with {@link copySegment}.
 * @param delay of `delayOf`; sound does not need it
 * @throws Damaged for a codec that is not copied, or one without its header
 */
export function copyInit(track: SourceTrack, facts: VideoFacts | AudioFacts, delay: number): Uint8Array {
  return initSegment(track, facts, facts.type === "video" ? delay : leadOf(track));
}

/**
 * Segment `k` of a track: always the same bytes, whatever was read before.
 * @param grid of `gridOf`
 * @param delay of `delayOf`; sound does not need it
 * @throws Damaged when what is in the file is not what its index says
 */
export async function copySegment(
  container: Container,
  grid: readonly Segment[],
  k: number,
  track: SourceTrack,
  facts: VideoFacts | AudioFacts,
  delay: number,
): Promise<Uint8Array> {
  const segment = grid[k];
  if (!segment) throw new RangeError(`no segment ${k}`);
  const part = await container.part(segment.from, segment.to, [track.number]);
  const found = part.frames.get(track.number) ?? [];
  const frames = facts.type === "video" ? await fromItsBegin(container, segment, found) : found;
  const samples =
    facts.type === "video"
      ? videoSamples(track, frames, part.nextVideoTime, delay)
      : audioSamples(track, facts, frames, segment);
  if (samples.length === 0) throw new Damaged(`there is nothing of track ${track.number} in segment ${k}`);
  return mediaSegment(k + 1, samples);
}

/** Keyframes that are looked at for one that can be read. */
const LOOKS = 8;

/**
 * What is damaged at the begin of a segment shows the last picture before it: players skip no hole without a stall.
 * @throws Damaged when there is nothing to be shown
 */
async function fromItsBegin(container: Container, { from, start }: Segment, found: Frame[]): Promise<Frame[]> {
  if (found[0] && found[0].time <= start) return found;
  for (let number = from - 1; number >= Math.max(0, from - LOOKS); number--) {
    try {
      return [{ ...(await container.keyframe(number)), time: start, duration: null }, ...found];
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
    }
  }
  return found;
}
