/** What a file holds, as far as playing it is concerned. Pure: `ffprobe.ts` asks, this reads the answer. */

export interface Track {
  /** ffmpeg's stream number, for `-map 0:index`. */
  index: number;
  /** ffmpeg's name of it: `h264`, `aac`, `ass`. */
  codec: string;
  /** ISO 639-2 as the file says it. */
  language: string | null;
  title: string | null;
  default: boolean;
  forced: boolean;
  /** Seconds on the container's clock; null when the container does not say. */
  start: number | null;
  /** Seconds from its first to its last frame; null when the container does not say. */
  duration: number | null;
}

export interface VideoTrack extends Track {
  type: "video";
  profile: string | null;
  /** ffmpeg's name: `yuv420p`, `yuv420p10le`. */
  pixelFormat: string | null;
  width: number;
  height: number;
  /** Frames a second; null when it varies or is not known. */
  frameRate: number | null;
  interlaced: boolean;
  /** Seconds of one tick of the container's clock: 0.001 in Matroska. */
  tick: number;
}

export interface AudioTrack extends Track {
  type: "audio";
  profile: string | null;
  /** 0 when not known. */
  channels: number;
  /** Hz; 0 when not known. */
  sampleRate: number;
}

export interface SubtitleTrack extends Track {
  type: "subtitle";
}

export interface Probe {
  /** ffmpeg's demuxer: `matroska,webm`. */
  container: string;
  /** Seconds on the container's clock at which the first track begins. */
  start: number;
  /** Seconds of the longest track, whichever that is; null when the container does not say. */
  duration: number | null;
  /** Covers and other still pictures are not among them. */
  video: VideoTrack[];
  audio: AudioTrack[];
  subtitles: SubtitleTrack[];
}

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
  time_base?: string;
  start_time?: string;
  duration?: string;
  channels?: number;
  sample_rate?: string;
  disposition?: Record<string, number>;
  tags?: Record<string, string>;
}
export interface FfprobeAnswer {
  format?: { format_name?: string; start_time?: string; duration?: string };
  streams?: FfprobeStream[];
}

export function readProbe({ format = {}, streams = [] }: FfprobeAnswer): Probe {
  const container = format.format_name ?? "";
  const matroska = container.startsWith("matroska");
  const tracks = (type: string) => streams.filter((stream) => stream.codec_type === type);
  const common = (stream: FfprobeStream) => readTrack(stream, matroska);
  return {
    container,
    start: seconds(format.start_time) ?? 0,
    duration: seconds(format.duration),
    video: tracks("video")
      .filter((stream) => !stream.disposition?.attached_pic && stream.width && stream.height)
      .map((stream) => ({
        ...common(stream),
        type: "video" as const,
        profile: stream.profile ?? null,
        pixelFormat: stream.pix_fmt ?? null,
        width: stream.width ?? 0,
        height: stream.height ?? 0,
        frameRate: steadyRate(stream),
        interlaced: ["tt", "bb", "tb", "bt"].includes(stream.field_order ?? ""),
        tick: ratio(stream.time_base) ?? 0,
      })),
    audio: tracks("audio").map((stream) => ({
      ...common(stream),
      type: "audio" as const,
      profile: stream.profile ?? null,
      channels: stream.channels ?? 0,
      sampleRate: Number(stream.sample_rate ?? 0),
    })),
    subtitles: tracks("subtitle").map((stream) => ({ ...common(stream), type: "subtitle" as const })),
  };
}

function readTrack(stream: FfprobeStream, matroska: boolean): Track {
  const tag = (name: string) => stream.tags?.[name] ?? stream.tags?.[name.toUpperCase()] ?? null;
  const start = seconds(stream.start_time);
  return {
    index: stream.index ?? -1,
    codec: stream.codec_name ?? "unknown",
    language: tag("language"),
    title: tag("title"),
    default: stream.disposition?.default === 1,
    forced: stream.disposition?.forced === 1,
    start,
    // Matroska keeps a track's length in a tag (older mkvmerge: in one marked English), which ffmpeg writes as the time of
    // its end. What ffprobe calls the duration of a Matroska track is sometimes the file's.
    duration: matroska ? spanOf(clock(tag("DURATION") ?? tag("DURATION-eng")), start) : seconds(stream.duration),
  };
}

const spanOf = (end: number | null, start: number | null): number | null =>
  end === null ? null : end - Math.max(0, Math.min(start ?? 0, end));

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

/** `00:23:40.125000000` in seconds. */
function clock(text: string | null): number | null {
  const [, hours, minutes, secs] = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text ?? "") ?? [];
  return hours === undefined ? null : Number(hours) * 3600 + Number(minutes) * 60 + Number(secs);
}
