/** The two programs that this plugin drives, and what every call of them has in common. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { Unavailable } from "../../src/plugin.ts";

export interface Tools {
  /** Absolute paths. */
  ffmpeg: string;
  ffprobe: string;
}

/**
 * Demuxers for the extensions that the library takes. Everything else stays shut, however a file is named: a playlist
 * inside `x.mkv` would make ffmpeg open other files and addresses (HARDENING S8 to S11).
 */
const DEMUXERS = "matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,avi,mpegts,mpeg,asf,flv,rm,ogg";

/**
 * The arguments that open a media file, for ffmpeg and ffprobe alike.
 * @param file an absolute path; with `file:` before it, no character in it means anything (HARDENING S14)
 */
export const openArgs = (file: string): string[] => [
  ...["-protocol_whitelist", "file", "-format_whitelist", DEMUXERS],
  ...["-i", `file:${file}`],
];

/** One of them is not there; the message names the key to set. */
export class ToolMissing extends Unavailable {}

/**
 * Finds ffmpeg, and ffprobe beside it or else on PATH.
 * @param program `hls.ffmpeg_path`: a name to look up or an absolute path
 * @throws ToolMissing
 */
export function findTools(program: string): Tools {
  const ffmpeg = Bun.which(program);
  if (!ffmpeg) throw new ToolMissing("ffmpeg not found: install it, or set hls.ffmpeg_path to where it is");
  const beside = join(dirname(ffmpeg), "ffprobe");
  const ffprobe = existsSync(beside) ? beside : Bun.which("ffprobe");
  if (!ffprobe) throw new ToolMissing("ffprobe not found: it belongs beside ffmpeg, see hls.ffmpeg_path");
  return { ffmpeg, ffprobe };
}
