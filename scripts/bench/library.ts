/**
 * `GET /api/library` of 10,000 files: whole, unchanged, and in pages. Server, PostgreSQL and the load share the machine.
 *
 *     bun scripts/bench/library.ts [--binary dist/anicargo]
 */
import { load } from "./load.ts";
import { bench, report, run } from "./measure.ts";
import { makeReleases } from "./releases.ts";
import { login, serve } from "./server.ts";

const FILES = 10_000;
const PAGE = 100;

await bench(async (place) => {
  makeReleases(place.env.ANICARGO_MEDIA_DIR!, FILES);
  await run([...place.program, "index"], place);
  const server = await serve(place);
  try {
    const library = `${server.url}/api/library`;
    const headers = { authorization: `Bearer ${await login(server.url)}` };
    const first = await fetch(library, { headers });
    const entries = (await first.json()) as unknown[];
    if (entries.length !== FILES) throw new Error(`expected ${FILES} entries, got ${entries.length}`);
    const etag = first.headers.get("etag")!;

    const ask = async (
      name: string,
      target: string,
      shown: "p50" | "perSecond",
      options: Partial<Parameters<typeof load>[0]>,
    ) => {
      const result = await load({ urls: [library], headers, connections: 1, requests: 300, ...options });
      const value = shown === "p50" ? `${result.p50.toFixed(2)} ms` : `${result.perSecond.toFixed(0)} /s`;
      report(name, value, target);
      const each = result.bytes / Object.values(result.statuses).reduce((sum, count) => sum + count, 0);
      console.log(
        `  ${JSON.stringify(result.statuses)}, p99 ${result.p99.toFixed(1)} ms, ${(each / 1024).toFixed(0)} KiB each`,
      );
    };
    await ask("GET /api/library, 10,000 entries, p50", "at most 40 ms", "p50", {});
    const known = { headers: { ...headers, "if-none-match": etag }, requests: 3000 };
    await ask("GET /api/library, unchanged (304), p50", "at most 2 ms", "p50", known);
    const urls = Array.from({ length: FILES / PAGE }, (_, page) => `${library}?limit=${PAGE}&offset=${page * PAGE}`);
    const pages = { urls, connections: 32, requests: 20_000 };
    await ask("100 a page, 32 connections", "at least 2000 /s", "perSecond", pages);
  } finally {
    await server.stop();
  }
});
