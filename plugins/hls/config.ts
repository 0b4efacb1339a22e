/** `[hls]`, and the one key that it adds to `[server]`. */
import { type Static, Type } from "typebox";
import { integer, text, toggle } from "../../src/lib/setting.ts";

export const hlsConfig = Type.Object({
  ffmpeg_path: text({
    env: "ANICARGO_FFMPEG_PATH",
    default: "ffmpeg",
    minLength: 1,
    description: "The ffmpeg program; ffprobe is looked for beside it, then on PATH",
    path: "program",
  }),
  segment_secs: integer({
    env: "ANICARGO_HLS_SEGMENT_SECS",
    default: 6,
    minimum: 1,
    maximum: 60,
    description: "Target length of a segment in seconds",
  }),
  playlist_len: integer({
    env: "ANICARGO_HLS_PLAYLIST_LEN",
    default: 0,
    minimum: 0,
    maximum: 1_000_000,
    description: "Segments in the playlist: 0 lists every one, N keeps the last N",
  }),
  lock_timeout_secs: integer({
    env: "ANICARGO_HLS_LOCK_TIMEOUT_SECS",
    default: 3600,
    minimum: 1,
    maximum: 2_147_483,
    description: "Age in seconds after which a left-over generation lock is stale",
  }),
  transcode: toggle({
    env: "ANICARGO_HLS_TRANSCODE",
    default: false,
    description: "true forces H.264 and AAC, false copies what a player can take",
  }),
  max_hls_concurrency: integer({
    section: "server",
    env: "ANICARGO_MAX_HLS_CONCURRENCY",
    default: 2,
    minimum: 1,
    maximum: 64,
    description: "ffmpeg processes at once",
  }),
});

export type HlsConfig = Static<typeof hlsConfig>;
