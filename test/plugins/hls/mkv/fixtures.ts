/** Small Matroska files as ffmpeg and mkvmerge write them, in all the ways they can be asked to. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ffmpeg, newFolder } from "../fixtures.ts";

export const SECS = 10;

const picture = ["-f", "lavfi", "-i", `testsrc2=s=160x90:r=24000/1001:d=${SECS}`];
const sound = (secs = SECS) => ["-f", "lavfi", "-i", `anoisesrc=d=${secs}:r=48000:a=0.2`];
const h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "36"];
const aac = ["-c:a", "aac", "-b:a", "96k"];
const copy = ["-map", "0", "-c", "copy"];

type Recipe = { by: "ffmpeg" | "mkvmerge"; from?: string; args: string[] };
const encoded = (...args: string[]): Recipe => ({ by: "ffmpeg", args });
const copied = (from: string, ...args: string[]): Recipe => ({ by: "ffmpeg", from, args: [...copy, ...args] });
const merged = (from: string, ...args: string[]): Recipe => ({ by: "mkvmerge", from, args });

const RECIPES = {
  "aac.mkv": encoded(...picture, ...sound(), ...h264, "-bf", "2", ...aac),
  // Without B-frames the sound of a keyframe lies behind it, and nothing earlier is in its cluster.
  "opus.mkv": encoded(...picture, ...sound(), ...h264, "-c:a", "libopus"),
  "vorbis.mkv": encoded(...picture, ...sound(), ...h264, "-c:a", "libvorbis"),
  "ac3.mkv": encoded(...picture, ...sound(), ...h264, "-bf", "2", "-c:a", "ac3"),
  "vp9.webm": encoded(
    ...[...picture, ...sound(), "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "36"],
    ...["-c:a", "libopus"],
  ),
  "open-gop.mkv": encoded(
    ...[...picture, ...sound(), "-c:v", "libx264", "-preset", "ultrafast", "-g", "36", "-bf", "3"],
    ...["-b_strategy", "0", "-x264-params", "open-gop=1:b-adapt=0", ...aac],
  ),
  "late-sound.mkv": encoded(...picture, "-itsoffset", "4.3", ...sound(4), ...h264, ...aac),
  "late-picture.mkv": encoded("-itsoffset", "3.1", ...picture, ...sound(), ...h264, ...aac),
  "short-sound.mkv": encoded(...picture, ...sound(3), ...h264, ...aac),
  "two-sounds.mkv": encoded(
    ...[...picture, ...sound(), ...sound(), "-map", "0", "-map", "1", "-map", "2", ...h264, "-bf", "2"],
    ...["-c:a:0", "flac", "-c:a:1", "aac", "-ar:a:1", "44100"],
  ),
  "live.mkv": copied("aac.mkv", "-live", "1"),
  "front-cues.mkv": copied("aac.mkv", "-cues_to_front", "1"),
  "small-clusters.mkv": copied("aac.mkv", "-cluster_time_limit", "300"),

  "aac.merged.mkv": merged("aac.mkv"),
  "opus.merged.mkv": merged("opus.mkv"),
  "vp9.merged.webm": merged("vp9.webm", "--webm"),
  "open-gop.merged.mkv": merged("open-gop.mkv"),
  "two-sounds.merged.mkv": merged("two-sounds.mkv"),
  "late-sound.merged.mkv": merged("late-sound.mkv"),
  "xiph-lacing.merged.mkv": merged("ac3.mkv", "--engage", "lacing_xiph"),
  "ebml-lacing.merged.mkv": merged("aac.mkv", "--engage", "lacing_ebml"),
  "unlaced.merged.mkv": merged("aac.mkv", "--disable-lacing"),
  "block-groups.merged.mkv": merged("aac.mkv", "--engage", "no_simpleblocks"),
  "fine-clock.merged.mkv": merged("aac.mkv", "--timestamp-scale", "100000"),
  "tiny-clusters.merged.mkv": merged("aac.mkv", "--cluster-length", "5"),
  "long-clusters.merged.mkv": merged("aac.mkv", "--cluster-length", "30000ms"),
  "zlib.merged.mkv": merged("two-sounds.mkv", "--compression", "-1:zlib"),
  "no-cues.merged.mkv": merged("release.mkv", "--no-cues"),
  "vague-cues.merged.mkv": merged("release.mkv", "--engage", "no_cue_relative_position"),
  "release.merged.mkv": merged("release.mkv", "--compression", "2:zlib"),
} satisfies Record<string, Recipe>;

export type MkvName = keyof typeof RECIPES | "release.mkv";
export const MKV_NAMES = [...Object.keys(RECIPES), "release.mkv"] as MkvName[];

const made = new Map<MkvName, Promise<string>>();

/** @returns the absolute path of the file; not to be changed */
export function mkv(name: MkvName): Promise<string> {
  const making = made.get(name) ?? (name === "release.mkv" ? release() : make(name));
  made.set(name, making);
  return making;
}

async function make(name: keyof typeof RECIPES): Promise<string> {
  const { by, from, args }: Recipe = RECIPES[name];
  const input = from ? [await mkv(from as MkvName)] : [];
  const path = join(newFolder(), name);
  if (by === "mkvmerge") await run("mkvmerge", "--quiet", "--output", path, ...args, ...input);
  else await ffmpeg(...input.flatMap((file) => ["-i", file]), ...args, path);
  return path;
}

/** Styled subtitles with two lines at a time, fonts and chapters. */
async function release(): Promise<string> {
  const folder = newFolder();
  const at = (name: string) => join(folder, name);
  const lines = Array.from({ length: SECS - 1 }, (_, i) => [
    `Dialogue: 0,0:00:0${i}.20,0:00:0${i}.90,Default,,0,0,0,,{\\i1}line{\\i0} ${i}`,
    `Dialogue: 1,0:00:0${i}.20,0:00:0${i}.90,Default,,0,0,0,,{\\an8}above ${i}`,
  ]);
  await writeFile(at("lines.ass"), `${ASS_HEAD}${lines.flat().join("\n")}\n`);
  await writeFile(at("one.ttf"), "the first font");
  await writeFile(at("two.otf"), Buffer.alloc(100_000, "font"));
  await writeFile(
    at("chapters.txt"),
    ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=4000\ntitle=Opening\n" +
      "[CHAPTER]\nTIMEBASE=1/1000\nSTART=4000\nEND=10000\ntitle=第一話\n",
  );
  await ffmpeg(
    ...["-i", await mkv("two-sounds.mkv"), "-i", at("lines.ass"), "-i", at("chapters.txt"), "-map", "0", "-map", "1"],
    ...["-map_chapters", "2", "-c", "copy", "-metadata:s:s:0", "language=jpn", "-metadata:s:s:0", "title=Signs"],
    ...["-disposition:s:0", "forced"],
    ...["-attach", at("one.ttf"), "-metadata:s:t:0", "mimetype=font/ttf", "-metadata:s:t:0", "filename=one.ttf"],
    ...["-attach", at("two.otf"), "-metadata:s:t:1", "mimetype=font/otf", "-metadata:s:t:1", "filename=two.otf"],
    at("release.mkv"),
  );
  return at("release.mkv");
}

const ASS_HEAD = `[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,20,&H00FFFFFF,&H000000FF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,2,2,2,10,10,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
`;

async function run(...command: string[]): Promise<void> {
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "pipe" });
  const [said, code] = await Promise.all([child.stdout.text(), child.exited]);
  // mkvmerge ends with 1 after a warning.
  if (code > 1) throw new Error(`${command.join(" ")}\n${said}`);
}
