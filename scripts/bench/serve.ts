/**
 * What `anicargo serve` costs: from start to ready, memory when idle, size of the file.
 *
 *     bun scripts/bench/serve.ts [--binary dist/anicargo] [--runs 7]
 *
 * Ready: the first `200` of /api/health, asked every 2 ms. Memory: PSS of the server and of its PostgreSQL processes
 * (/proc/PID/smaps_rollup), 5 s after the last request. The first start, which unpacks and makes the cluster, is told apart.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { machine } from "./machine.ts";

const { values } = parseArgs({
  options: { binary: { type: "string", default: "dist/anicargo" }, runs: { type: "string", default: "7" } },
});
const binary = resolve(values.binary);
const place = mkdtempSync(join(tmpdir(), "anicargo-bench-serve-"));
mkdirSync(join(place, "media"));
const port = 39_517;
const env = {
  PATH: process.env.PATH ?? "",
  HOME: place,
  ANICARGO_MEDIA_DIR: join(place, "media"),
  ANICARGO_DATA_DIR: join(place, "data"),
  ANICARGO_CACHE_DIR: join(place, "cache"),
  ANICARGO_BIND: `127.0.0.1:${port}`,
};

async function start(): Promise<{ pid: number; readyMs: number; stop(): Promise<void> }> {
  const begun = performance.now();
  const child = Bun.spawn([binary, "serve"], { env, cwd: place, stdio: ["ignore", "ignore", "ignore"] });
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/health`).catch(() => null);
    if (answer?.status === 200) break;
    if (child.exitCode !== null) throw new Error(`serve ended with code ${child.exitCode}`);
    await Bun.sleep(2);
  }
  const readyMs = performance.now() - begun;
  const stop = async () => {
    child.kill("SIGTERM");
    await child.exited;
  };
  return { pid: child.pid, readyMs, stop };
}

/** MiB, shared pages counted in parts. */
const pss = (pid: number): number =>
  Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))![1]) / 1024;

/** The postmaster and its children. */
function postgresOf(dataDir: string): number[] {
  const postmaster = Number(readFileSync(join(dataDir, "postgres/pgdata/postmaster.pid"), "utf8").split("\n")[0]);
  const children = readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return new RegExp(`^PPid:\\s+${postmaster}$`, "m").test(readFileSync(`/proc/${name}/status`, "utf8"));
    } catch {
      return false; // ended meanwhile
    }
  });
  return [postmaster, ...children.map(Number)];
}

try {
  console.log(machine());
  const first = await start();
  await first.stop();
  const times: number[] = [];
  for (let run = 0; run < Number(values.runs); run++) {
    const server = await start();
    times.push(server.readyMs);
    await server.stop();
  }
  times.sort((a, b) => a - b);
  const server = await start();
  await Bun.sleep(5000);
  const own = pss(server.pid);
  const database = postgresOf(env.ANICARGO_DATA_DIR).reduce((sum, pid) => sum + pss(pid), 0);
  await server.stop();

  const ms = (value: number) => `${Math.round(value)} ms`;
  console.log(`file                     ${(Bun.file(binary).size / 1e6).toFixed(1)} MB (target: under 150)`);
  console.log(`first start to ready     ${ms(first.readyMs)}`);
  console.log(
    `second start to ready    median ${ms(times[times.length >> 1]!)} [${ms(times[0]!)}..${ms(times.at(-1)!)}], ${times.length} runs (target: at most 600 ms)`,
  );
  console.log(
    `idle memory (PSS)        ${(own + database).toFixed(0)} MiB: server ${own.toFixed(0)}, PostgreSQL ${database.toFixed(0)} (target: under 160)`,
  );
} finally {
  rmSync(place, { recursive: true, force: true });
}
