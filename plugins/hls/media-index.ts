/** All that playing a file needs to know of it, found out once and kept in the database. */
import type { AudioFacts, VideoFacts } from "./reader/facts.ts";
import type { Chapter, ContainerIndex } from "./reader/model.ts";
import type { MediaTrack } from "./track.ts";

export interface MediaIndex {
  /** ffmpeg's demuxer: `matroska,webm`. */
  format: string;
  /** Seconds on the container's clock at which the first track begins. */
  start: number;
  /** Seconds of the longest track; null when the container does not say. */
  duration: number | null;
  /** In the order of the file; covers are not among them. */
  tracks: MediaTrack[];
  chapters: Chapter[];
  /** What our own readers cut the file by; null when they do not take it. */
  cut: Cut | null;
  /** Where `cut` is null: ffmpeg could not copy it into what they take either. */
  copyFailed?: true;
}

export interface Cut {
  container: ContainerIndex;
  /** By ffmpeg's stream number; absent for what goes into no segment as it is. */
  facts: Record<number, VideoFacts | AudioFacts>;
  /** Nanoseconds by which pictures are shown after they are decoded, at most: of the first part. */
  delay: number;
  /** Whether a player can begin at every keyframe that was looked at; false: open GOPs. */
  randomAccess: boolean;
}
