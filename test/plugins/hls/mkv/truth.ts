/** What ffprobe says of a file, which is what the reader is held against. */
export interface Packet {
  stream_index: number;
  pts_time?: string;
  flags: string;
  data_hash: string;
}

export interface Stream {
  index: number;
  codec_type: string;
  codec_name?: string;
  width?: number;
  height?: number;
  sample_rate?: string;
  channels?: number;
  start_time?: string;
  disposition: Record<string, number>;
  tags?: Record<string, string>;
}

export interface Truth {
  packets: Packet[];
  streams: Stream[];
  format: { duration: string };
  chapters: { start_time: string; end_time: string; tags: { title: string } }[];
}

const told = new Map<string, Promise<Truth>>();

/** @param path of a file that does not change: what is said of it is kept */
export function truthOf(path: string): Promise<Truth> {
  const telling = told.get(path) ?? ask(path);
  told.set(path, telling);
  return telling;
}

async function ask(path: string): Promise<Truth> {
  const show = ["-show_packets", "-show_data_hash", "md5", "-show_streams", "-show_format", "-show_chapters"];
  const child = Bun.spawn(["ffprobe", "-v", "error", ...show, "-of", "json", path], { stdout: "pipe", stderr: "pipe" });
  return (await child.stdout.json()) as Truth;
}

export const md5 = (bytes: Uint8Array): string => `MD5:${new Bun.CryptoHasher("md5").update(bytes).digest("hex")}`;
