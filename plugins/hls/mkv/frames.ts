/** Makes frames of blocks: unlaced, unpacked, in nanoseconds. Pure. */
import { opusSamples } from "../codec/opus.ts";
import { Damaged, type Frame } from "../reader/model.ts";
import { type Block, unlace } from "./block.ts";
import type { TrackEntry } from "./tracks.ts";

/** Of Opus, always 48,000 samples a second. */
const OPUS_SAMPLE_NS = 1_000_000_000 / 48_000;

/**
 * The presentation time of a block. As ffmpeg does, what the decoder has to drop first is taken off in whole ticks.
 * @param scale nanoseconds of a tick
 * @throws Damaged when it is beyond any file
 */
export function timeOf(ticks: number, entry: Pick<TrackEntry, "codecDelay"> | undefined, scale: number): number {
  const time = (ticks - Math.round((entry?.codecDelay ?? 0) / scale)) * scale;
  if (!Number.isSafeInteger(time)) throw new Damaged("a time is out of all reason");
  return time;
}

/**
 * @param payload the bytes of the block behind its head
 * @param scale nanoseconds of a tick
 * @throws Damaged
 */
export function framesOf(block: Block, payload: Uint8Array, entry: TrackEntry, scale: number): Frame[] {
  const { track, key } = block;
  const stored = unlace(payload, block.lacing);
  const duration = block.duration === null ? null : Math.round((block.duration * scale) / stored.length);
  // Only the first frame of a block has a time of its own.
  let time = timeOf(block.ticks, entry, scale);
  return stored.map((bytes) => {
    const frame = { track, time: Math.round(time), key, data: entry.unpack?.(bytes) ?? bytes, duration };
    time += lengthOf(frame, entry);
    return frame;
  });
}

/** Nanoseconds; 0 where nothing tells, so that all frames of a block have its time. */
function lengthOf({ data, duration }: Frame, { track }: TrackEntry): number {
  if (track.codec === "opus") return opusSamples(data) * OPUS_SAMPLE_NS;
  return track.frameDuration ?? duration ?? 0;
}
