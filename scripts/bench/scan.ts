/** `anicargo scan` of 100,000 files beside `find`, in turns. Usage: bun scripts/bench/scan.ts [--binary dist/anicargo] */
import { bench, quantile, report, run } from "./measure.ts";
import { makeReleases } from "./releases.ts";

const FILES = 100_000;
const ROUNDS = 7;

await bench(async (place) => {
  const media = place.env.ANICARGO_MEDIA_DIR!;
  makeReleases(media, FILES);
  const find: number[] = [];
  const scan: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const found = await run(["find", media, "-type", "f", "-printf", "%s %T@ %p\\n"], place);
    const scanned = await run([...place.program, "scan"], place);
    const lines = [found, scanned].map(({ stdout }) => stdout.split("\n").length - 1);
    if (lines.some((count) => count !== FILES))
      throw new Error(`expected ${FILES} lines each, got ${lines.join(" and ")}`);
    if (round === 0) continue; // warms the caches
    find.push(found.ms);
    scan.push(scanned.ms);
  }
  const [base, ours] = [quantile(find), quantile(scan)];
  report(`find, ${FILES} files`, `${base.toFixed(0)} ms`, "(the measure)");
  report(`anicargo scan, ${FILES} files`, `${ours.toFixed(0)} ms`, "at most 3 times find");
  report("ratio", (ours / base).toFixed(2), "3.00");
});
