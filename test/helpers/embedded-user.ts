/** Drives `embedded-process.ts`. */
import { join } from "node:path";

export interface EmbeddedUser {
  pid: number;
  /** Waits for the next line that has this event; rejects when the process ends without one. */
  next(event: string): Promise<Record<string, unknown>>;
  /** Waits for a line that the program logged. */
  logged(text: string): Promise<void>;
  tell(order: "query" | "close"): void;
  /** Resolves with the exit code. */
  close(): Promise<number>;
  kill(): Promise<number>;
}

const SCRIPT = join(import.meta.dir, "embedded-process.ts");

/** @param options.path instead of our PATH */
export function startUser(dataDir: string, options: { keepAlive?: boolean; path?: string } = {}): EmbeddedUser {
  const child = Bun.spawn([process.execPath, SCRIPT, dataDir, ...(options.keepAlive ? ["keepAlive"] : [])], {
    env: { PATH: options.path ?? process.env.PATH ?? "" },
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const lines = linesOf(child.stdout);
  const until = async (wanted: (line: Record<string, unknown>) => boolean) => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`the process ended with code ${await child.exited}`);
      if (wanted(value)) return value;
    }
  };
  return {
    pid: child.pid,
    next: (event) => until((line) => line.event === event),
    logged: async (text) => void (await until((line) => String(line.log ?? "").includes(text))),
    tell: (order) => {
      child.stdin.write(`${order}\n`);
      child.stdin.flush();
    },
    close: async () => {
      child.stdin.write("close\n");
      child.stdin.flush();
      await until((line) => line.event === "closed");
      return child.exited;
    },
    kill: () => {
      child.kill("SIGKILL");
      return child.exited;
    },
  };
}

/** One reader for all: leaving a `for await` over the stream would close it. */
async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Record<string, unknown>> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield JSON.parse(line);
  }
}
