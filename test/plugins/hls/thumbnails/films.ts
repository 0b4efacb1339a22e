/** Films whose brightness tells the time, and what their thumbnails show. */
import { join } from "node:path";
import { openSource } from "../../../../plugins/hls/byte-source.ts";
import { videoFacts } from "../../../../plugins/hls/codec/facts.ts";
import { openMatroska } from "../../../../plugins/hls/mkv/open.ts";
import type { ByteSource } from "../../../../plugins/hls/reader/model.ts";
import type { Cuttable } from "../../../../plugins/hls/thumbnails/make.ts";
import { ffmpeg, newFolder } from "../fixtures.ts";

/** At 5 frames a second, from 20 upwards by 2 a second. */
const picture = (secs: number, size: string) => [
  ...["-f", "lavfi", "-i"],
  `color=black:s=16x16:r=5:d=${secs},geq=lum=20+2*T:cb=128:cr=128,scale=${size.replace("x", ":")}:flags=neighbor,setsar=1`,
];
/** A keyframe every 4 seconds. */
const GOP = 20;

export interface Film {
  secs?: number;
  size?: string;
  /** Output arguments. */
  codec?: string[];
  name?: string;
}

const H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-sc_threshold", "0"];

const made = new Map<string, Promise<string>>();

/** @returns the absolute path of the file; not to be changed */
export function film({ secs = 47, size = "64x64", codec = H264, name = "film.mkv" }: Film = {}): Promise<string> {
  const args = [...picture(secs, size), ...codec, "-g", `${GOP}`];
  const key = [name, ...args].join(" ");
  const making = made.get(key) ?? make(join(newFolder(), name), args);
  made.set(key, making);
  return making;
}

async function make(path: string, args: string[]): Promise<string> {
  await ffmpeg(...args, path);
  return path;
}

/** What our reader knows of a film, as long as `use` takes. @param spy sees each read */
export async function cut<T>(path: string, use: (film: Cuttable) => Promise<T>, spy?: (length: number) => void) {
  const opened = await openSource(path);
  const source: ByteSource = {
    size: opened.size,
    read(offset, length) {
      spy?.(length);
      return opened.read(offset, length);
    },
  };
  try {
    const container = await openMatroska(source);
    const track = container.index.tracks.find(({ number }) => number === container.index.video)!;
    const facts = videoFacts(track, (await container.firstFrames()).get(track.number) ?? null)!;
    return await use({ container, track, facts });
  } finally {
    await opened.close();
  }
}

/** The brightness in the middle of each thumbnail of a sheet, in order. */
export async function brightness(sheet: string): Promise<number[]> {
  const child = Bun.spawn(
    [
      "ffmpeg",
      "-v",
      "error",
      "-i",
      sheet,
      "-vf",
      "scale=10:10:flags=area:out_range=tv,format=gray",
      "-f",
      "rawvideo",
      "pipe:1",
    ],
    { stdout: "pipe" },
  );
  return [...(await child.stdout.bytes())];
}

/** The time that a film of {@link film} shows with this brightness: sheets have the full range of 0 to 255. */
export const secsOf = (gray: number): number => ((gray * 219) / 255 + 16 - 20) / 2;
