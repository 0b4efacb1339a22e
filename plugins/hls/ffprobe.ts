/** Asks ffprobe about a file that may be hostile: bounded in time and in what it may say. */
import { stat } from "node:fs/promises";
import { printable } from "../../src/lib/printable.ts";
import { type AppErrorOptions, EXIT, Unprocessable } from "../../src/plugin.ts";
import { killGroup } from "./kill-group.ts";
import type { MediaIndex } from "./media-index.ts";
import { type FfprobeAnswer, readProbe } from "./probe.ts";
import { openArgs, type Tools } from "./tools.ts";

/** HARDENING S11: a good file answers in a tenth of a second. */
const TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 1 << 20;
/** What went wrong stands in the last lines. */
const REASON_CHARS = 600;

const FIELDS = [
  "format=format_name,start_time,duration",
  "stream=index,codec_type,codec_name,profile,pix_fmt,field_order,width,height,avg_frame_rate,r_frame_rate,channels,sample_rate",
  "stream_disposition=default,forced,attached_pic",
  "stream_tags=language,title",
  "chapter=start_time,end_time",
  "chapter_tags=title",
].join(":");

/** The file cannot be read as a video; asking again does not help. The cause holds what ffprobe said. */
export class Unreadable extends Unprocessable {
  constructor(message: string, options: AppErrorOptions = {}) {
    super(message, { exitCode: EXIT.failed, ...options });
  }
}

/**
 * @param file an absolute path
 * @throws Unreadable when ffprobe cannot make sense of the file, says too much or takes too long
 */
export async function probeFile(tools: Tools, file: string, timeoutMs = TIMEOUT_MS): Promise<MediaIndex> {
  // ffprobe waits for ever on a pipe (HARDENING S6).
  if (!(await stat(file)).isFile()) throw new Unreadable("this is not a regular file");
  const child = Bun.spawn([tools.ffprobe, "-v", "error", "-show_entries", FIELDS, "-of", "json", ...openArgs(file)], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    killSignal: "SIGKILL",
    maxBuffer: MAX_ANSWER_BYTES,
    detached: true,
  });
  const timer = setTimeout(() => killGroup(child.pid, "SIGKILL"), timeoutMs);
  try {
    const [answer, said, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    if (child.signalCode === "SIGKILL") {
      throw new Unreadable("ffprobe took too long or had too much to say: the file is damaged", { cause: tail(said) });
    }
    if (code !== 0) throw new Unreadable("this file cannot be read as a video", { cause: tail(said) });
    return readProbe(parse(answer));
  } finally {
    clearTimeout(timer);
    killGroup(child.pid, "SIGKILL");
  }
}

function parse(answer: string): FfprobeAnswer {
  try {
    return JSON.parse(answer) as FfprobeAnswer;
  } catch (cause) {
    throw new Unreadable("ffprobe gave no answer that makes sense", { cause });
  }
}

const tail = (said: string): string => printable(said.trim().slice(-REASON_CHARS));
