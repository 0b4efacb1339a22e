/** Films to be encoded, and what players find in the segments that come out. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { openSource } from "../../../../plugins/hls/byte-source.ts";
import { encodeGrid } from "../../../../plugins/hls/encode/grid.ts";
import { createHeads, type Heads, type HeadsOptions } from "../../../../plugins/hls/encode/heads.ts";
import type { Work } from "../../../../plugins/hls/encode/work.ts";
import { probeFile } from "../../../../plugins/hls/ffprobe.ts";
import { openMatroska } from "../../../../plugins/hls/mkv/open.ts";
import { findTools } from "../../../../plugins/hls/tools.ts";
import { silentLogger } from "../../../helpers/silent-logger.ts";
import { ffmpeg, newFolder, scratch } from "../fixtures.ts";

/** A white flash and a beep of 200 ms every five seconds, from the first one on. */
const FLASH = [
  ...["-f", "lavfi", "-i", "color=black:s=320x180:r=24000/1001:d=60"],
  ...["-f", "lavfi", "-i", "aevalsrc='if(lt(mod(t,5),0.2),0.5*sin(2*PI*1000*t),0)':s=48000:d=60"],
  ...["-vf", "drawbox=t=fill:c=white:enable='lt(mod(t,5),0.2)'"],
];
const MOVING = [
  ...["-f", "lavfi", "-i", "testsrc2=s=320x180:r=24000/1001:d=60"],
  ...["-f", "lavfi", "-i", "aevalsrc=0.3*sin(2*PI*t*(200+20*t)):s=48000:d=60"],
];
const X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "70"];

const FILMS = {
  "flash.mkv": [...FLASH, ...X264, "-c:a", "ac3", "-b:a", "192k"],
  "moving.mkv": [...MOVING, ...X264, "-pix_fmt", "yuv420p10le", "-c:a", "ac3", "-b:a", "192k"],
  "moving.avi": [...MOVING, "-t", "20", "-c:v", "libxvid", "-bf", "2", "-g", "50", "-c:a", "libmp3lame"],
  "moving.ts": [
    ...[...MOVING, "-t", "20", "-r", "25", "-c:v", "mpeg2video", "-flags", "+ildct+ilme", "-g", "15"],
    ...["-c:a", "mp2", "-output_ts_offset", "1000"],
  ],
  /** Pictures that do not change are left out; the sound begins late, ends early and has a hole. */
  "gaps.mkv": [
    ...["-f", "lavfi", "-i", "testsrc2=s=321x181:r=25:d=30", "-f", "lavfi", "-i", "sine=440:d=20:r=44100"],
    ...["-vf", "select='not(between(t,4.1,11.3))*lt(t,24)'", "-fps_mode", "vfr", ...X264, "-c:a", "pcm_s16le"],
    ...["-af", "aselect='not(between(t,8,9.5))',asetpts=PTS+3/TB", "-f", "matroska"],
  ],
};
export type Film = keyof typeof FILMS;

const made = new Map<Film, Promise<string>>();
export function film(name: Film): Promise<string> {
  const path = join(scratch(), `encode-${name}`);
  const making = made.get(name) ?? ffmpeg(...FILMS[name], path).then(() => path);
  made.set(name, making);
  return making;
}

export interface Works {
  video: Work;
  audio: Work;
}

/** The work that the first two tracks of a film make. */
export async function worksOf(file: string, options: { segmentSecs?: number; duration?: number } = {}): Promise<Works> {
  const index = await probeFile(findTools("ffmpeg"), file);
  const spans = encodeGrid(index.start, options.duration ?? index.duration ?? 0, options.segmentSecs ?? 6);
  const [video, audio] = (["video", "audio"] as const).map(
    (type) => index.tracks.find((track) => track.type === type)!,
  );
  const sources = file.endsWith(".mkv") ? await sourcesOf(file) : [];
  const work = (track: typeof video) => ({
    ...{ key: `${file} ${track!.index}`, file, track: track as Work["track"], spans },
    source: sources.find(({ index }) => index === track!.index) ?? null,
  });
  return { video: work(video), audio: work(audio) };
}

async function sourcesOf(file: string) {
  const source = await openSource(file);
  try {
    return (await openMatroska(source)).index.tracks;
  } finally {
    await source.close();
  }
}

const opened = new Set<Heads>();
/** Heads that {@link closeAll} ends. */
export function heads(
  options: Partial<Omit<HeadsOptions, "config">> & { config?: Partial<HeadsOptions["config"]> } = {},
) {
  const { config, ...rest } = options;
  const pool = createHeads({
    config: {
      ...{ transcode_preset: "ultrafast", transcode_height: 1080, transcode_bitrate: 6000 },
      ...{ hardware_encoder: "none", max_hls_concurrency: 2, ...config },
    },
    log: silentLogger,
    tools: () => findTools("ffmpeg"),
    onMade() {},
    ...rest,
  });
  opened.add(pool);
  return pool;
}

export async function closeAll(): Promise<void> {
  await Promise.all([...opened].map((pool) => pool.close()));
  opened.clear();
}

/** @returns a file of the initialization segment with these behind it */
export function joined(...parts: Uint8Array[]): string {
  const path = join(newFolder(), "joined.mp4");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

export async function output(program: string, ...args: string[]): Promise<Buffer> {
  const child = Bun.spawn([program, ...args], { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [bytes, said, code] = await Promise.all([child.stdout.bytes(), child.stderr.text(), child.exited]);
  if (code !== 0 || said) throw new Error(`${program} ${args.join(" ")}\n${code}: ${said}`);
  return Buffer.from(bytes);
}

export interface Shown {
  /** Seconds. */
  time: number;
  /** Mean brightness, 0 to 255. */
  light: number;
}

/** Small pictures are as bright as large ones, and sooner looked at. */
const LIGHT = "scale=16:10:flags=area,signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-";

/** Every picture of a file, decoded. */
export async function shown(file: string): Promise<Shown[]> {
  const text = await output(
    ...(["ffmpeg", "-v", "error", "-copyts", "-i", file, "-map", "0:v", "-fps_mode", "passthrough"] as const),
    ...["-enc_time_base", "1:90000", "-vf", LIGHT, "-f", "null", "-"],
  );
  const times = [...text.toString().matchAll(/pts_time:([\d.-]+)/g)].map(([, time]) => Number(time));
  const lights = [...text.toString().matchAll(/YAVG=([\d.]+)/g)].map(([, light]) => Number(light));
  return times.map((time, i) => ({ time, light: lights[i]! }));
}

/** The first channel of a file's sound, decoded, -1 to 1. */
export async function heard(file: string): Promise<Float32Array> {
  const bytes = await output("ffmpeg", "-v", "error", "-i", file, "-map", "0:a", "-ac", "1", "-f", "f32le", "-");
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

/** When a file's samples are decoded and shown, in seconds. */
export async function stamps(file: string): Promise<{ dts: number; pts: number; key: boolean }[]> {
  const fields = "packet=pts_time,dts_time,flags";
  const text = await output("ffprobe", "-v", "error", "-show_entries", fields, "-of", "json", file);
  const { packets } = JSON.parse(text.toString()) as { packets: Record<string, string>[] };
  return packets.map(({ pts_time, dts_time, flags }) => ({
    ...{ pts: Number(pts_time), dts: Number(dts_time), key: flags!.startsWith("K") },
  }));
}
