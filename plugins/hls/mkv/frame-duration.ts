/** How long a frame lasts where the codec leaves no choice, for files that do not say. */
import type { SourceTrack } from "../reader/model.ts";

const SECOND = 1_000_000_000;

/** @returns nanoseconds; null where frames differ or nothing tells */
export function codecFrameDuration(track: SourceTrack): number | null {
  const samples = samplesOf(track);
  return samples && track.sampleRate ? Math.round((samples * SECOND) / track.sampleRate) : null;
}

function samplesOf({ codec, codecPrivate, sampleRate }: SourceTrack): number | null {
  switch (codec) {
    case "aac":
      return 1024;
    case "ac3":
      return 1536;
    case "mp3":
      // MPEG-2 halves the rates and the frame.
      return sampleRate < 32_000 ? 576 : 1152;
    case "flac":
      return flacBlockSize(codecPrivate);
    default:
      return null;
  }
}

/** STREAMINFO after `fLaC` and the head of its block: the smallest and the largest block, in samples. */
function flacBlockSize(codecPrivate: Uint8Array): number | null {
  if (codecPrivate.length < 12) return null;
  const smallest = codecPrivate[8]! * 256 + codecPrivate[9]!;
  const largest = codecPrivate[10]! * 256 + codecPrivate[11]!;
  return smallest === largest ? largest : null;
}
