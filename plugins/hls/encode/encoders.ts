/** The encoders of H.264 that ffmpeg may have, as arguments. Pure. */
import type { HlsConfig } from "../config.ts";

export type EncoderName = "software" | "vaapi" | "qsv" | "nvenc" | "v4l2m2m";
export type PictureSettings = Pick<HlsConfig, "transcode_preset" | "transcode_height" | "transcode_bitrate">;

export interface Encoder {
  name: EncoderName;
  /** Before the input. */
  device: readonly string[];
  /** The end of the chain of filters: in which form it takes pictures. */
  upload: string;
  args(settings: PictureSettings): string[];
}

/** Looks like the source on a screen; the bitrate ends what would be too large for a network. */
const QUALITY = "23";

const limit = ({ transcode_bitrate }: PictureSettings): string[] => [
  ...["-maxrate", `${transcode_bitrate}k`, "-bufsize", `${2 * transcode_bitrate}k`],
];

export const ENCODERS: Record<EncoderName, Encoder> = {
  software: {
    name: "software",
    device: [],
    upload: "format=yuv420p",
    args: (settings) => [
      ...["-c:v", "libx264", "-preset", settings.transcode_preset, "-crf", QUALITY, ...limit(settings)],
      ...["-profile:v", "high", "-sc_threshold", "0"],
    ],
  },
  vaapi: {
    name: "vaapi",
    device: ["-vaapi_device", "/dev/dri/renderD128"],
    upload: "format=nv12,hwupload",
    args: (settings) => [
      ...["-c:v", "h264_vaapi", "-profile:v", "high", "-rc_mode", "VBR"],
      ...["-b:v", `${Math.round(0.7 * settings.transcode_bitrate)}k`, ...limit(settings)],
    ],
  },
  qsv: {
    name: "qsv",
    device: ["-init_hw_device", "qsv=hw"],
    upload: "format=nv12",
    args: (settings) => [
      ...["-c:v", "h264_qsv", "-preset", "veryfast", "-profile:v", "high", "-forced_idr", "1"],
      ...["-b:v", `${Math.round(0.7 * settings.transcode_bitrate)}k`, ...limit(settings)],
    ],
  },
  nvenc: {
    name: "nvenc",
    device: [],
    upload: "format=yuv420p",
    args: (settings) => [
      ...["-c:v", "h264_nvenc", "-profile:v", "high", "-forced-idr", "1", "-no-scenecut", "1"],
      ...["-rc", "vbr", "-cq", QUALITY, "-b:v", "0", ...limit(settings)],
    ],
  },
  v4l2m2m: {
    name: "v4l2m2m",
    device: [],
    upload: "format=yuv420p",
    // It knows neither profiles nor limits.
    args: ({ transcode_bitrate }) => ["-c:v", "h264_v4l2m2m", "-b:v", `${transcode_bitrate}k`],
  },
};

/** What stands before the output, whichever encoder: keyframes where they are told, and nowhere else. */
export const keyframeArgs = (times: readonly string[]): string[] => [
  ...["-g", "9999", "-force_key_frames", times.join(",")],
];

/**
 * Matroska as it comes: each frame is written at once, not when a cluster of them is full.
 * A picture keeps its time; only one that comes at the time of another is dropped (packed B-frames in AVI).
 */
export const PICTURE_OUTPUT: readonly string[] = [
  ...["-fps_mode", "vfr", "-enc_time_base", "1:90000"],
  ...["-f", "matroska", "-flush_packets", "1", "-cluster_time_limit", "0", "-cluster_size_limit", "1", "pipe:1"],
];
