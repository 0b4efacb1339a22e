/** ffmpeg's names for the codecs of Matroska. */
import type { TrackType } from "../reader/model.ts";

const EXACT: Record<string, string> = {
  V_AV1: "av1",
  V_VP8: "vp8",
  V_VP9: "vp9",
  V_MPEG1: "mpeg1video",
  V_MPEG2: "mpeg2video",
  "V_MPEG4/ISO/AVC": "h264",
  "V_MPEG4/ISO/SP": "mpeg4",
  "V_MPEG4/ISO/ASP": "mpeg4",
  "V_MPEG4/ISO/AP": "mpeg4",
  "V_MPEG4/MS/V3": "msmpeg4v3",
  "V_MPEGH/ISO/HEVC": "hevc",
  V_MJPEG: "mjpeg",
  V_THEORA: "theora",
  V_PRORES: "prores",
  V_FFV1: "ffv1",
  V_UNCOMPRESSED: "rawvideo",
  "V_REAL/RV10": "rv10",
  "V_REAL/RV20": "rv20",
  "V_REAL/RV30": "rv30",
  "V_REAL/RV40": "rv40",
  A_EAC3: "eac3",
  A_TRUEHD: "truehd",
  A_MLP: "mlp",
  A_FLAC: "flac",
  A_VORBIS: "vorbis",
  "A_MPEG/L1": "mp1",
  "A_MPEG/L2": "mp2",
  "A_MPEG/L3": "mp3",
  A_ALAC: "alac",
  A_WAVPACK4: "wavpack",
  A_TTA1: "tta",
  "S_TEXT/UTF8": "subrip",
  "S_TEXT/ASCII": "text",
  "S_TEXT/ASS": "ass",
  "S_TEXT/SSA": "ass",
  S_ASS: "ass",
  S_SSA: "ass",
  "S_TEXT/WEBVTT": "webvtt",
  S_VOBSUB: "dvd_subtitle",
  S_DVBSUB: "dvb_subtitle",
  "S_HDMV/PGS": "hdmv_pgs_subtitle",
  "S_HDMV/TEXTST": "hdmv_text_subtitle",
};

/** Where what follows only names a variant. */
const PREFIXES: readonly (readonly [string, string])[] = [
  ["A_AAC", "aac"],
  ["A_AC3", "ac3"],
  ["A_DTS", "dts"],
  ["A_OPUS", "opus"],
  ["D_WEBVTT", "webvtt"],
];

/** The four characters in Microsoft's form of a video track (V_MS/VFW/FOURCC), in capitals. */
const FOURCC: Record<string, string> = {
  H264: "h264",
  X264: "h264",
  AVC1: "h264",
  DAVC: "h264",
  HEVC: "hevc",
  XVID: "mpeg4",
  DIVX: "mpeg4",
  DX50: "mpeg4",
  FMP4: "mpeg4",
  MP4V: "mpeg4",
  DIV3: "msmpeg4v3",
  MP43: "msmpeg4v3",
  MP42: "msmpeg4v2",
  MJPG: "mjpeg",
  WMV3: "wmv3",
  WVC1: "vc1",
};

/** The form tag in Microsoft's form of an audio track (A_MS/ACM). */
const FORM_TAG: Record<number, string> = {
  80: "mp2",
  85: "mp3",
  255: "aac",
  353: "wmav2",
  8192: "ac3",
  8193: "dts",
};
const PCM_TAG = 1;

export const VFW = "V_MS/VFW/FOURCC";
export const ACM = "A_MS/ACM";

/**
 * @param codecPrivate tells the codec of Microsoft's forms
 * @param bitDepth tells the kind of PCM
 * @returns `unknown` where there is no name
 */
export function codecName(codecId: string, codecPrivate: Uint8Array, bitDepth: number): string {
  if (codecId === VFW) return FOURCC[fourcc(codecPrivate)] ?? "unknown";
  if (codecId === ACM) return acmName(codecPrivate);
  if (codecId.startsWith("A_PCM/")) return pcmName(codecId, bitDepth);
  if (Object.hasOwn(EXACT, codecId)) return EXACT[codecId]!;
  return PREFIXES.find(([prefix]) => codecId.startsWith(prefix))?.[1] ?? "unknown";
}

/** After 16 bytes of BITMAPINFOHEADER. */
const fourcc = (header: Uint8Array): string => String.fromCharCode(...header.subarray(16, 20)).toUpperCase();

function acmName(header: Uint8Array): string {
  const tag = header[0]! | (header[1]! << 8);
  return tag === PCM_TAG ? pcmName("A_PCM/INT/LIT", header[14]! | (header[15]! << 8)) : (FORM_TAG[tag] ?? "unknown");
}

function pcmName(codecId: string, bitDepth: number): string {
  switch (codecId) {
    case "A_PCM/INT/LIT":
      return bitDepth === 8 ? "pcm_u8" : `pcm_s${bitDepth}le`;
    case "A_PCM/INT/BIG":
      return bitDepth === 8 ? "pcm_u8" : `pcm_s${bitDepth}be`;
    case "A_PCM/FLOAT/IEEE":
      return `pcm_f${bitDepth}le`;
    default:
      return "unknown";
  }
}

/** Kinds of tracks by Matroska's number, and what the name of their codec may begin with, or ffmpeg gives them no stream. */
export const KINDS: ReadonlyMap<number, { type: TrackType | null; prefix: RegExp }> = new Map([
  [1, { type: "video", prefix: /^V/ }],
  [2, { type: "audio", prefix: /^A/ }],
  [0x11, { type: "subtitle", prefix: /^[SD]/ }],
  [0x21, { type: null, prefix: /^[SD]/ }],
]);
