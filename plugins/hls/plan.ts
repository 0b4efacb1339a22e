/** What is done with each track on its way to a player. Pure: a probe and a setting in, a plan out. */
import { FatalJobError } from "../../src/plugin.ts";
import type { AudioTrack, Probe, VideoTrack } from "./probe.ts";

export type VideoPlan =
  | { index: number; mode: "copy"; codec: string; delayMs: number }
  | { index: number; mode: "encode"; deinterlace: boolean; evenSize: boolean };

export type AudioPlan =
  | { index: number; mode: "copy"; codec: string }
  | { index: number; mode: "encode"; channels: number; sampleRate: number };

export interface Plan {
  video: VideoPlan;
  /** Null for a file without sound. */
  audio: AudioPlan | null;
  /** Seconds that the rendition must come to; null when the file does not say. */
  duration: number | null;
  /** Whether `duration` is the picture's own, not that of the longest track. */
  exact: boolean;
}

/** What goes into fragmented MP4 as it is, by the pixel formats that players decode. */
const VIDEO_FORMATS: Record<string, readonly string[]> = {
  // Hi10P too: Chromium, mpv and VLC play it, and half of all fansubs are made of it.
  h264: ["yuv420p", "yuvj420p", "yuv420p10le"],
  hevc: ["yuv420p", "yuvj420p", "yuv420p10le"],
  av1: ["yuv420p", "yuv420p10le"],
  vp9: ["yuv420p", "yuv420p10le"],
};
/** Not MP3: Chromium refuses it in MP4. */
const AUDIO_CODECS = ["aac", "flac", "opus"];
/** Players know these kinds of AAC only; ffmpeg may not know which kind it is. */
const AAC_PROFILES = ["LC", "HE-AAC", "HE-AACv2", null];
/** Containers whose packets carry presentation times; AVI and its kin leave them to be guessed, wrongly with B-frames. */
const TIMED = ["matroska", "mov", "mpegts", "flv"];

const MAX_CHANNELS = 6;
/** The encoder puts this many samples of silence before the first one. */
const AAC_PRIMING = 1024;

/**
 * @param transcode `hls.transcode`: true makes H.264 and AAC of everything
 * @throws FatalJobError when there is no picture to play
 */
export function planFor(probe: Probe, transcode: boolean): Plan {
  const video = probe.video[0];
  if (!video) throw new FatalJobError("there is no video in this file");
  const track = probe.audio.find((candidate) => candidate.default) ?? probe.audio[0];
  const audio = track ? planAudio(track, transcode) : null;
  return {
    video: planVideo(probe, video, transcode, track && audio ? soundStart(probe, track, audio) : null),
    audio,
    duration: video.duration ?? probe.duration,
    exact: video.duration !== null,
  };
}

function planVideo(probe: Probe, video: VideoTrack, transcode: boolean, sound: number | null): VideoPlan {
  const { index, codec, pixelFormat, interlaced, width, height } = video;
  const timed = TIMED.some((name) => probe.container.split(",").includes(name));
  // Interlaced pictures in a transport stream come as separate fields, which the MP4 writer cannot time.
  const fields = interlaced && probe.container === "mpegts";
  const playable = VIDEO_FORMATS[codec]?.includes(pixelFormat ?? "") ?? false;
  return playable && timed && !fields && !transcode
    ? { index, mode: "copy", codec, delayMs: delayMs(video, sound) }
    : { index, mode: "encode", deinterlace: interlaced, evenSize: (width % 2) + (height % 2) > 0 };
}

function planAudio({ index, codec, profile, channels, sampleRate }: AudioTrack, transcode: boolean): AudioPlan {
  const playable = AUDIO_CODECS.includes(codec) && (codec !== "aac" || AAC_PROFILES.includes(profile));
  if (playable && !transcode) return { index, mode: "copy", codec };
  return {
    index,
    mode: "encode",
    channels: Math.min(channels || 2, MAX_CHANNELS),
    sampleRate: sampleRate === 44_100 ? sampleRate : 48_000,
  };
}

/** When the sound of the rendition will begin, in seconds on the file's clock: encoded sound is filled up to its start. */
const soundStart = (probe: Probe, track: AudioTrack, plan: AudioPlan): number | null =>
  plan.mode === "encode" ? probe.start - AAC_PRIMING / plan.sampleRate : track.start;

/** Milliseconds: what the rounding and the guess of where sound begins may come to together, and twice that. */
const TIE_MS = 2;
const DELAY_MS = 4;

/**
 * Matroska and FLV round times to a millisecond. A picture that begins half a frame after the sound, as those of ffmpeg's
 * own files at 24 frames a second do (1024 samples are 21.3 ms, half a frame is 20.8 ms), then falls now on one side of the
 * half, now on the other, and a player that counts frames finds two in one place and none in the next. A delay of 4 ms,
 * a quarter of what anyone can notice, moves it off the edge.
 */
function delayMs({ frameRate, start, tick }: VideoTrack, sound: number | null): number {
  if (tick !== 0.001 || frameRate === null || start === null || sound === null) return 0;
  const frames = (start - sound) * frameRate;
  const beyondHalf = frames - Math.floor(frames) - 0.5;
  return Math.abs(beyondHalf) <= (TIE_MS / 1000) * frameRate ? DELAY_MS : 0;
}
