/** `anicargo index` as a user runs it. Usage: bun scripts/bench/index.ts [--binary dist/anicargo] */
import { mkdirSync, rmSync } from "node:fs";
import { type Bench, bench, quantile, report, run } from "./measure.ts";
import { makeReleases } from "./releases.ts";

const ROUNDS = 5;
const MIB = 2 ** 20;

await bench(async (place) => {
  mkdirSync(place.env.ANICARGO_MEDIA_DIR!);
  await index(place, 0); // the database is there from now on
  const fresh: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    fill(place, 0);
    await run([...place.program, "index", "--allow-removals"], place);
    fill(place, 10_000);
    fresh.push((await index(place, 10_000)).ms);
  }
  report("index, 10,000 new files", ms(fresh), "1500 ms");
  report("index, 10,000 unchanged files", ms((await unchanged(place, 10_000)).map((one) => one.ms)), "500 ms");

  fill(place, 100_000);
  const first = await index(place, 100_000);
  report("index, 100,000 files, nearly all new", ms([first.ms]), "(none)");
  const runs = await unchanged(place, 100_000);
  report("index, 100,000 unchanged files", ms(runs.map((one) => one.ms)), "4000 ms");
  report("  its peak memory", `${(Math.max(...runs.map((one) => one.peak)) / MIB).toFixed(0)} MiB`, "300 MB");
});

function fill({ env }: Bench, count: number): void {
  rmSync(env.ANICARGO_MEDIA_DIR!, { recursive: true });
  mkdirSync(env.ANICARGO_MEDIA_DIR!);
  makeReleases(env.ANICARGO_MEDIA_DIR!, count);
}

async function index(place: Bench, files: number) {
  const ended = await run([...place.program, "index"], place);
  if (!ended.stdout.startsWith(`indexed ${files} file`)) throw new Error(`expected ${files} files: ${ended.stdout}`);
  return ended;
}

async function unchanged(place: Bench, files: number) {
  const runs = [];
  for (let round = 0; round < ROUNDS; round++) runs.push(await index(place, files));
  return runs;
}

function ms(values: readonly number[]): string {
  return `${quantile(values).toFixed(0)} ms`;
}
