/** Runs ffmpeg: follows its progress, and makes sure that it ends, and everything it started with it. */
import { setPriority } from "node:os";
import { printable } from "../../src/lib/printable.ts";
import { killGroup } from "./kill-group.ts";

/** No progress for so long means that it hangs (HARDENING R22). */
const STALL_MS = 60_000;
/** What it is given to end by itself after SIGTERM: less than the worker gives an aborted job. */
const GRACE_MS = 2_000;
/** Of standard error, for the log. */
const KEPT_LINES = 20;
const LINE_CHARS = 500;
/** Playing must stay smooth while a rendition is made. */
const NICENESS = 10;

export interface RunOptions {
  /** Absolute path, so that a missing program is known before. */
  program: string;
  args: readonly string[];
  /** Output names are relative to it: `%` and the like in a folder's name would be expanded (HARDENING S15). */
  cwd: string;
  signal: AbortSignal;
  /** What it reads on its standard input; an error of it ends the run. */
  input?: AsyncIterable<Uint8Array>;
  /** Seconds of the output that are done. */
  onProgress?(secs: number): void;
  onStart?(pid: number): Promise<void>;
  stallMs?: number;
  graceMs?: number;
}

/** What ffmpeg ended with. */
export interface RunResult {
  ended: "done" | "failed" | "stalled";
  /** `exit code 1` or `SIGSEGV`. */
  how: string;
  /** Whether a signal ended it, which says nothing of the file. */
  killed: boolean;
  /** The last lines of its standard error. */
  said: string[];
}

/**
 * Resolves when no process of it is left.
 * @throws the signal's reason when it was aborted
 */
export async function run(options: RunOptions): Promise<RunResult> {
  const { signal, stallMs = STALL_MS, graceMs = GRACE_MS } = options;
  signal.throwIfAborted();
  const child = Bun.spawn([...mortal(), options.program, ...options.args], {
    cwd: options.cwd,
    stdin: options.input ? "pipe" : "ignore",
    stdout: "pipe",
    stderr: "pipe",
    // A group of its own: ^C in the terminal is ours to handle, and a wrapper script's children end with it.
    detached: true,
  });
  lowerPriority(child.pid);

  const stuck = Promise.withResolvers<never>();
  const starved = Promise.withResolvers<never>();
  const timers: Timer[] = [];
  let stalled = false;
  const stop = () => {
    if (timers.length > 0) return;
    killGroup(child.pid, "SIGTERM");
    // A stopped process ignores SIGTERM, one that waits for a dead disk SIGKILL too (HARDENING R3).
    timers.push(
      setTimeout(() => killGroup(child.pid, "SIGKILL"), graceMs),
      setTimeout(() => stuck.reject(new Error("ffmpeg cannot be ended: its disk does not answer")), 2 * graceMs),
    );
  };
  const stall = () => {
    stalled = true;
    stop();
  };
  let watchdog = setTimeout(stall, stallMs);
  const follow = async (): Promise<RunResult> => {
    const said = lastLines(child.stderr);
    for await (const secs of progress(child.stdout)) {
      clearTimeout(watchdog);
      watchdog = setTimeout(stall, stallMs);
      options.onProgress?.(secs);
    }
    const code = await child.exited;
    killGroup(child.pid, "SIGKILL");
    const how = child.signalCode ? `${child.signalCode}` : `exit code ${code}`;
    const killed = child.signalCode !== null && child.signalCode !== undefined;
    return { ended: stalled ? "stalled" : code === 0 ? "done" : "failed", how, killed, said: await said };
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    await options.onStart?.(child.pid);
    if (options.input && child.stdin) feed(child.stdin, options.input).catch(starved.reject);
    const result = await Promise.race([follow(), stuck.promise, starved.promise]);
    signal.throwIfAborted();
    return result;
  } finally {
    for (const timer of [watchdog, ...timers]) clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    killGroup(child.pid, "SIGKILL");
  }
}

/** @throws what `input` throws. One that reads no further says why when it ends. */
async function feed(stdin: Bun.FileSink, input: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of input) {
    try {
      stdin.write(chunk);
      await stdin.flush();
    } catch {
      return;
    }
  }
  await Promise.resolve(stdin.end()).catch(() => {});
}

/** On Linux, the kernel ends ffmpeg when we are killed (HARDENING R19); elsewhere the next owner of the lock does. */
export function mortal(): string[] {
  const setpriv = process.platform === "linux" ? Bun.which("setpriv") : null;
  return setpriv ? [setpriv, "--pdeathsig", "KILL", "--"] : [];
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, NICENESS);
  } catch {
    // It ended already, or the system does not allow it: not worth failing for.
  }
}

/** Seconds of output from `-progress`, each time they, or the frames, move on: a report alone is no progress. */
export async function* progress(stream: ReadableStream<Uint8Array>): AsyncGenerator<number> {
  let secs = 0;
  let frame = "";
  let last = "";
  for await (const line of lines(stream)) {
    const [key, value = ""] = line.split("=");
    if (key === "frame") frame = value;
    else if (key === "out_time_us" && Number(value) > 0) secs = Number(value) / 1e6;
    else if (key === "progress" && `${secs} ${frame}` !== last) {
      last = `${secs} ${frame}`;
      yield secs;
    }
  }
}

/** The last lines of a stream, to be shown to people. */
export async function lastLines(stream: ReadableStream<Uint8Array>): Promise<string[]> {
  const kept: string[] = [];
  for await (const line of lines(stream)) {
    if (kept.push(printable(line)) > KEPT_LINES) kept.shift();
  }
  return kept;
}

/** Lines of a stream, each cut to a bounded length, so that one without an end costs nothing. */
async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split(/[\r\n]+/);
    rest = (parts.pop() ?? "").slice(0, LINE_CHARS);
    for (const part of parts) if (part) yield part.slice(0, LINE_CHARS);
  }
  if (rest) yield rest;
}
