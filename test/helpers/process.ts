/** The compiled executable as a user runs it: real processes, real signals, output collected. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const binary = join(import.meta.dir, "../../dist/anicargo");

/** Says loudly what is missing, rather than skipping. */
export function requireBinary(): void {
  if (!existsSync(binary)) throw new Error("dist/anicargo is missing: run `bun run build` (scripts/test does)");
}

export interface Place {
  /** An empty folder of its own, outside the checkout. */
  dir: string;
  env: Record<string, string>;
  remove(): void;
}

/** A place to run in: its own data, cache and media folders, nothing of the developer's environment. */
export function newPlace(name: string): Place {
  const dir = mkdtempSync(join(tmpdir(), `anicargo-${name}-`));
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: join(dir, "home"),
    LANG: "C.UTF-8",
    ANICARGO_MEDIA_DIR: join(dir, "media"),
    ANICARGO_DATA_DIR: join(dir, "data"),
    ANICARGO_CACHE_DIR: join(dir, "cache"),
    ANICARGO_BIND: "127.0.0.1:0",
  };
  return { dir, env, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs one command to its end. */
export async function run(
  place: Place,
  args: string[],
  options: { env?: Record<string, string> } = {},
): Promise<Ended> {
  const child = Bun.spawn([binary, ...args], {
    cwd: place.dir,
    env: { ...place.env, ...options.env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, stdout, stderr };
}

export interface Server {
  pid: number;
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** Everything it has said so far. */
  output(): string;
  exited: Promise<number>;
  kill(signal?: NodeJS.Signals): Promise<number>;
}

/** What a test of one plugin runs: the program as it stands in the sources, which need not be built. */
export const sources = [process.execPath, join(import.meta.dir, "../../src/main.ts")];

/** Starts `serve` and waits until it says where it listens. Rejects with its output when it ends before that. */
export async function serve(
  place: Place,
  options: { env?: Record<string, string>; program?: string[] } = {},
): Promise<Server> {
  const { program = [binary] } = options;
  const child = Bun.spawn([...program, "serve"], {
    cwd: place.dir,
    env: { ...place.env, ...options.env },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  let output = "";
  const url = await new Promise<string>((resolve, reject) => {
    void (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of child.stderr) {
        output += decoder.decode(chunk, { stream: true });
        const listening = /listening on (http:\/\/\S+:\d+)/.exec(output);
        if (listening) resolve(listening[1]!);
      }
      reject(new Error(`serve ended with code ${await child.exited}:\n${output}`));
    })();
  });
  return {
    pid: child.pid,
    url,
    output: () => output,
    exited: child.exited,
    kill: (signal = "SIGTERM") => {
      child.kill(signal);
      return child.exited;
    },
  };
}
