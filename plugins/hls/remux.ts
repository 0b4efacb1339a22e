/** The command line of ffmpeg that copies a file our readers do not take into one they do. Pure. */
import { SOURCE } from "./cache-names.ts";
import type { MediaIndex } from "./media-index.ts";
import { openArgs } from "./tools.ts";
import { audiosOf, subtitlesOf, videosOf } from "./track.ts";

/** Sound that Matroska has no name for, as Blu-ray discs and camcorders have it. */
const NAMELESS = ["pcm_bluray", "pcm_dvd", "s302m"];
/** Subtitles that Matroska takes as they are. */
const SUBTITLES = ["ass", "ssa", "subrip", "webvtt", "hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle"];

/**
 * Arguments that make {@link SOURCE} in the working directory.
 * @param file absolute path of the source
 */
export function remuxArgs(index: MediaIndex, file: string): string[] {
  const subtitles = subtitlesOf(index.tracks).filter(({ codec }) => SUBTITLES.includes(codec));
  const tracks = [...videosOf(index.tracks).slice(0, 1), ...audiosOf(index.tracks), ...subtitles];
  return [
    ...["-nostdin", "-hide_banner", "-v", "error", "-nostats", "-progress", "pipe:1"],
    // What is damaged is passed over, as a player would.
    ...["-fflags", "+genpts+discardcorrupt", "-err_detect", "ignore_err"],
    ...openArgs(file),
    ...tracks.flatMap((track) => ["-map", `0:${track.index}`]),
    // Fonts.
    ...["-map", "0:t?", "-c", "copy"],
    ...audiosOf(index.tracks).flatMap(({ codec }, i) => (NAMELESS.includes(codec) ? [`-c:a:${i}`, "flac"] : [])),
    // Transport streams carry AAC with a header at every frame; the filter lets all other AAC pass.
    ...audiosOf(index.tracks).flatMap(({ codec }, i) => (codec === "aac" ? [`-bsf:a:${i}`, "aac_adtstoasc"] : [])),
    ...["-f", "matroska", SOURCE],
  ];
}
