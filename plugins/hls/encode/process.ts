/** An ffmpeg that writes to us: stopped and continued, and never left behind. */
import { killGroup } from "../kill-group.ts";
import { lastLines, mortal } from "../run.ts";

export interface Encoding {
  output: ReadableStream<Uint8Array>;
  /** Halts it where it is, or lets it go on. */
  pause(): void;
  resume(): void;
  /** Ends it and all it started; a stopped one too. */
  kill(): void;
  /** How it ended, when its output has been read. */
  ended: Promise<{ ok: boolean; how: string; said: string[] }>;
}

/** @param program absolute path */
export function startEncoding(program: string, args: readonly string[]): Encoding {
  const child = Bun.spawn([...mortal(), program, ...args], {
    cwd: "/",
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    // A group of its own: ^C in the terminal is ours to handle, and a wrapper script's children end with it.
    detached: true,
  });
  const said = lastLines(child.stderr);
  return {
    output: child.stdout,
    pause: () => killGroup(child.pid, "SIGSTOP"),
    resume: () => killGroup(child.pid, "SIGCONT"),
    kill: () => killGroup(child.pid, "SIGKILL"),
    ended: child.exited.then(async (code) => {
      killGroup(child.pid, "SIGKILL");
      return { ok: code === 0, how: child.signalCode ? `${child.signalCode}` : `exit code ${code}`, said: await said };
    }),
  };
}
