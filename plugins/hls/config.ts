/** `[hls]`, and the one key that it adds to `[server]`. */
import { type Static, Type } from "typebox";
import { choice, integer, text, toggle } from "../../src/lib/setting.ts";

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
  on_demand: toggle({
    env: "ANICARGO_HLS_ON_DEMAND",
    default: true,
    description: "true plays at once, false first makes a whole rendition on disk",
  }),
  cache_size: integer({
    env: "ANICARGO_HLS_CACHE_SIZE",
    default: 20,
    minimum: 0,
    maximum: 1_000_000,
    description: "GiB that renditions may take in the cache folder, the longest unused go first; 0 sets no limit",
  }),
  transcode_preset: choice(
    ["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"],
    {
      env: "ANICARGO_HLS_TRANSCODE_PRESET",
      default: "superfast",
      description: "The preset of libx264: slower ones look better for the same bitrate",
    },
  ),
  transcode_height: integer({
    env: "ANICARGO_HLS_TRANSCODE_HEIGHT",
    default: 1080,
    minimum: 0,
    maximum: 4320,
    description: "Taller pictures are made this many lines high when they are transcoded; 0 keeps every size",
  }),
  transcode_bitrate: integer({
    env: "ANICARGO_HLS_TRANSCODE_BITRATE",
    default: 6000,
    minimum: 100,
    maximum: 200_000,
    description: "Upper limit of a transcoded picture's bitrate in kbit/s",
  }),
  hardware_encoder: choice(["none", "auto", "vaapi", "qsv", "nvenc", "v4l2m2m"], {
    env: "ANICARGO_HLS_HARDWARE_ENCODER",
    default: "none",
    description: "What encodes H.264 instead of libx264; auto tries all, and one that fails falls back to libx264",
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
