/** What ffmpeg finds in a file or a playlist: every picture and every sound, and when. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { newFolder } from "./fixtures.ts";

export interface Packet {
  /** Seconds. */
  time: number;
  /** Of its bytes. */
  hash: string;
}

export interface Wanted {
  path: string;
  /** As in `-map 0:index`. */
  index: number;
  type: "video" | "audio";
}

export interface Found {
  /** In decoding order. */
  packets: Packet[];
  /** A hash for every decoded picture, in the order in which they are shown; none of a sound. */
  pictures: string[];
  /** All samples of four bytes, one after the other, whatever their times; none of a picture. */
  samples: Buffer;
}

const HASH = ["-f", "framehash", "-hash", "md5"];
/** Every packet with the times that it has in the file, also those before zero. */
const PACKETS = ["-c", "copy", "-copyinkf", "-copypriorss", "1", ...HASH];
const PICTURES = ["-fps_mode", "passthrough", ...HASH];
const SAMPLES = ["-c:a", "pcm_s32le", "-f", "s32le"];

/** By one run of ffmpeg, which takes longer to start than to read any of these files. @returns in the order of `wanted` */
export async function truthOf(wanted: readonly Wanted[]): Promise<Found[]> {
  const folder = newFolder();
  const at = (name: string) => join(folder, name);
  const paths = [...new Set(wanted.map(({ path }) => path))];
  const outputs = wanted.flatMap(({ path, index, type }, i) => {
    const map = ["-map", `${paths.indexOf(path)}:${index}`];
    const decoded = type === "video" ? PICTURES : SAMPLES;
    return [...map, ...PACKETS, at(`${i}.packets`), ...map, ...decoded, at(`${i}.decoded`)];
  });
  await run("ffmpeg", "-nostdin", "-v", "error", "-copyts", ...paths.flatMap((path) => ["-i", path]), ...outputs);
  const found = wanted.map(async ({ type }, i): Promise<Found> => {
    const decoded = Buffer.from(await Bun.file(at(`${i}.decoded`)).bytes());
    return {
      packets: packetsIn(await Bun.file(at(`${i}.packets`)).text()),
      pictures: type === "video" ? rowsOf(decoded.toString()).map((row) => row[5]!) : [],
      samples: type === "video" ? Buffer.alloc(0) : decoded,
    };
  });
  const all = await Promise.all(found);
  await rm(folder, { recursive: true });
  return all;
}

function packetsIn(list: string): Packet[] {
  const [, per, rate] = /^#tb 0: (\d+)\/(\d+)$/m.exec(list)!;
  const secs = Number(per) / Number(rate);
  return rowsOf(list).map((row) => ({ time: Number(row[2]) * secs, hash: row[5]! }));
}

/** Stream, decoding time, time, duration, size, hash, and what stands beside it. */
const rowsOf = (list: string): string[][] =>
  list
    .split("\n")
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split(",").map((field) => field.trim()));

async function run(...command: string[]): Promise<void> {
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  const [said, code] = await Promise.all([child.stderr.text(), child.exited]);
  if (code !== 0 || said) throw new Error(`${command.join(" ")}\n${said}`);
}
