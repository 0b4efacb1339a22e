/** What single frames say, for the codecs that we copy. */
import type { AudioFacts } from "../reader/facts.ts";
import type { SourceTrack } from "../reader/model.ts";
import { isIdr, readAvcConfig } from "./avc.ts";
import { readFlacFrame, readStreamInfo } from "./flac.ts";
import { isRandomAccessPicture } from "./hevc.ts";
import { opusSamples } from "./opus.ts";

/**
 * Whether a player may begin with this keyframe. Chromium dies at one of H.264 that is no IDR picture (an open GOP), though the
 * container calls it a keyframe.
 */
export function isRandomAccess(track: SourceTrack, keyframe: Uint8Array): boolean {
  if (track.codec === "hevc") return isRandomAccessPicture(track.codecPrivate, keyframe);
  if (track.codec !== "h264") return true;
  const config = readAvcConfig(track.codecPrivate);
  return config !== null && isIdr(config, keyframe);
}

/** @returns samples, at `facts.sampleRate`. @throws Damaged when it is no frame of that codec */
export function audioFrameSamples(track: SourceTrack, facts: AudioFacts, frame: Uint8Array): number {
  if (facts.frameSamples !== null) return facts.frameSamples;
  return track.codec === "opus" ? opusSamples(frame) : readFlacFrame(frame, readStreamInfo(track.codecPrivate)).samples;
}
