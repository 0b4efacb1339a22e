/** Tracks and frames as a reader would give them. */
import type { Frame, SourceTrack } from "../../../../plugins/hls/reader/model.ts";

const TRACK: SourceTrack = {
  number: 1,
  index: 0,
  type: "video",
  codec: "h264",
  codecPrivate: new Uint8Array(),
  language: null,
  title: null,
  default: true,
  forced: false,
  width: 320,
  height: 180,
  sampleRate: 0,
  channels: 0,
  bitDepth: 0,
  frameDuration: null,
  start: 0,
};

export const track = (change: Partial<SourceTrack> = {}): SourceTrack => ({ ...TRACK, ...change });

export const MS = 1e6;

/** Frames at these milliseconds, in decoding order. */
export const framesAt = (times: readonly number[], data = Uint8Array.of(1)): Frame[] =>
  times.map((time, i) => ({ track: 1, time: time * MS, key: i === 0, data, duration: null }));
