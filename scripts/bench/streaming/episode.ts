/** An episode like those that are watched: 24 minutes, 1080p, AAC and FLAC, styled subtitles, fonts. Made once, kept. */
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

export const EPISODE_SECS = 1440;
const RATE = "24000/1001";
/** A keyframe every 140 frames: 247 of them. */
const GOP = 140;
/** The picture is encoded once for so many seconds, which then come again: nobody measures what is in it. */
const PIECE_SECS = 120;
const LINES = 400;
const FONTS = 10;

/** @param folder where it is kept; it holds nothing else. @returns its path */
export async function makeEpisode(folder: string): Promise<string> {
  const path = join(folder, "[Bench] Episode - 01 [1080p].mkv");
  if (existsSync(path)) return path;
  const work = resolve(folder, "../.making");
  await Promise.all([mkdir(folder, { recursive: true }), mkdir(work, { recursive: true })]);
  const at = (name: string) => join(work, name);
  console.log("making the episode, once: about a minute");
  await ffmpeg(
    ...["-f", "lavfi", "-i", `testsrc2=s=1920x1080:r=${RATE}:d=${PIECE_SECS},noise=alls=5:allf=t`],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-bf", "2", "-g", `${GOP}`],
    ...["-x264-params", "scenecut=0:open-gop=0", "-b:v", "5M", "-maxrate", "8M", "-bufsize", "16M", at("piece.mkv")],
  );
  await writeFile(at("lines.ass"), script());
  const noise = (seed: number) => [
    "-f",
    "lavfi",
    "-i",
    `anoisesrc=d=${EPISODE_SECS}:c=pink:r=48000:a=0.2:seed=${seed}`,
  ];
  // Any font will do; this one draws the icons of a tool of ours.
  const tool = join(import.meta.dir, "../../../node_modules/playwright-core/lib");
  const [font] = [...new Bun.Glob("**/*.ttf").scanSync(tool)].map((name) => join(tool, name));
  const fonts = Array.from({ length: FONTS }, (_, number) => [
    ...["-attach", font!, `-metadata:s:t:${number}`, "mimetype=font/ttf"],
    ...[`-metadata:s:t:${number}`, `filename=font-${number}.ttf`],
  ]).flat();
  await ffmpeg(
    ...["-stream_loop", "-1", "-i", at("piece.mkv"), ...noise(1), ...noise(2), "-i", at("lines.ass")],
    ...["-map", "0", "-map", "1", "-map", "2", "-map", "3", "-t", `${EPISODE_SECS}`],
    ...["-c:v", "copy", "-ac", "2", "-c:a:0", "aac", "-b:a:0", "192k", "-c:a:1", "flac", "-c:s", "copy"],
    ...["-metadata:s:a:0", "language=jpn", "-metadata:s:a:1", "language=eng", ...fonts, at("episode.mkv")],
  );
  await rename(at("episode.mkv"), path);
  await rm(work, { recursive: true });
  return path;
}

function script(): string {
  const time = (secs: number) =>
    `0:${String(Math.floor(secs / 60)).padStart(2, "0")}:${(secs % 60).toFixed(2).padStart(5, "0")}`;
  const step = EPISODE_SECS / LINES;
  const lines = Array.from({ length: LINES }, (_, at) => {
    const [start, end] = [at * step, at * step + 3].map(time);
    return `Dialogue: 0,${start},${end},Default,,0,0,0,,{\\blur2\\fad(120,120)}Line ${at} of the episode`;
  });
  return [
    "[Script Info]\nScriptType: v4.00+\nPlayResX: 1920\nPlayResY: 1080\n\n[V4+ Styles]",
    "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding",
    "Style: Default,Liberation Sans,72,&H00FFFFFF,&H000000FF,&H00000000,&H80000000,0,0,0,0,100,100,0,0,1,3,1,2,60,60,50,1",
    "\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
    ...lines,
    "",
  ].join("\n");
}

async function ffmpeg(...args: string[]): Promise<void> {
  const child = Bun.spawn(["nice", "ffmpeg", "-nostdin", "-v", "error", "-y", ...args], { stderr: "pipe" });
  const [said, code] = await Promise.all([child.stderr.text(), child.exited]);
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}: ${said}`);
}
