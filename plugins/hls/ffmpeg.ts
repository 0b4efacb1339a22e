/** The command line of ffmpeg for a plan. Pure: `run.ts` runs it. */
import type { AudioPlan, Plan, VideoPlan } from "./plan.ts";
import { INIT } from "./playlist.ts";
import { openArgs } from "./tools.ts";

/** The list as ffmpeg writes it; what players get is made from it once all is checked. */
export const RAW_PLAYLIST = "ffmpeg.m3u8";

/** Sample entries that players expect; Apple takes HEVC under `hvc1` only. */
const TAGS: Record<string, string> = { h264: "avc1", hevc: "hvc1", av1: "av01", vp9: "vp09" };

/** Bits a second for each channel of AAC: 160 kb/s in stereo. */
const AAC_BITRATE = 80_000;

/**
 * Arguments that make a whole rendition in the working directory.
 * @param file absolute path of the source
 * @param segmentSecs `hls.segment_secs`
 */
export function renditionArgs(plan: Plan, file: string, segmentSecs: number): string[] {
  const delay = plan.video.mode === "copy" ? plan.video.delayMs : 0;
  return [
    ...["-nostdin", "-hide_banner", "-v", "error", "-nostats", "-progress", "pipe:1"],
    ...openArgs(file),
    // The picture alone is delayed by opening the file a second time: no filter for packets does it in every ffmpeg.
    ...(delay ? ["-itsoffset", `${whole(delay)}ms`, ...openArgs(file)] : []),
    ...["-map", `${delay ? 1 : 0}:${whole(plan.video.index)}`],
    ...(plan.audio ? ["-map", `0:${whole(plan.audio.index)}`] : []),
    // Nothing of the file but picture and sound: chapters become a data track, and titles may be personal.
    ...["-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"],
    ...videoArgs(plan.video, segmentSecs),
    ...(plan.audio ? audioArgs(plan.audio) : []),
    // FLAC and Opus in MP4 are experimental to ffmpeg 5.
    ...["-strict", "-2"],
    ...["-f", "hls", "-hls_time", `${whole(segmentSecs)}`, "-hls_list_size", "0", "-hls_playlist_type", "vod"],
    // Segments carry the time they have on the common clock. Otherwise each track begins at zero with its lateness in an
    // edit list, which Chromium passes over.
    ...["-hls_segment_options", "movflags=+frag_discont"],
    ...["-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", INIT, "-hls_segment_filename", "seg_%d.m4s"],
    RAW_PLAYLIST,
  ];
}

function videoArgs(video: VideoPlan, segmentSecs: number): string[] {
  if (video.mode === "copy") return ["-c:v", "copy", "-tag:v", TAGS[video.codec] ?? "avc1"];
  const filters = [
    ...(video.deinterlace ? ["yadif=deint=interlaced"] : []),
    // Half the colour samples in each direction: neither side can be odd.
    ...(video.evenSize ? ["scale=trunc(iw/2)*2:trunc(ih/2)*2"] : []),
    "format=yuv420p",
  ].join(",");
  return [
    ...["-filter:v", filters, "-c:v", "libx264", "-preset", "veryfast", "-crf", "21", "-profile:v", "high"],
    // A picture keeps its time; only one that comes at the time of another is dropped (packed B-frames in AVI).
    ...["-fps_mode", "vfr", "-enc_time_base", "1:90000"],
    ...["-sc_threshold", "0", "-force_key_frames", `expr:gte(t,n_forced*${whole(segmentSecs)})`],
  ];
}

function audioArgs(audio: AudioPlan): string[] {
  // Transport streams carry AAC with a header at every frame; the filter lets all other AAC pass.
  if (audio.mode === "copy") return ["-c:a", "copy", ...(audio.codec === "aac" ? ["-bsf:a", "aac_adtstoasc"] : [])];
  const { channels, sampleRate } = audio;
  return [
    ...["-c:a", "aac", "-b:a", `${AAC_BITRATE * whole(channels)}`, "-ac", `${channels}`, "-ar", `${whole(sampleRate)}`],
    // Gaps become silence, also one at the begin, so that sound and picture stay together.
    ...["-filter:a", "aresample=async=1:first_pts=0"],
  ];
}

/** Numbers only, whatever came here (HARDENING S17). */
function whole(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a whole number: ${value}`);
  return value;
}
