/** An item as one kind of player gets it: its plan, its segments, its playlists. Pure. */
import { Unprocessable } from "../../src/plugin.ts";
import { renditionKey } from "./cache.ts";
import type { Capabilities } from "./capabilities.ts";
import type { HlsConfig } from "./config.ts";
import { gridOf, type Segment } from "./copy/grid.ts";
import { encodeGrid, type Span } from "./encode/grid.ts";
import { encodedCodec, encodedSize } from "./encode/picture-size.ts";
import { CHANNELS } from "./encode/sound-args.ts";
import { languageName, languageTag } from "./language.ts";
import type { MediaIndex } from "./media-index.ts";
import { initName, playlistName, segmentName, subtitlesName } from "./names.ts";
import { type Mode, modeOf, type Plan, planFor, type TrackMode } from "./plan.ts";
import {
  type MediaPlaylist,
  quotable,
  type Rendition,
  renderMaster,
  renderPlaylist,
  withoutFirst,
} from "./playlist.ts";
import { subtitleForms } from "./subtitles/forms.ts";
import { type AudioTrack, type SubtitleTrack, subtitlesOf } from "./track.ts";

/** The picture, or a sound track by ffmpeg's stream number. */
export type TrackName = "video" | number;

export interface Stream {
  index: MediaIndex;
  plan: Plan;
  mode: Mode;
  /** Names it in the cache and in addresses: equal keys stand for equal bytes. */
  key: string;
  /** What is cut between keyframes; empty when nothing can be. */
  copied: Segment[];
  /** What an encoded picture is cut into. */
  encoded: Span[];
  /** `hls.playlist_len`. */
  listed: number;
  /** `hls.transcode_height`. */
  height: number;
  /** `hls.transcode_bitrate`, in bits a second. */
  bitrate: number;
}

/** Which file is read: the one in the library, or the copy that our reader takes. */
export type Origin = "file" | "remux";

/** @param version of the media file (MediaFile.version) */
export function streamOf(
  version: string,
  origin: Origin,
  index: MediaIndex,
  capabilities: Capabilities,
  config: HlsConfig,
): Stream {
  const plan = planFor(index, capabilities, config.transcode);
  const container = index.cut?.container;
  const end = index.duration === null ? container?.duration : (index.start + index.duration) * 1e9;
  return {
    index,
    plan,
    mode: modeOf(plan),
    key: renditionKey(
      version,
      recipe(
        origin,
        plan.video.mode,
        plan.audio.map((audio) => audio.mode),
        config,
      ),
    ),
    copied: container ? gridOf(container.keyframes.times, Math.round(end ?? 0), config.segment_secs) : [],
    encoded: encodeGrid(index.start, index.duration ?? 0, config.segment_secs),
    listed: config.playlist_len,
    height: config.transcode_height,
    bitrate: config.transcode_bitrate * 1000,
  };
}

/** All that the bytes depend on, beside the file. */
function recipe(origin: Origin, video: TrackMode, audio: readonly TrackMode[], config: HlsConfig) {
  const { segment_secs, playlist_len, transcode_preset, transcode_height, transcode_bitrate, hardware_encoder } =
    config;
  const encoder = [transcode_preset, transcode_height, transcode_bitrate, hardware_encoder];
  return [origin, segment_secs, playlist_len, video, audio, video === "encode" ? encoder : null];
}

/** Beyond this many sound tracks, keys are not counted up. */
const MAX_COUNTED = 6;

/**
 * Every key that a file's streams can have under the present settings, whatever the player.
 * @returns null for more than anybody wants to know
 */
export function keysOf(version: string, audioTracks: number, config: HlsConfig): Set<string> | null {
  if (audioTracks > MAX_COUNTED) return null;
  const modes = ["copy", "encode"] as const;
  let audio: TrackMode[][] = [[]];
  for (let i = 0; i < audioTracks; i++) audio = audio.flatMap((some) => modes.map((mode) => [...some, mode]));
  const keys = (["file", "remux"] as const).flatMap((origin) =>
    modes.flatMap((video) => audio.map((some) => renditionKey(version, recipe(origin, video, some, config)))),
  );
  return new Set(keys);
}

export function trackMode({ plan }: Stream, track: TrackName) {
  if (track === "video") return plan.video.mode;
  return plan.audio.find((audio) => audio.track.index === track)?.mode ?? null;
}

/** The tracks that are copied, by ffmpeg's stream numbers. */
export const copiedTracks = ({ plan }: Stream): number[] =>
  [plan.video, ...plan.audio].filter(({ mode }) => mode === "copy").map(({ track }) => track.index);

/** What a track is cut into. Sound that is encoded follows the picture. */
export function spansOf(stream: Stream, track: TrackName): readonly Span[] {
  const follows = trackMode(stream, track) === "copy" ? "copy" : stream.plan.video.mode;
  return follows === "copy" ? stream.copied : stream.encoded;
}

export function playlistOf(stream: Stream, track: TrackName): string {
  return renderPlaylist(listOf(stream, track));
}

/**
 * Of a whole track, or its end: `hls.playlist_len`.
 * @throws Unprocessable when nobody knows how long the film is: an encoder's segments cannot be counted then
 */
export function listOf(stream: Stream, track: TrackName): MediaPlaylist {
  const spans = spansOf(stream, track);
  if (spans.length === 0) {
    throw new Unprocessable("nobody can tell how long this video is: open the file itself in a player such as mpv");
  }
  const segments = spans.map((span, number) => ({
    name: segmentName(track, number),
    secs: seconds(span),
  }));
  const list = { segments, init: initName(track), sequence: 0, longest: longestOf(stream) };
  return withoutFirst(list, droppedOf(stream, spans));
}

/** How many segments of a track `hls.playlist_len` leaves out: of every track those that end before the picture's first one begins. */
function droppedOf(stream: Stream, spans: readonly Span[]): number {
  const video = spansOf(stream, "video");
  const begin = stream.listed === 0 ? undefined : video[Math.max(0, video.length - stream.listed)]?.start;
  return begin === undefined ? 0 : spans.filter(({ end }) => end <= begin).length;
}

/** Seconds of the longest segment of any track. */
function longestOf(stream: Stream): number {
  const tracks: TrackName[] = ["video", ...stream.plan.audio.map(({ track }) => track.index)];
  // Two at most.
  const grids = new Set(tracks.map((track) => spansOf(stream, track)));
  return [...grids].flat().reduce((longest, span) => Math.max(longest, seconds(span)), 0);
}

/** One segment: subtitles are small, and a player that has them all can show any. */
export function subtitlesPlaylist(stream: Stream, track: number): string {
  const spans = spansOf(stream, "video");
  const secs = spans.reduce((sum, span) => sum + seconds(span), 0);
  return renderPlaylist({ segments: [{ name: subtitlesName(track, "vtt"), secs }], sequence: 0, longest: secs });
}

/** @param size of the file in bytes */
export function masterOf(stream: Stream, size: number): string {
  const { plan, index, copied } = stream;
  const { track, mode } = plan.video;
  const whole = index.duration ? (size * 8) / Math.max(SHORTEST_SECS, index.duration) : 0;
  const encoded = mode === "encode";
  const average = encoded ? Math.min(whole, stream.bitrate) : whole;
  const peak = encoded ? stream.bitrate : peakRate(copied, index.cut?.container.keyframes.offsets ?? [], size);
  const audios = plan.audio.map((audio) => audio.track);
  const subtitles = subtitlesOf(index.tracks).filter(({ codec }) => subtitleForms(codec).includes("vtt"));
  return renderMaster({
    video: {
      address: playlistName("video"),
      ...(mode === "copy" ? track : encodedSize(track, stream.height)),
      frameRate: track.frameRate,
    },
    audio: audios.map((audio, i) => ({
      ...renditionOf(audio, playlistName(audio.index), defaultOf(audios) === audio, i),
      channels: trackMode(stream, audio.index) === "copy" ? audio.channels : CHANNELS,
    })),
    // Nothing is shown unasked but what the file marks as forced: a viewer who reads Japanese is not asked to turn it off.
    subtitles: subtitles.map((subtitle, i) => ({
      ...renditionOf(subtitle, subtitlesName(subtitle.index, "m3u8"), false, i),
      forced: subtitle.forced,
    })),
    codecs: [videoCodec(stream), ...plan.audio.map((audio) => audioCodec(stream, audio.track.index))],
    bandwidth: Math.max(average, peak),
    averageBandwidth: average,
  });
}

/** The track that plays unless another is chosen: the first that is marked, or the first. */
export const defaultOf = (tracks: readonly AudioTrack[]): AudioTrack | undefined =>
  tracks.find((track) => track.default) ?? tracks[0];

/** What a player is told that it will decode. */
export function videoCodec({ plan, index, height }: Stream): string {
  const { track, mode } = plan.video;
  const copied = mode === "copy" ? index.cut?.facts[track.index] : undefined;
  return copied?.codecString ?? encodedCodec(track, height);
}

export const audioCodec = (stream: Stream, track: number): string =>
  trackMode(stream, track) === "copy" ? (stream.index.cut?.facts[track]?.codecString ?? AAC) : AAC;

/** What an encoder makes. */
const AAC = "mp4a.40.2";

function renditionOf(
  track: AudioTrack | SubtitleTrack,
  address: string,
  isDefault: boolean,
  number: number,
): Rendition {
  const kind = track.type === "audio" ? "Audio" : "Subtitles";
  return {
    address,
    name: quotable(track.title ?? "") || languageName(track.language) || `${kind} ${number + 1}`,
    language: languageTag(track.language),
    default: isDefault,
  };
}

/** What is shorter says nothing of how many bits a second need. */
const SHORTEST_SECS = 0.1;

/** Bits a second of the segment that has the most. */
function peakRate(segments: readonly Segment[], offsets: readonly number[], size: number): number {
  return segments.reduce((most, span) => {
    const bytes = (offsets[span.to] ?? size) - (offsets[span.from] ?? 0);
    return Math.max(most, (bytes * 8) / Math.max(SHORTEST_SECS, seconds(span)));
  }, 0);
}

const seconds = ({ start, end }: Span): number => (end - start) / 1e9;
