/** Frames of a subtitle track, as a reader would give them. */
import type { Frame, SourceTrack } from "../../../../plugins/hls/reader/model.ts";

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (made: Uint8Array): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(made);

/** @param from and @param to seconds; no `to` means that the file does not say */
export const line = (from: number, to: number | null, data: string | Uint8Array): Frame => ({
  track: 3,
  time: Math.round(from * 1e9),
  duration: to === null ? null : Math.round((to - from) * 1e9),
  key: true,
  data: typeof data === "string" ? bytes(data) : data,
});

export const track = (codec: string, head: string | Uint8Array = ""): SourceTrack => ({
  number: 3,
  index: 2,
  type: "subtitle",
  codec,
  codecPrivate: typeof head === "string" ? bytes(head) : head,
  language: null,
  title: null,
  default: false,
  forced: false,
  width: 0,
  height: 0,
  sampleRate: 0,
  channels: 0,
  bitDepth: 0,
  frameDuration: null,
  start: null,
});

export const HEAD = `[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, Bold, Italic, Underline, Alignment
Style: Default,Arial,20,0,0,0,2
Style: Sign,Arial,20,-1,0,0,8
Style: *Thought,Arial,20,0,-1,-1,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
`;
