/** A file's tracks as people see them, whichever reader found them. */
import type { Json } from "../../src/plugin.ts";

interface TrackBase {
  /** ffmpeg's stream number, for `-map 0:index`. */
  index: number;
  /** ffmpeg's name of it: `h264`, `aac`, `ass`. */
  codec: string;
  /** As the file says it. */
  language: string | null;
  title: string | null;
  default: boolean;
  forced: boolean;
}

export interface VideoTrack extends TrackBase {
  type: "video";
  profile: string | null;
  /** ffmpeg's name: `yuv420p`, `yuv420p10le`. */
  pixelFormat: string | null;
  width: number;
  height: number;
  /** Frames a second; null when it varies or is not known. */
  frameRate: number | null;
  interlaced: boolean;
}

export interface AudioTrack extends TrackBase {
  type: "audio";
  profile: string | null;
  /** 0 when not known. */
  channels: number;
  /** Hz; 0 when not known. */
  sampleRate: number;
}

export interface SubtitleTrack extends TrackBase {
  type: "subtitle";
}

export type MediaTrack = VideoTrack | AudioTrack | SubtitleTrack;

export const videosOf = (tracks: readonly MediaTrack[]): VideoTrack[] =>
  tracks.filter((track) => track.type === "video");
export const audiosOf = (tracks: readonly MediaTrack[]): AudioTrack[] =>
  tracks.filter((track) => track.type === "audio");
export const subtitlesOf = (tracks: readonly MediaTrack[]): SubtitleTrack[] =>
  tracks.filter((track) => track.type === "subtitle");

/** As the API shows it. */
export type DescribedTrack = { index: number; codec: string; [fact: string]: Json };

export function describeTrack(track: MediaTrack): DescribedTrack {
  const { type, index, codec, language, title, forced } = track;
  return { index, type, codec, language, title, default: track.default, forced, ...details(track) };
}

function details(track: MediaTrack): Record<string, Json> {
  switch (track.type) {
    case "video": {
      const { profile, pixelFormat, width, height, frameRate } = track;
      return { profile, pixel_format: pixelFormat, width, height, frame_rate: frameRate };
    }
    case "audio": {
      const { profile, channels, sampleRate } = track;
      return { profile, channels, sample_rate: sampleRate };
    }
    case "subtitle":
      return {};
  }
}
