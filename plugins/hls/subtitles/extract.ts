/**
 * Subtitles out of a file that our own readers do not take. ffmpeg reads all of it and hands on the track alone, as Matroska, so
 * that what is made of it is made in one way: ffmpeg's own WebVTT escapes nothing.
 */
import { printable } from "../../../src/lib/printable.ts";
import { killGroup } from "../kill-group.ts";
import { createFrameParser } from "../mkv/frame-parser.ts";
import { Damaged, type Frame, type SourceTrack } from "../reader/model.ts";
import { openArgs } from "../tools.ts";
import { MOST } from "./bounded.ts";
import type { SubtitleForm } from "./forms.ts";
import { writeSubtitles } from "./write.ts";

/** A viewer waits for it. A disk gives an episode in a few seconds, a share over a network in half a minute. */
const TIMEOUT_MS = 60_000;
const REASON_CHARS = 600;

export interface ExtractOptions {
  /** Absolute paths. */
  ffmpeg: string;
  file: string;
  /** ffmpeg's stream number. */
  index: number;
  /** One of `subtitleForms(codec)`. */
  form: SubtitleForm;
  signal: AbortSignal;
  timeoutMs?: number;
  /** Bytes. */
  most?: number;
}

/**
 * Times are the container's own.
 * @throws Damaged when ffmpeg cannot, has too much to say or takes too long; the signal's reason when it was aborted
 */
export async function extractSubtitles(options: ExtractOptions): Promise<Uint8Array> {
  const { track, frames } = parse(await runFfmpeg(options));
  return writeSubtitles(track, frames, options.form);
}

function extractArgs({ file, index, form }: ExtractOptions): string[] {
  return [
    ...["-nostdin", "-v", "error", "-copyts", ...openArgs(file), "-map", `0:${index}`],
    // Every kind of text that ffmpeg knows becomes ASS, which can say the most.
    ...["-c:s", form === "vtt" ? "ass" : "copy", "-f", "matroska", "pipe:1"],
  ];
}

async function runFfmpeg(options: ExtractOptions): Promise<Uint8Array> {
  const { ffmpeg, signal, timeoutMs = TIMEOUT_MS, most = MOST } = options;
  signal.throwIfAborted();
  const child = Bun.spawn([ffmpeg, ...extractArgs(options)], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    killSignal: "SIGKILL",
    maxBuffer: most,
    // A group of its own: ^C in the terminal is ours to handle.
    detached: true,
  });
  const kill = () => killGroup(child.pid, "SIGKILL");
  const timer = setTimeout(kill, timeoutMs);
  signal.addEventListener("abort", kill, { once: true });
  try {
    const [bytes, said, code] = await Promise.all([child.stdout.bytes(), child.stderr.text(), child.exited]);
    signal.throwIfAborted();
    if (code === 0) return bytes;
    throw new Damaged("ffmpeg cannot read these subtitles", { cause: printable(said.slice(-REASON_CHARS)) });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", kill);
    kill();
  }
}

function parse(bytes: Uint8Array): { track: SourceTrack; frames: Frame[] } {
  const parser = createFrameParser();
  const frames: Frame[] = [];
  let track: SourceTrack | undefined;
  for (const event of parser.push(bytes)) {
    if (event.type === "tracks") track = event.tracks[0];
    else frames.push(event.frame);
  }
  parser.end();
  if (!track) throw new Damaged("ffmpeg gave no subtitles");
  return { track, frames };
}
