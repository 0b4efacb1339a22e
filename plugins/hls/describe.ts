/** What our own readers found, in the words that people and ffmpeg have for it. Pure. */
import { audioFacts, videoFacts } from "./codec/facts.ts";
import { rateOf } from "./copy/cadence.ts";
import { believable, matroskaLength } from "./length.ts";
import type { Cut, MediaIndex } from "./media-index.ts";
import type { AudioFacts, VideoFacts } from "./reader/facts.ts";
import type { ContainerIndex, SourceTrack } from "./reader/model.ts";
import type { MediaTrack } from "./track.ts";

/** What ffmpeg calls the formats of our readers. */
const FORMATS = { matroska: "matroska,webm", mp4: "mov,mp4,m4a,3gp,3g2,mj2" } as const;

/** @param picture the track that `firstFrame` is of: the others are not copied */
export function factsOf(
  tracks: readonly SourceTrack[],
  picture: SourceTrack,
  firstFrame: Uint8Array | null,
): Cut["facts"] {
  const facts: Cut["facts"] = {};
  for (const track of tracks) {
    const found = track === picture ? videoFacts(track, firstFrame) : track.type === "audio" ? audioFacts(track) : null;
    if (found) facts[track.index] = found;
  }
  return facts;
}

export function indexFrom(container: ContainerIndex, found: Omit<Cut, "container">): MediaIndex {
  const { format, tracks, chapters } = container;
  const starts = tracks.flatMap(({ type, start }) => (type === "subtitle" || start === null ? [] : [start]));
  const start = (starts.length > 0 ? Math.min(...starts) : 0) / 1e9;
  return {
    format: FORMATS[format],
    start,
    duration: believable(lengthOf(container, start)),
    tracks: tracks
      .filter((track) => !isCover(track, container))
      .map((track) => describe(track, found.facts[track.index])),
    chapters,
    cut: { container, ...found },
  };
}

function lengthOf({ format, duration, keyframes }: ContainerIndex, start: number): number {
  const secs = duration / 1e9;
  return format === "matroska" ? matroskaLength(start, secs, (keyframes.times.at(-1) ?? 0) / 1e9) : secs - start;
}

/** Pictures that stand still, which some programs store as tracks. */
const COVERS = ["mjpeg", "png", "bmp"];

const isCover = ({ type, number, codec }: SourceTrack, { video }: ContainerIndex): boolean =>
  type === "video" && number !== video && COVERS.includes(codec);

function describe(track: SourceTrack, facts: VideoFacts | AudioFacts | undefined): MediaTrack {
  const { index, codec, language, title, forced } = track;
  const common = { index, codec, language, title, default: track.default, forced };
  switch (track.type) {
    case "video": {
      const { profile, pixelFormat, interlaced } = facts?.type === "video" ? facts : UNKNOWN;
      const { width, height, frameDuration } = track;
      return {
        ...common,
        type: "video",
        profile,
        pixelFormat,
        width,
        height,
        interlaced,
        frameRate: frameDuration ? rateOf(frameDuration) : null,
      };
    }
    case "audio": {
      const { profile, channels, sampleRate } = facts?.type === "audio" ? facts : { ...track, profile: null };
      return { ...common, type: "audio", profile, channels, sampleRate };
    }
    case "subtitle":
      return { ...common, type: "subtitle" };
  }
}

const UNKNOWN = { profile: null, pixelFormat: null, interlaced: false };
