/** What the codecs that we copy say of their tracks. */
import type { AudioFacts, VideoFacts } from "../reader/facts.ts";
import { Damaged, type SourceTrack } from "../reader/model.ts";
import { aacFacts } from "./aac.ts";
import { av1Facts } from "./av1.ts";
import { avcFacts } from "./avc.ts";
import { flacFacts } from "./flac.ts";
import { hevcFacts } from "./hevc.ts";
import { opusFacts } from "./opus.ts";
import { vp9Facts } from "./vp9.ts";

/**
 * @param firstFrame of the track; VP9 has no other header, interlaced H.264 is not told from progressive without it
 * @returns null for a track that is not copied: another codec, headers that are missing or make no sense
 */
export function videoFacts(track: SourceTrack, firstFrame: Uint8Array | null): VideoFacts | null {
  return orNull(() => {
    switch (track.codec) {
      case "h264":
        return avcFacts(track.codecPrivate, firstFrame);
      case "hevc":
        return hevcFacts(track.codecPrivate);
      case "av1":
        return av1Facts(track.codecPrivate);
      case "vp9":
        return firstFrame && vp9Facts(track, firstFrame);
      default:
        return null;
    }
  });
}

/** @returns null for a track that is not copied: another codec, a kind of AAC that players do not know, damaged headers */
export function audioFacts(track: SourceTrack): AudioFacts | null {
  return orNull(() => {
    switch (track.codec) {
      case "aac":
        return aacFacts(track.codecPrivate, track.channels);
      case "flac":
        return flacFacts(track.codecPrivate);
      case "opus":
        return opusFacts(track.codecPrivate);
      default:
        return null;
    }
  });
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Damaged) return null;
    throw error;
  }
}
