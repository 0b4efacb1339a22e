/** Real encodes of every codec that is copied, with what ffprobe says of them. */
import { join } from "node:path";
import type { SourceTrack } from "../../../../plugins/hls/reader/model.ts";
import { ffmpeg, newFolder } from "../fixtures.ts";

export interface Encode {
  track: SourceTrack;
  /** Of that track, in the order of the file. */
  frames: { data: Uint8Array; key: boolean; samples: number }[];
  /** ffprobe's words. */
  said: { profile?: string; pix_fmt?: string; field_order?: string; sample_rate?: string; channels?: number };
}

export const picture = ["-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=1"];
export const sound = ["-f", "lavfi", "-i", "sine=440:d=0.5:r=48000"];

/** @param change of the file's bytes, before anybody reads them */
export async function encode(args: string[], extension = "mkv", change?: (file: Buffer) => void): Promise<Encode> {
  const path = join(newFolder(), `encode.${extension}`);
  await ffmpeg(...args, path);
  if (change) {
    const bytes = Buffer.from(await Bun.file(path).bytes());
    change(bytes);
    await Bun.write(path, bytes);
  }
  return read(path);
}

async function read(path: string): Promise<Encode> {
  const args = ["-v", "error", "-show_streams", "-show_packets", "-show_data", "-of", "json", path];
  const child = Bun.spawn(["ffprobe", ...args], { stdout: "pipe" });
  const answer = JSON.parse(await child.stdout.text());
  const [stream] = answer.streams;
  const extradata = stream.extradata ? unhex(stream.extradata) : new Uint8Array();
  const [rate, per] = (stream.r_frame_rate as string).split("/").map(Number);
  const track: SourceTrack = {
    number: 1,
    index: 0,
    type: stream.codec_type,
    codec: stream.codec_name,
    // ffmpeg keeps STREAMINFO alone, Matroska and our readers what stands at the begin of a FLAC file.
    codecPrivate:
      stream.codec_name === "flac" ? Buffer.concat([Buffer.from("fLaC\x80\0\0\x22", "latin1"), extradata]) : extradata,
    language: null,
    title: null,
    default: true,
    forced: false,
    width: stream.width ?? 0,
    height: stream.height ?? 0,
    sampleRate: Number(stream.sample_rate ?? 0),
    channels: stream.channels ?? 0,
    bitDepth: 0,
    frameDuration: rate ? (per! / rate) * 1e9 : null,
    start: 0,
  };
  interface Packet {
    data: string;
    flags: string;
    duration_time: string;
  }
  const frames = (answer.packets as Packet[]).map(({ data, flags, duration_time }) => ({
    data: unhex(data),
    key: flags.startsWith("K"),
    samples: Number(duration_time) * track.sampleRate,
  }));
  return { track, frames, said: stream };
}

/** `00000000: 0164 0015 ffe1 0019  .d......` */
function unhex(dump: string): Uint8Array {
  const lines = dump.split("\n").map((line) => line.slice(10, 50).replaceAll(" ", ""));
  return new Uint8Array(Buffer.from(lines.join(""), "hex"));
}
