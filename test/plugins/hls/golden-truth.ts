/** What ffmpeg finds in a file or a playlist: every picture and every sound, and when. */

export interface Packet {
  /** Seconds. */
  time: number;
  /** Of its bytes. */
  hash: string;
}

/** @param stream as in `-map 0:stream`. @returns in decoding order */
export async function packetsOf(path: string, stream: number): Promise<Packet[]> {
  const bytes = await output(
    ...["ffprobe", "-v", "error", "-select_streams", `${stream}`, "-show_data_hash", "md5"],
    ...["-show_entries", "packet=pts_time,data_hash", "-of", "json", path],
  );
  const { packets } = JSON.parse(bytes.toString()) as { packets: { pts_time: string; data_hash: string }[] };
  return packets.map(({ pts_time, data_hash }) => ({ time: Number(pts_time), hash: data_hash }));
}

/** @returns a hash for every decoded picture, in the order in which they are shown */
export async function picturesOf(path: string, stream: number): Promise<string[]> {
  const options = ["-fps_mode", "passthrough", "-copyts", "-f", "framehash", "-hash", "md5", "-"];
  const bytes = await output("ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", `0:${stream}`, ...options);
  const lines = bytes.toString().split("\n");
  return lines.filter((line) => /^\d/.test(line)).map((line) => line.split(",").at(-1)!.trim());
}

/** @returns all samples, one after the other, whatever their times */
export async function samplesOf(path: string, stream: number): Promise<Buffer> {
  const options = ["-c:a", "pcm_s32le", "-f", "s32le", "-"];
  return output("ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", `0:${stream}`, ...options);
}

async function output(...command: string[]): Promise<Buffer> {
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [bytes, said, code] = await Promise.all([child.stdout.bytes(), child.stderr.text(), child.exited]);
  if (code !== 0 || said) throw new Error(`${command.join(" ")}\n${said}`);
  return Buffer.from(bytes);
}
