/** What players ask for, made of the source's own frames. */
import { segmentParts } from "../fmp4/fragment.ts";
import { initSegment } from "../fmp4/init.ts";
import type { AudioFacts, VideoFacts } from "../reader/facts.ts";
import { type Container, Damaged, type Frame, type Part, type SourceTrack } from "../reader/model.ts";
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

export interface CopiedTrack {
  track: SourceTrack;
  facts: VideoFacts | AudioFacts;
}

/**
 * Segment `k` of some tracks, which lie together in the file: always the same bytes, whatever was read before.
 * @param grid of `gridOf`
 * @param delay of `delayOf`
 * @returns by the track's number; of a track that is damaged there, why
 */
export async function copySegments(
  container: Container,
  grid: readonly Segment[],
  k: number,
  tracks: readonly CopiedTrack[],
  delay: number,
): Promise<Map<number, Blob | Damaged>> {
  const segment = grid[k];
  if (!segment) throw new RangeError(`no segment ${k}`);
  const made = new Map<number, Blob | Damaged>();
  try {
    const numbers = tracks.map(({ track }) => track.number);
    const part = await container.part(segment.from, segment.to, numbers);
    for (const one of tracks) made.set(one.track.number, await fromPart(container, part, segment, k, one, delay));
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    if (tracks.length === 1) return made.set(tracks[0]!.track.number, error);
    // One that cannot be read must not take the others along.
    for (const one of tracks) {
      const [[number, alone]] = [...(await copySegments(container, grid, k, [one], delay))] as [
        [number, Blob | Damaged],
      ];
      made.set(number, alone);
    }
  }
  return made;
}

/** The same of one track. @throws Damaged when there is nothing of it that can be read */
export async function copySegment(
  container: Container,
  grid: readonly Segment[],
  k: number,
  track: SourceTrack,
  facts: VideoFacts | AudioFacts,
  delay: number,
): Promise<Uint8Array> {
  const made = (await copySegments(container, grid, k, [{ track, facts }], delay)).get(track.number)!;
  if (made instanceof Damaged) throw made;
  return made.bytes();
}

async function fromPart(
  container: Container,
  part: Part,
  segment: Segment,
  k: number,
  { track, facts }: CopiedTrack,
  delay: number,
): Promise<Blob | Damaged> {
  try {
    const found = part.frames.get(track.number) ?? [];
    const samples =
      facts.type === "video"
        ? videoSamples(track, await fromItsBegin(container, segment, found), part.nextVideoTime, delay)
        : audioSamples(track, facts, found, segment);
    if (samples.length === 0) return new Damaged(`there is nothing of track ${track.number} in segment ${k}`);
    // Copied here once and not again on its way out, as bytes would be.
    return new Blob(segmentParts(k + 1, samples) as Uint8Array<ArrayBuffer>[]);
  } catch (error) {
    if (error instanceof Damaged) return error;
    throw error;
  }
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
