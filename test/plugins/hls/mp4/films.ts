/** Small real films in MP4, made by ffmpeg when a test first asks for one, and what ffprobe says of them. */
import { join } from "node:path";
import type { ByteSource } from "../../../../plugins/hls/reader/model.ts";
import { ffmpeg, newFolder } from "../fixtures.ts";

const SECS = 6;
const picture = ["-f", "lavfi", "-i", `testsrc2=s=160x90:r=24000/1001:d=${SECS}`];
const sound = ["-f", "lavfi", "-i", `sine=440:d=${SECS}:r=48000`];
const h264 = ["-c:v", "libx264", "-preset", "superfast", "-bf", "3", "-g", "24", "-c:a", "aac"];
const plain = [...picture, ...sound, ...h264];
const copy = (flags: string) => [...plain, "-movflags", flags];

const RECIPES = {
  "plain.mp4": plain,
  "head-first.mov": copy("faststart"),
  "below-zero.mp4": copy("negative_cts_offsets"),
  "no-edits.mp4": [...plain, "-use_editlist", "0"],
  "late-sound.mp4": [...picture, "-itsoffset", "1.5", ...sound, ...h264],
  "late-picture.mp4": [...sound, "-itsoffset", "0.7", ...picture, "-fps_mode", "passthrough", ...h264],
  "fragments.mp4": copy("frag_keyframe+empty_moov"),
  "fragments-from-moof.mp4": copy("frag_keyframe+empty_moov+default_base_moof"),
  "fragments-behind-head.mp4": copy("frag_keyframe"),
  "fragments-dash.mp4": copy("delay_moov+frag_keyframe+dash"),
  "fragments-by-track.mp4": copy("frag_keyframe+separate_moof+omit_tfhd_offset"),
  "hevc-opus.mp4": [
    ...[...picture, ...sound, "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error"],
    ...["-g", "24", "-c:a", "libopus", "-tag:v", "hvc1"],
  ],
  "av1-flac.mp4": [
    ...[...picture, ...sound, "-c:v", "libaom-av1", "-cpu-used", "8", "-usage", "realtime", "-g", "24"],
    ...["-c:a", "flac", "-strict", "-2"],
  ],
  "vp9-ac3.mp4": [
    ...[...picture, ...sound, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "24"],
    ...["-c:a", "ac3"],
  ],
  "variable.mp4": [...picture, "-vf", "select='not(mod(n,5))+lt(n,40)'", "-fps_mode", "vfr", ...h264],
  "sound-only.mp4": [...sound, ...sound, "-map", "0", "-map", "1", "-c:a:0", "aac", "-c:a:1", "eac3", "-ac:a:1", "6"],
  "pcm.mov": [...picture, ...sound, ...h264, "-c:a", "pcm_s16le"],
} satisfies Record<string, string[]>;

export type FilmName = keyof typeof RECIPES;

let folder: string | undefined;
const made = new Map<string, Promise<string>>();

/** @returns the absolute path; not to be changed */
export function film(name: FilmName): Promise<string> {
  folder ??= newFolder();
  const path = join(folder, name);
  const making = made.get(name) ?? ffmpeg(...RECIPES[name], path).then(() => path);
  made.set(name, making);
  return making;
}

export interface Packet {
  stream: number;
  /** Seconds. */
  time: number;
  key: boolean;
  hash: string;
}

/** @returns all frames, each stream's as they are decoded, and ffprobe's words for the streams */
export async function probe(path: string): Promise<{ packets: Packet[]; streams: Stream[]; chapters: Chapter[] }> {
  const args = [
    "-v",
    "error",
    "-show_packets",
    "-show_streams",
    "-show_chapters",
    "-show_data_hash",
    "md5",
    "-of",
    "json",
  ];
  const answer = JSON.parse(await Bun.spawn(["ffprobe", ...args, path], { stdout: "pipe" }).stdout.text());
  interface Said {
    stream_index: number;
    pts_time: string;
    flags: string;
    data_hash: string;
  }
  return {
    ...answer,
    packets: (answer.packets as Said[]).map(({ stream_index, pts_time, flags, data_hash }) => ({
      ...{ stream: stream_index, time: Number(pts_time), key: flags.startsWith("K") },
      hash: data_hash.replace("MD5:", ""),
    })),
  };
}

interface Stream {
  index: number;
  codec_name?: string;
  codec_type: string;
  width?: number;
  height?: number;
  sample_rate?: string;
  channels?: number;
  disposition: Record<string, number>;
  tags?: Record<string, string>;
}
interface Chapter {
  start_time: string;
  end_time: string;
  tags: { title: string };
}

export const md5 = (bytes: Uint8Array): string => new Bun.CryptoHasher("md5").update(bytes).digest("hex");

/** Reads of what is in memory, counted. */
export function memory(bytes: Uint8Array): ByteSource & { reads: number } {
  return {
    size: bytes.length,
    reads: 0,
    async read(offset, length) {
      if (!(Number.isSafeInteger(offset) && offset >= 0 && length >= 0)) throw new Error(`${length} from ${offset}`);
      this.reads++;
      return bytes.slice(offset, offset + length);
    },
  };
}

/** The bytes of a film after a change. */
export async function changed(name: FilmName, change: (file: Buffer) => void): Promise<Buffer> {
  const file = Buffer.from(await Bun.file(await film(name)).bytes());
  change(file);
  return file;
}

/** The place of the content of the n-th box of a type, wherever it is. */
export function contentAt(file: Buffer, type: string, n = 0): number {
  let place = -1;
  for (let i = 0; i <= n; i++) place = file.indexOf(type, place + 1, "latin1");
  if (place < 0) throw new Error(`there is no ${type}`);
  return place + 4;
}
