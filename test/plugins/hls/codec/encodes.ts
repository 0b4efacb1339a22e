/** Real encodes of every codec that is copied, with what ffprobe says of them. */
import { join } from "node:path";
import type { SourceTrack } from "../../../../plugins/hls/reader/model.ts";
import { ffmpeg, newFolder } from "../fixtures.ts";

export interface Encode {
  track: SourceTrack;
  /** Of that track, in the order of the file. */
  frames: { data: Uint8Array; key: boolean; samples: number }[];
  /** ffprobe's words. */
  said: Said;
}

interface Said {
  index: number;
  codec_type: "video" | "audio";
  codec_name: string;
  r_frame_rate: string;
  extradata?: string;
  profile?: string;
  pix_fmt?: string;
  field_order?: string;
  width?: number;
  height?: number;
  sample_rate?: string;
  channels?: number;
}

export const picture = ["-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=1"];
export const sound = ["-f", "lavfi", "-i", "sine=440:d=0.5:r=48000"];

/**
 * One file with a track for each: programs take longer to start than to encode any of these.
 * @param recipes options of ffmpeg without a stream specifier, for one track each
 * @param change of the file's bytes, before anybody reads them
 */
export async function encodes(
  input: string[],
  recipes: readonly string[][],
  change?: (file: Buffer) => void,
): Promise<Encode[]> {
  const path = join(newFolder(), "encodes.mkv");
  const tracks = recipes.flatMap((args, i) => [
    ...["-map", "0"],
    ...args.map((arg) => (/^-[a-z]/.test(arg) ? `${arg}:${i}` : arg)),
  ]);
  await ffmpeg(...input, ...tracks, path);
  if (change) {
    const bytes = Buffer.from(await Bun.file(path).bytes());
    change(bytes);
    await Bun.write(path, bytes);
  }
  return read(path);
}

interface Packet {
  stream_index: number;
  data: string;
  flags: string;
  duration_time: string;
}

async function read(path: string): Promise<Encode[]> {
  const args = ["-v", "error", "-show_streams", "-show_packets", "-show_data", "-of", "json", path];
  const child = Bun.spawn(["ffprobe", ...args], { stdout: "pipe" });
  const { streams, packets } = JSON.parse(await child.stdout.text());
  const own = Map.groupBy(packets as Packet[], ({ stream_index }) => stream_index);
  return streams.map((stream: Said) => encodeOf(stream, own.get(stream.index) ?? []));
}

function encodeOf(stream: Said, packets: Packet[]): Encode {
  const extradata = stream.extradata ? unhex(stream.extradata) : new Uint8Array();
  const [rate, per] = stream.r_frame_rate.split("/").map(Number);
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
  const frames = packets.map(({ data, flags, duration_time }) => ({
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
