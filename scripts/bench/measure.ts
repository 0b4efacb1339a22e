/** What all benches share: arguments, a private place, runs of the program as a user makes them, medians. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { machine } from "./machine.ts";

export interface Bench {
  /** How the program is started. */
  program: readonly string[];
  /** A folder of its own, removed at the end. */
  dir: string;
  /** Environment of the program: nothing of the developer's. */
  env: Record<string, string>;
  /** What was given of the bench's own options. */
  options: Record<string, string | undefined>;
}

/**
 * Reads `--binary` and the bench's own options (each takes a text), prints the machine, runs `use` in a private place.
 * @param options names of further options, as in `--cases FILE`
 */
export async function bench(use: (bench: Bench) => Promise<void>, options: readonly string[] = []): Promise<void> {
  const { values } = parseArgs({
    options: Object.fromEntries(["binary", ...options].map((name) => [name, { type: "string" as const }])),
  });
  const binary = values.binary === undefined ? undefined : resolve(values.binary);
  if (binary !== undefined && !existsSync(binary))
    throw new Error(`there is no ${binary}: make it with \`bun run build\``);
  const program = binary ? [binary] : [process.execPath, resolve(import.meta.dir, "../../src/main.ts")];
  const dir = mkdtempSync(join(tmpdir(), "anicargo-bench-"));
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: dir,
    LANG: "C.UTF-8",
    ANICARGO_MEDIA_DIR: join(dir, "media"),
    ANICARGO_DATA_DIR: join(dir, "data"),
    ANICARGO_CACHE_DIR: join(dir, "cache"),
    ANICARGO_BIND: "127.0.0.1:0",
  };
  console.log(`${machine()}: ${program.join(" ")}`);
  try {
    await use({ program, dir, env, options: values });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

export interface Run {
  /** Milliseconds from start to exit. */
  ms: number;
  /** Peak resident memory in bytes. */
  peak: number;
  stdout: string;
}

/** Runs a command to its end; throws with what it said when it fails. */
export async function run(command: readonly string[], { dir, env }: Pick<Bench, "dir" | "env">): Promise<Run> {
  const began = performance.now();
  const child = Bun.spawn([...command], { cwd: dir, env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  const ms = performance.now() - began;
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}: ${stderr}`);
  return { ms, peak: child.resourceUsage()!.maxRSS, stdout };
}

/** The value below which `part` of the values lie; the median by default. */
export function quantile(values: readonly number[], part = 0.5): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
}

/** `name  value  target`, aligned. */
export function report(name: string, value: string, target: string): void {
  console.log(`${name.padEnd(44)} ${value.padStart(14)}   target ${target}`);
}
