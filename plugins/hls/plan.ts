/** What is done with each track on its way to a player. Pure: what is known of a file and of a player in, a plan out. */
import { Unprocessable } from "../../src/plugin.ts";
import type { Capabilities, Kind } from "./capabilities.ts";
import type { MediaIndex } from "./media-index.ts";
import { type AudioTrack, audiosOf, type VideoTrack, videosOf } from "./track.ts";

export type TrackMode = "copy" | "encode";

export interface Plan {
  video: { track: VideoTrack; mode: TrackMode };
  /** In the order of the file. */
  audio: { track: AudioTrack; mode: TrackMode }[];
}

/** How the playlist comes to be (STREAMING section 3, cases 2 to 4). */
export type Mode = "copy" | "transcode_audio" | "transcode";

/** Containers whose packets carry presentation times; AVI and its kin leave them to be guessed, wrongly with B-frames. */
const TIMED = ["matroska", "mov", "mpegts", "flv"];
/** Players know these kinds of AAC only; ffmpeg may not know which kind it is. */
const AAC_PROFILES = ["LC", "HE-AAC", "HE-AACv2", null];

/**
 * @param transcode `hls.transcode`: true makes H.264 and AAC of everything
 * @throws Unprocessable when there is no picture to play
 */
export function planFor(index: MediaIndex, capabilities: Capabilities, transcode: boolean): Plan {
  const takes = (kind: Kind | null) => kind !== null && !transcode && capabilities.has(kind);
  const cut = (track: VideoTrack | AudioTrack) => index.cut?.facts[track.index] !== undefined;
  const track = pictureOf(index);
  const seekable = capabilities.has("open-gop") || index.cut?.randomAccess === true;
  return {
    video: { track, mode: takes(videoKind(track)) && cut(track) && seekable ? "copy" : "encode" },
    audio: audiosOf(index.tracks).map((audio) => ({
      track: audio,
      mode: takes(audioKind(audio)) && cut(audio) ? "copy" : "encode",
    })),
  };
}

/**
 * Whether a copy that our own reader can cut is worth making: the player takes the picture as it is, the container keeps its
 * times, but we cannot read it.
 */
export function wantsRemux(index: MediaIndex, capabilities: Capabilities, transcode: boolean): boolean {
  if (index.cut || index.copyFailed || transcode) return false;
  const track = pictureOf(index);
  const timed = TIMED.some((name) => index.format.split(",").includes(name));
  // Interlaced pictures in a transport stream come as separate fields.
  const fields = track.interlaced && index.format === "mpegts";
  const kind = videoKind(track);
  return timed && !fields && kind !== null && capabilities.has(kind);
}

export function modeOf({ video, audio }: Plan): Mode {
  if (video.mode === "encode") return "transcode";
  return audio.some(({ mode }) => mode === "encode") ? "transcode_audio" : "copy";
}

function pictureOf({ tracks }: MediaIndex): VideoTrack {
  const [track] = videosOf(tracks);
  if (!track) throw new Unprocessable("there is no video in this file");
  return track;
}

/** Null for what no player takes in MP4. */
export function videoKind({ codec, pixelFormat }: VideoTrack): Kind | null {
  const known = (["h264", "hevc", "av1", "vp9"] as const).find((name) => name === codec);
  if (!known) return null;
  if (pixelFormat === "yuv420p" || pixelFormat === "yuvj420p") return known;
  return pixelFormat === "yuv420p10le" ? `${known}-10` : null;
}

/** Not MP3: Chromium refuses it in MP4. */
export function audioKind({ codec, profile }: AudioTrack): Kind | null {
  const known = (["aac", "flac", "opus"] as const).find((name) => name === codec);
  return known === undefined || (known === "aac" && !AAC_PROFILES.includes(profile)) ? null : known;
}
