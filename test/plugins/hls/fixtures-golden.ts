/**
 * Files of all that is copied, twenty seconds each: every codec, by ffmpeg and by mkvmerge, and all the ways in which a file can be
 * harder to cut than it looks. Picture and sound change all the time, so that a frame in a wrong place is seen.
 */
import { dirname, join } from "node:path";
import { ffmpeg, newFolder } from "./fixtures.ts";

export const GOLDEN_SECS = 20;

const picture = (rate: string) => ["-f", "lavfi", "-i", `testsrc2=s=160x90:r=${rate}:d=${GOLDEN_SECS}`];
/** Each channel sweeps from a tone of its own. @param secs of it */
const sound = (channels = 2, rate = 48_000, secs = GOLDEN_SECS) => {
  const sweeps = Array.from({ length: channels }, (_, i) => `0.3*sin((${1257 + 565 * i}+251*t)*t)`);
  const layout = { 1: "mono", 2: "stereo", 6: "5.1" }[channels];
  return ["-f", "lavfi", "-i", `aevalsrc=exprs=${sweeps.join("|")}:c=${layout}:s=${rate}:d=${secs}`];
};

const x264 = (params = "") => [
  ...["-c:v", "libx264", "-preset", "veryfast", "-g", "48", "-bf", "5", "-b_strategy", "2"],
  ...["-x264-params", `b-pyramid=normal:threads=1${params}`],
];
const x265 = (params = "") => [
  ...["-c:v", "libx265", "-preset", "superfast", "-g", "48", "-pix_fmt", "yuv420p10le"],
  ...["-x265-params", `log-level=error:pools=none:frame-threads=1:bframes=4:b-pyramid=1${params}`],
];
const av1 = ["-c:v", "libsvtav1", "-preset", "12", "-g", "48", "-pix_fmt", "yuv420p10le"];
const vp9 = ["-c:v", "libvpx-vp9", "-deadline", "good", "-cpu-used", "8", "-g", "24", "-auto-alt-ref", "1"];
const vfr = ["-vf", "select='not(mod(n,7))+gt(mod(n,50),20)'", "-fps_mode", "vfr"];
const aac = ["-c:a", "aac"];
const flac = ["-c:a", "flac"];
const opus = ["-c:a", "libopus"];
const copy = ["-map", "0", "-c", "copy", "-strict", "-2"];
/** Takes 4 seconds and a bit out of the sound. */
const gap = ["-bsf:a", "noise=drop=between(pts*tb\\,5.05\\,9.4)"];

interface Recipe {
  by: "ffmpeg" | "mkvmerge";
  /** Another of these, which is then only packed anew. */
  from?: string;
  args: string[];
}
const encoded = (...args: string[]): Recipe => ({ by: "ffmpeg", args });
const copied = (from: string, ...args: string[]): Recipe => ({ by: "ffmpeg", from, args: [...copy, ...args] });
const merged = (from: string, ...args: string[]): Recipe => ({ by: "mkvmerge", from, args });

const RECIPES = {
  "h264-aac.mkv": encoded(...picture("24000/1001"), ...sound(), ...x264(), ...aac),
  "hi10p-flac.mkv": encoded(...picture("24000/1001"), ...sound(), ...x264(), "-pix_fmt", "yuv420p10le", ...flac),
  "hevc-aac51.mkv": encoded(...picture("25"), ...sound(6), ...x265(":open-gop=0"), ...aac),
  "hevc-open-gop-aac.mkv": encoded(...picture("24000/1001"), ...sound(2, 44_100), ...x265(":open-gop=1"), ...aac),
  "h264-open-gop-flac24.mkv": encoded(
    ...[...picture("30000/1001"), ...sound(2, 96_000), ...x264(":open-gop=1"), ...flac],
    ...["-sample_fmt", "s32", "-bits_per_raw_sample", "24"],
  ),
  "av1-opus.mkv": encoded(...picture("24000/1001"), ...sound(), ...av1, ...opus),
  "vp9-opus51.webm": encoded(...picture("12"), ...sound(6), ...vp9, ...opus, "-mapping_family", "1"),
  "vfr-opus.mkv": encoded(...picture("60"), ...sound(1), ...vfr, ...x264(), ...opus, "-frame_duration", "60"),
  "two-sounds.mkv": encoded(
    ...[...picture("50"), ...sound(1), ...sound(2, 44_100), "-map", "0", "-map", "1", "-map", "2"],
    ...[...x264(), "-c:a:0", "flac", "-c:a:1", "aac", "-aac_coder", "fast"],
  ),
  "late-picture.mkv": encoded("-itsoffset", "3.3", ...picture("25"), ...sound(), ...x264(), ...aac),
  "late-sound.mkv": encoded(...picture("25"), "-itsoffset", "6.1", ...sound(2, 48_000, 10), ...x264(), ...flac),
  "late-both.mkv": copied("h264-aac.mkv", "-output_ts_offset", "3600"),
  "gap-aac.mkv": copied("h264-aac.mkv", ...gap),
  "gap-flac.mkv": copied("hi10p-flac.mkv", ...gap),
  "gap-opus51.mkv": copied("vp9-opus51.webm", ...gap),
  // Clusters of unknown size, and nothing that says where they are.
  "live.mkv": copied("h264-aac.mkv", "-live", "1"),
  "long-clusters.mkv": copied("hi10p-flac.mkv", "-cluster_time_limit", "30000", "-cluster_size_limit", "50000000"),

  "h264-aac.merged.mkv": merged("h264-aac.mkv"),
  "hi10p-flac.merged.mkv": merged("hi10p-flac.mkv"),
  "hevc-aac51.merged.mkv": merged("hevc-aac51.mkv"),
  "hevc-open-gop-aac.merged.mkv": merged("hevc-open-gop-aac.mkv"),
  "h264-open-gop-flac24.merged.mkv": merged("h264-open-gop-flac24.mkv"),
  "av1-opus.merged.mkv": merged("av1-opus.mkv"),
  "vp9-opus51.merged.webm": merged("vp9-opus51.webm", "--webm"),
  "vfr-opus.merged.mkv": merged("vfr-opus.mkv"),
  "two-sounds.merged.mkv": merged("two-sounds.mkv"),
  "laced-xiph.mkv": merged("h264-aac.mkv", "--engage", "lacing_xiph"),
  "laced-ebml.mkv": merged("h264-aac.mkv", "--engage", "lacing_ebml"),
  "zlib.mkv": merged("h264-aac.mkv", "--compression", "-1:zlib"),
  "no-cues.mkv": merged("h264-aac.mkv", "--no-cues", "--engage", "no_simpleblocks", "--enable-durations"),
  "microseconds.mkv": merged("h264-aac.mkv", "--timestamp-scale", "1000", "--disable-lacing"),
  "small-clusters.mkv": merged("h264-aac.mkv", "--cluster-length", "3", "--cues", "0:all"),
  "shifted.mkv": merged("h264-aac.mkv", "--sync", "1:137"),

  "h264-aac.mp4": encoded(...picture("24000/1001"), ...sound(), ...x264(), ...aac),
  "hevc-open-gop-aac.mp4": copied("hevc-open-gop-aac.mkv", "-tag:v", "hvc1"),
  "h264-open-gop-flac24.mp4": copied("h264-open-gop-flac24.mkv"),
  "av1-opus.mp4": copied("av1-opus.mkv"),
  "vp9-opus51.mp4": copied("vp9-opus51.webm"),
  "vfr-opus.mp4": copied("vfr-opus.mkv"),
  "two-sounds.mp4": copied("two-sounds.mkv"),
  "fragmented.mp4": copied("h264-aac.mkv", "-movflags", "frag_keyframe+delay_moov+default_base_moof"),
  "late-sound.mp4": copied("late-sound.mkv"),
  "h264-aac.mov": copied("h264-aac.mkv"),
} satisfies Record<string, Recipe>;

export type GoldenName = keyof typeof RECIPES;
export const GOLDEN_NAMES = Object.keys(RECIPES) as GoldenName[];

const made = new Map<string, Promise<string>>();
let folder: string | undefined;

/** @returns the absolute path of the file, which is made when it is first asked for; not to be changed */
export function golden(name: GoldenName): Promise<string> {
  const making = made.get(name) ?? make(name, RECIPES[name]);
  made.set(name, making);
  return making;
}

async function make(name: GoldenName, { by, from, args }: Recipe): Promise<string> {
  folder ??= newFolder();
  const path = join(folder, name);
  const source = from ? [await golden(from as GoldenName)] : [];
  if (by === "mkvmerge") await mkvmerge(...args, "-o", path, ...source);
  else await ffmpeg(...source.flatMap((file) => ["-i", file]), ...args, path);
  return path;
}

/** Runs mkvmerge and throws what it said when it fails. */
export async function mkvmerge(...args: string[]): Promise<void> {
  const output = args[args.indexOf("-o") + 1] ?? "";
  const child = Bun.spawn(["mkvmerge", "--quiet", ...args], { stdout: "pipe", stderr: "pipe", cwd: dirname(output) });
  const [said, code] = await Promise.all([child.stdout.text(), child.exited]);
  // 1 means that there were warnings.
  if (code > 1) throw new Error(`mkvmerge ${args.join(" ")}\n${said}`);
}
