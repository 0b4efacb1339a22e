/**
 * Asks a server as fast as it answers, from a process of its own. Prints one JSON object.
 *
 *     bun scripts/bench/load.ts '{"urls":["http://…"],"headers":{},"connections":32,"requests":1000}'
 */
import { quantile } from "./measure.ts";

export interface Load {
  /** Asked in turn. */
  urls: string[];
  headers: Record<string, string>;
  /** How many ask at the same time, each on a connection that is kept. */
  connections: number;
  requests: number;
}

export interface LoadResult {
  perSecond: number;
  /** Milliseconds from the question to the last byte of the answer. */
  p50: number;
  p99: number;
  /** Answers by status. */
  statuses: Record<string, number>;
  bytes: number;
}

/** Runs this file with Bun. */
export async function load(options: Load): Promise<LoadResult> {
  const child = Bun.spawn([process.execPath, import.meta.path, JSON.stringify(options)], { stderr: "inherit" });
  const [output, code] = await Promise.all([child.stdout.text(), child.exited]);
  if (code !== 0) throw new Error(`the load generator ended with ${code}`);
  return JSON.parse(output);
}

if (import.meta.main) {
  const { urls, headers, connections, requests }: Load = JSON.parse(process.argv[2]!);
  const times: number[] = [];
  const result: LoadResult = { perSecond: 0, p50: 0, p99: 0, statuses: {}, bytes: 0 };
  let asked = 0;
  const began = performance.now();
  const ask = async () => {
    while (asked < requests) {
      const url = urls[asked++ % urls.length]!;
      const from = performance.now();
      const response = await fetch(url, { headers });
      const body = await response.arrayBuffer();
      times.push(performance.now() - from);
      result.bytes += body.byteLength;
      result.statuses[response.status] = (result.statuses[response.status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, ask));
  result.perSecond = requests / ((performance.now() - began) / 1000);
  result.p50 = quantile(times);
  result.p99 = quantile(times, 0.99);
  console.log(JSON.stringify(result));
}
