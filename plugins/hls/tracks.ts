/** A file's tracks as the API shows them. */
import type { Json } from "../../src/plugin.ts";
import type { AudioTrack, Probe, SubtitleTrack, VideoTrack } from "./probe.ts";

export const describeTracks = ({ video, audio, subtitles }: Probe): Json[] =>
  [...video, ...audio, ...subtitles].sort((a, b) => a.index - b.index).map(describeTrack);

function describeTrack(track: VideoTrack | AudioTrack | SubtitleTrack): Json {
  const { type, index, codec, language, title, forced } = track;
  return { index, type, codec, language, title, default: track.default, forced, ...details(track) };
}

function details(track: VideoTrack | AudioTrack | SubtitleTrack): Record<string, Json> {
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
