/** Indexes of media files that never were, for what is worked out from an index alone. */
import { Value } from "typebox/value";
import { EVERY_PLAYER } from "../../../plugins/hls/capabilities.ts";
import { type HlsConfig, hlsConfig } from "../../../plugins/hls/config.ts";
import type { Cut, MediaIndex } from "../../../plugins/hls/media-index.ts";
import type { AudioFacts, VideoFacts } from "../../../plugins/hls/reader/facts.ts";
import type { ContainerIndex, SourceTrack } from "../../../plugins/hls/reader/model.ts";
import { streamOf } from "../../../plugins/hls/stream.ts";
import type { AudioTrack, MediaTrack, SubtitleTrack, VideoTrack } from "../../../plugins/hls/track.ts";

const common = { language: null, title: null, default: false, forced: false };

export const videoTrack = (rest: Partial<VideoTrack> = {}): VideoTrack => ({
  ...common,
  ...{ type: "video", index: 0, codec: "h264", profile: "High", pixelFormat: "yuv420p", width: 1920, height: 1080 },
  ...{ frameRate: 24_000 / 1001, interlaced: false },
  ...rest,
});

export const audioTrack = (rest: Partial<AudioTrack> = {}): AudioTrack => ({
  ...common,
  ...{ type: "audio", index: 1, codec: "aac", profile: "LC", channels: 2, sampleRate: 48_000 },
  ...rest,
});

export const subtitleTrack = (rest: Partial<SubtitleTrack> = {}): SubtitleTrack => ({
  ...common,
  ...{ type: "subtitle", index: 2, codec: "ass" },
  ...rest,
});

export const sourceTrack = (rest: Partial<SourceTrack> = {}): SourceTrack => ({
  ...common,
  ...{ number: 1, index: 0, type: "video", codec: "h264", codecPrivate: new Uint8Array([1, 100, 0, 40]) },
  ...{ width: 1920, height: 1080, sampleRate: 0, channels: 0, bitDepth: 8, frameDuration: 41_708_333, start: 0 },
  ...rest,
});

/** A keyframe every two seconds, of a megabyte each. */
export const containerIndex = (rest: Partial<ContainerIndex> = {}): ContainerIndex => ({
  ...{ format: "matroska", duration: 20e9, tracks: [sourceTrack()], video: 1, subtitleBlocks: {} },
  keyframes: {
    times: Array.from({ length: 10 }, (_, i) => i * 2e9),
    offsets: Array.from({ length: 10 }, (_, i) => i * 1e6),
  },
  ...{ attachments: [], chapters: [], obstacle: null },
  ...rest,
});

const videoFacts: VideoFacts = {
  ...{ type: "video", codecString: "avc1.640028", profile: "High", pixelFormat: "yuv420p" },
  ...{ bitDepth: 8, interlaced: false },
};
const audioFacts: AudioFacts = {
  ...{ type: "audio", codecString: "mp4a.40.2", profile: "LC", sampleRate: 48_000, channels: 2, frameSamples: 1024 },
};

/** As our own reader would give it: all tracks can be cut. */
export function mediaIndex(
  tracks: MediaTrack[] = [videoTrack(), audioTrack()],
  rest: Partial<MediaIndex> = {},
  cut: Partial<Cut> = {},
): MediaIndex {
  const facts = Object.fromEntries(
    tracks.flatMap(({ index, type }) =>
      type === "subtitle" ? [] : [[index, type === "video" ? videoFacts : { ...audioFacts }]],
    ),
  );
  return {
    ...{ format: "matroska,webm", start: 0, duration: 20, tracks, chapters: [] },
    cut: { container: containerIndex(), facts, delay: 0, randomAccess: true, ...cut },
    ...rest,
  };
}

/** As a player gets it; segments are of two seconds. */
export const stream = (index: MediaIndex, capabilities = EVERY_PLAYER, config: Partial<HlsConfig> = {}) =>
  streamOf("version", "file", index, capabilities, settings(config));

export const settings = (config: Partial<HlsConfig> = {}): HlsConfig => ({
  ...Value.Create(hlsConfig),
  segment_secs: 2,
  ...config,
});
