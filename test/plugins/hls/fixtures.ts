/** Small real media files of every kind the library takes, made by ffmpeg when a test first asks for one. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { copyFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atEnd } from "../../helpers/at-end.ts";

const SECS = 5;
/** 24 frames a second and 1024 samples of priming: half a frame apart, which is where rounding hurts. */
const picture = (rate = "24000/1001", size = "320x180") => [
  "-f",
  "lavfi",
  "-i",
  `testsrc2=s=${size}:r=${rate}:d=${SECS}`,
];
const sound = ["-f", "lavfi", "-i", `sine=440:d=${SECS}:r=48000`];
const h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "48"];
const aac = ["-c:a", "aac"];

/** The input and output arguments of each; the name says what is in it. */
const RECIPES = {
  "h264-aac.mkv": [...picture(), ...sound, ...h264, ...aac],
  "h264-aac-24.mkv": [...picture("24"), ...sound, ...h264, ...aac],
  "h264-aac-25.mkv": [...picture("25"), ...sound, ...h264, ...aac],
  "h264-aac-60.mkv": [...picture("60"), ...sound, ...h264, ...aac],
  "h264-aac.mp4": [...picture(), ...sound, ...h264, ...aac],
  "h264-aac.mov": [...picture(), ...sound, ...h264, ...aac],
  "h264-aac.flv": [...picture("25"), ...sound, ...h264, ...aac],
  "h264-aac.ts": [...picture(), ...sound, ...h264, ...aac],
  "h264-ac3.m2ts": [...picture(), ...sound, ...h264, "-c:a", "ac3", "-mpegts_m2ts_mode", "1"],
  "h264-ac3.mkv": [...picture(), ...sound, ...h264, "-c:a", "ac3"],
  "hi10p-flac.mkv": [...picture(), ...sound, ...h264, "-pix_fmt", "yuv420p10le", "-c:a", "flac"],
  "h264-mp3.mkv": [...picture(), ...sound, ...h264, "-c:a", "libmp3lame"],
  "h264-444.mkv": [...picture(), ...h264, "-pix_fmt", "yuv444p"],
  "hevc-aac.mkv": [
    ...[...picture(), ...sound, "-c:v", "libx265", "-preset", "ultrafast", "-g", "48"],
    ...["-x265-params", "log-level=error", ...aac],
  ],
  "av1-opus.mkv": [...picture(), ...sound, "-c:v", "libsvtav1", "-preset", "12", "-g", "48", "-c:a", "libopus"],
  "vp9-vorbis.webm": [
    ...[...picture(), ...sound, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "48"],
    ...["-c:a", "libvorbis"],
  ],
  "packed.avi": [...picture("25"), ...sound, "-c:v", "libxvid", "-bf", "2", "-g", "50", "-c:a", "libmp3lame"],
  "mpeg4-mp3.avi": [...picture("25"), ...sound, "-c:v", "mpeg4", "-bf", "2", "-c:a", "libmp3lame"],
  "wmv2-wma.wmv": [...picture("25"), ...sound, "-c:v", "wmv2", "-c:a", "wmav2"],
  "odd-size.ogm": [...picture("25", "321x181"), ...sound, "-c:v", "libtheora", "-c:a", "libvorbis", "-f", "ogg"],
  "silent.mkv": [...picture(), ...h264],
  "late.mkv": [...picture("25"), ...sound, ...h264, ...aac, "-output_ts_offset", "100"],
  "late.ts": [...picture("25"), ...sound, ...h264, ...aac, "-output_ts_offset", "100"],
  "late-picture.mkv": ["-itsoffset", "3", ...picture(), ...sound, ...h264, ...aac],
  "late-sound.mkv": [...picture(), "-itsoffset", "3", ...sound, ...h264, ...aac],
  "audio-only.mp4": [...sound, ...aac],
  "two-sounds.mkv": [
    ...[
      ...picture(),
      ...sound,
      ...sound,
      "-map",
      "0",
      "-map",
      "1",
      "-map",
      "2",
      ...h264,
      "-c:a:0",
      "aac",
      "-c:a:1",
      "ac3",
    ],
    ...["-metadata:s:a:0", "language=jpn", "-metadata:s:a:1", "language=eng", "-disposition:a:0", "0"],
    ...["-metadata:s:a:1", 'title=The "cut"\nURI="x"', "-disposition:a:1", "default"],
  ],
  "long-gop.mkv": [...picture(), ...sound, ...h264, "-g", "1000", ...aac],
} satisfies Record<string, string[]>;

export type FixtureName = keyof typeof RECIPES;

let root: string | undefined;
/** A folder for this test process, removed at its end. */
export function scratch(): string {
  if (!root) {
    const made = mkdtempSync(join(tmpdir(), "anicargo-hls-"));
    atEnd(async () => rmSync(made, { recursive: true, force: true }));
    root = made;
  }
  return root;
}

let folders = 0;
/** A new empty folder. */
export function newFolder(): string {
  const path = join(scratch(), `${++folders}`);
  mkdirSync(path);
  return path;
}

const made = new Map<string, Promise<string>>();

/** @returns the absolute path of the file; not to be changed */
export function fixture(name: FixtureName): Promise<string> {
  const path = join(scratch(), name);
  const making = made.get(name) ?? ffmpeg(...RECIPES[name], path).then(() => path);
  made.set(name, making);
  return making;
}

/** Begins as fonts do; nothing here draws with it. */
export const FONT = "\0\x01\0\0 and what makes a font";

/** A copy that the test may change. @returns its absolute path */
export async function own(name: FixtureName): Promise<string> {
  const path = join(newFolder(), name);
  await copyFile(await fixture(name), path);
  return path;
}

/** With everything that a fansub release hangs on its video: styled subtitles, two fonts (one is none), a cover, chapters. */
export async function release(): Promise<string> {
  const folder = newFolder();
  const at = (name: string) => join(folder, name);
  const chapters = ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=2000\ntitle=Opening\n";
  await writeFile(at("lines.srt"), "1\n00:00:01,000 --> 00:00:04,000\n<i>Hello</i>\n");
  await writeFile(at("font.ttf"), FONT);
  await writeFile(at("fake.otf"), "not really a font");
  await writeFile(at("chapters.txt"), chapters);
  await ffmpeg("-f", "lavfi", "-i", "color=red:s=64x64:d=1", "-frames:v", "1", at("cover.png"));
  await ffmpeg(
    ...["-i", await fixture("h264-aac.mkv"), "-i", at("lines.srt"), "-i", at("chapters.txt")],
    ...["-map", "1", "-map", "0", "-map_chapters", "2", "-c", "copy", "-c:s", "ass"],
    ...["-attach", at("cover.png"), "-metadata:s:t:0", "mimetype=image/png", "-metadata:s:t:0", "filename=cover.png"],
    // HARDENING S12: an attachment's name is the attacker's to choose.
    ...["-attach", at("font.ttf"), "-metadata:s:t:1", "mimetype=font/ttf"],
    ...["-metadata:s:t:1", "filename=../../../escaped.ttf"],
    ...["-attach", at("fake.otf"), "-metadata:s:t:2", "mimetype=font/otf", at("release.mkv")],
  );
  return at("release.mkv");
}

/** Runs ffmpeg and throws what it said when it fails. */
export async function ffmpeg(...args: string[]): Promise<string> {
  const child = Bun.spawn(["ffmpeg", "-nostdin", "-hide_banner", "-v", "warning", "-y", ...args], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const [said, code] = await Promise.all([child.stderr.text(), child.exited]);
  if (code !== 0) throw new Error(`ffmpeg ${args.join(" ")}\n${said}`);
  return said;
}

/** Plays a list to its end as a player would. @returns the warnings */
export const play = (playlist: string): Promise<string> => ffmpeg("-i", playlist, "-f", "null", "-");

export async function probeStreams(path: string): Promise<Record<string, string>[]> {
  const fields = "stream=codec_type,codec_name,codec_tag_string,pix_fmt,start_time,width,height,channels";
  const child = Bun.spawn(["ffprobe", "-v", "error", "-show_entries", fields, "-of", "json", path], { stdout: "pipe" });
  return (JSON.parse(await child.stdout.text()) as { streams: Record<string, string>[] }).streams;
}
