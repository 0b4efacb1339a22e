/** ffmpeg doing the same work, for the column beside ours. */
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Span } from "./cutters.ts";

/** Milliseconds that a program takes; throws what it said when it fails. */
export async function timed(command: readonly string[], cwd?: string): Promise<number> {
  const began = performance.now();
  const child = Bun.spawn([...command], { cwd, stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  const [said, code] = await Promise.all([child.stderr.text(), child.exited]);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}: ${said}`);
  return performance.now() - began;
}

/** The system forgets what it has read of the file. */
export async function makeCold(file: string): Promise<void> {
  await timed(["dd", `if=${file}`, "iflag=nocache", "count=0", "of=/dev/null", "status=none"]);
}

/** Runs `use` in a folder that is gone afterwards. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "anicargo-bench-cut-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Bytes of all files in a folder. */
export async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name)));
  return (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0);
}

/** Seconds of each keyframe, as ffprobe finds them: it reads the whole file. */
export const KEYFRAMES = (file: string): string[] => [
  ...["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "packet=pts_time,flags", "-of", "csv=p=0"],
  file,
];

/** Command A of STREAMING: one exact segment. */
export function segmentCommand(file: string, before: Span, wanted: Span, after: Span): string[] {
  return [
    ...["ffmpeg", "-nostdin", "-v", "error", "-noaccurate_seek", "-ss", `${(before.start + wanted.start) / 2}`],
    ...["-to", `${after.start + (wanted.start - before.start) / 2}`, "-fflags", "+genpts", "-i", file],
    ...["-copyts", "-muxdelay", "0", "-start_at_zero", "-map", "0:v:0", "-map", "0:a:0", "-c", "copy"],
    ...["-f", "segment", "-segment_format", "mpegts", "-segment_time_delta", "0.05"],
    ...["-segment_times", `${wanted.start},${wanted.end}`, "-segment_list_type", "flat", "-segment_list", "list"],
    ...["-segment_start_number", "0", "%d.ts"],
  ];
}

/** Command C: the whole file. */
export const WHOLE = (file: string): string[] => [
  ...[
    "ffmpeg",
    "-nostdin",
    "-v",
    "error",
    "-y",
    "-i",
    file,
    "-map",
    "0:v:0",
    "-map",
    "0:a:0",
    "-sn",
    "-dn",
    "-c",
    "copy",
  ],
  ...["-map_chapters", "-1", "-f", "hls", "-hls_time", "6", "-hls_list_size", "0", "-hls_playlist_type", "vod"],
  ...["-hls_segment_type", "fmp4", "-hls_segment_filename", "%d.m4s", "index.m3u8"],
];

/** @returns the smallest presentation time of the pictures in a file, seconds; null when there is none */
export async function firstPicture(file: string): Promise<number | null> {
  const child = Bun.spawn(
    [
      ...["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "packet=pts_time", "-of", "csv=p=0"],
      file,
    ],
    { stdin: "ignore", stderr: "ignore" },
  );
  const times = (await child.stdout.text()).split("\n").map(Number.parseFloat).filter(Number.isFinite);
  return times.length > 0 ? Math.min(...times) : null;
}
