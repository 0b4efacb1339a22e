/** ffprobe's answer as an index. Pure: `ffprobe.ts` asks, this reads. */
import { believable, matroskaLength } from "./length.ts";
import type { MediaIndex } from "./media-index.ts";
import type { Chapter } from "./reader/model.ts";
import type { MediaTrack } from "./track.ts";

/** The part of `ffprobe -of json` that is asked for; every field may be absent. */
interface FfprobeStream {
  index?: number;
  codec_type?: string;
  codec_name?: string;
  profile?: string;
  pix_fmt?: string;
  field_order?: string;
  width?: number;
  height?: number;
  avg_frame_rate?: string;
  r_frame_rate?: string;
  duration?: string;
  channels?: number;
  sample_rate?: string;
  disposition?: Record<string, number>;
  tags?: Record<string, string>;
}
export interface FfprobeAnswer {
  format?: { format_name?: string; start_time?: string; duration?: string };
  streams?: FfprobeStream[];
  chapters?: { start_time?: string; end_time?: string; tags?: Record<string, string> }[];
}

export function readProbe({ format = {}, streams = [], chapters = [] }: FfprobeAnswer): MediaIndex {
  const name = format.format_name ?? "";
  const start = seconds(format.start_time) ?? 0;
  const said = seconds(format.duration);
  return {
    format: name,
    start,
    duration: believable(said !== null && name.startsWith("matroska") ? matroskaLength(start, said, start) : said),
    tracks: streams.map(readTrack).filter((track) => track !== null),
    chapters: chapters.map(readChapter),
    cut: null,
  };
}

function readTrack(stream: FfprobeStream): MediaTrack | null {
  const tag = (name: string) => stream.tags?.[name] ?? stream.tags?.[name.toUpperCase()] ?? null;
  const common = {
    index: stream.index ?? -1,
    codec: stream.codec_name ?? "unknown",
    // Of MP4, ffprobe says also that nothing is said.
    language: tag("language") === "und" ? null : tag("language"),
    title: tag("title"),
    default: stream.disposition?.default === 1,
    forced: stream.disposition?.forced === 1,
  };
  switch (stream.codec_type) {
    case "video":
      if (stream.disposition?.attached_pic || !stream.width || !stream.height) return null;
      return {
        ...common,
        type: "video",
        profile: stream.profile ?? null,
        pixelFormat: stream.pix_fmt ?? null,
        width: stream.width,
        height: stream.height,
        frameRate: steadyRate(stream),
        interlaced: ["tt", "bb", "tb", "bt"].includes(stream.field_order ?? ""),
      };
    case "audio":
      return {
        ...common,
        type: "audio",
        profile: stream.profile ?? null,
        channels: stream.channels ?? 0,
        sampleRate: Number(stream.sample_rate ?? 0),
      };
    case "subtitle":
      return { ...common, type: "subtitle" };
    default:
      return null;
  }
}

const readChapter = ({ start_time, end_time, tags }: NonNullable<FfprobeAnswer["chapters"]>[number]): Chapter => ({
  start: nanoseconds(start_time) ?? 0,
  end: nanoseconds(end_time),
  title: tags?.title ?? "",
});

/** The rate when the container's guess and its average agree within a thousandth. */
function steadyRate({ avg_frame_rate, r_frame_rate }: FfprobeStream): number | null {
  const average = ratio(avg_frame_rate);
  const guess = ratio(r_frame_rate);
  if (!average || !guess) return null;
  return Math.abs(average - guess) <= guess / 1000 ? guess : null;
}

/** `24000/1001`; null for `0/0`. */
function ratio(text: string | undefined): number | null {
  const [above, below] = (text ?? "").split("/").map(Number);
  return above && below ? above / below : null;
}

function seconds(text: string | undefined): number | null {
  const value = Number.parseFloat(text ?? "");
  return Number.isFinite(value) ? value : null;
}

function nanoseconds(text: string | undefined): number | null {
  const value = seconds(text);
  return value === null ? null : Math.round(value * 1e9);
}
