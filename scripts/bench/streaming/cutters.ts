/**
 * The same episode served as others do it: a list at once, segments cut by ffmpeg from where the viewer is. Two ways, as
 * STREAMING describes them; each leaves out what would only make it slower (users, databases, encoding of the sound).
 */
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

export interface Span {
  /** Seconds. */
  start: number;
  end: number;
}

export interface Way {
  name: string;
  spans: readonly Span[];
  /** ffmpeg's arguments for all segments from `first` on, to be written as `%d.ts` into its working folder. */
  args(first: number): string[];
  /** How often it looks for a segment, ms. */
  pollMs: number;
}

/** Jellyfin's: equal lengths that nobody has looked up, `-ss` to the place, the HLS muxer. */
export function jellyfinLike(file: string, duration: number, transcode = false): Way {
  const secs = 6;
  const spans = Array.from({ length: Math.ceil(duration / secs) }, (_, at) => ({
    start: at * secs,
    end: Math.min(duration, (at + 1) * secs),
  }));
  const codecs = transcode
    ? [
        ...["-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-maxrate", "6M", "-bufsize", "12M"],
        ...["-profile:v", "high", "-pix_fmt", "yuv420p", "-sc_threshold", "0"],
        ...["-force_key_frames", `expr:gte(t,n_forced*${secs})`, "-c:a", "aac", "-ac", "2", "-b:a", "160k"],
      ]
    : ["-c", "copy"];
  return {
    name: "Jellyfin-like",
    spans,
    pollMs: 100,
    args: (first) => [
      ...["-ss", `${spans[first]!.start}`, "-i", file, "-map", "0:v:0", "-map", "0:a:0", "-sn", "-map_chapters", "-1"],
      ...[...codecs, "-copyts", "-avoid_negative_ts", "disabled", "-max_muxing_queue_size", "2048"],
      ...["-f", "hls", "-hls_time", `${secs}`, "-hls_segment_type", "mpegts", "-start_number", `${first}`],
      ...["-hls_segment_filename", "%d.ts", "-hls_playlist_type", "vod", "-hls_list_size", "0", "list.m3u8"],
    ],
  };
}

/** Kyoo's: cut at keyframes that were looked up before, by the segment muxer. */
export const kyooLike = (file: string, spans: readonly Span[]): Way => ({
  name: "Kyoo-like",
  spans,
  pollMs: 10,
  args(first) {
    const before = spans[first - 1];
    const borders = spans.slice(first, first + 100).map(({ end }) => end);
    const times = (before ? [spans[first]!.start, ...borders] : borders).join(",");
    return [
      ...(before ? ["-noaccurate_seek", "-ss", `${(before.start + before.end) / 2}`] : []),
      ...["-i", file, "-map", "0:v:0", "-map", "0:a:0", "-c", "copy", "-copyts", "-muxdelay", "0", "-start_at_zero"],
      ...["-f", "segment", "-segment_format", "mpegts", "-segment_time_delta", "0.05", "-segment_times", times],
      ...["-segment_list_type", "flat", "-segment_list", "list", "-segment_start_number"],
      ...[`${before ? first - 1 : first}`, "%d.ts"],
    ];
  },
});

export interface Cutter {
  /** Of the list. */
  url: string;
  /** Ends ffmpeg and forgets what it made. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** Segments further ahead of the running ffmpeg than this start another one. */
const AHEAD = 4;

/** @param folder of its own; emptied */
export async function serveCut(way: Way, folder: string): Promise<Cutter> {
  let head: { first: number; made: number; child: Bun.Subprocess } | undefined;
  const segment = (number: number) => join(folder, `${number}.ts`);
  const reset = async () => {
    head?.child.kill("SIGKILL");
    await head?.child.exited;
    head = undefined;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
  };
  const start = async (first: number) => {
    head?.child.kill("SIGKILL");
    await head?.child.exited;
    const child = Bun.spawn(["ffmpeg", "-nostdin", "-v", "error", "-y", ...way.args(first)], {
      cwd: folder,
      stdio: ["ignore", "ignore", "ignore"],
    });
    head = { first, made: first, child };
  };
  const whole = (number: number) =>
    existsSync(segment(number)) && (existsSync(segment(number + 1)) || !head || head.child.exitCode !== null);
  const wait = async (number: number) => {
    if (whole(number)) return;
    while (head && existsSync(segment(head.made + 1))) head.made++;
    if (!head || number < head.first || number > head.made + AHEAD || head.child.exitCode !== null) await start(number);
    while (!whole(number) && head?.child.exitCode === null) await Bun.sleep(way.pollMs);
  };
  const longest = Math.ceil(Math.max(...way.spans.map(({ start, end }) => end - start)));
  const list = [
    `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:${longest}\n#EXT-X-PLAYLIST-TYPE:VOD`,
    ...way.spans.map(({ start, end }, number) => `#EXTINF:${(end - start).toFixed(6)},\n${number}.ts`),
    "#EXT-X-ENDLIST\n",
  ].join("\n");
  await reset();
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 60,
    async fetch(request) {
      const headers = { "access-control-allow-origin": "*" };
      const number = /(\d+)\.ts$/.exec(request.url)?.[1];
      if (number === undefined) {
        return new Response(list, { headers: { ...headers, "content-type": "application/vnd.apple.mpegurl" } });
      }
      await wait(Number(number));
      const file = Bun.file(segment(Number(number)));
      if (!(await file.exists())) return new Response(null, { status: 404, headers });
      return new Response(file, { headers: { ...headers, "content-type": "video/mp2t" } });
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}/index.m3u8`,
    reset,
    async stop() {
      await server.stop(true);
      await reset();
    },
  };
}
