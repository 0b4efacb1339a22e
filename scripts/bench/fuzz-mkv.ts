/**
 * Damages Matroska files at random for as long as it is told, and reads them: whatever is in a file, a reader ends soon, and throws nothing but
 * `Damaged`.
 *
 * bun scripts/bench/fuzz-mkv.ts [MINUTES] [--seed NUMBER]
 *
 * Prints what it did; ends with the seed of the first failure, with which it can be repeated. Needs ffmpeg and mkvmerge.
 */
import { parseArgs } from "node:util";
import { runEnds } from "../../test/helpers/at-end.ts";
import { mkv } from "../../test/plugins/hls/mkv/fixtures.ts";
import { add, fuzz, newAccount, sampleOf } from "../../test/plugins/hls/mkv/fuzz.ts";
import { machine } from "./machine.ts";

const NAMES = [
  ...["release.mkv", "release.merged.mkv", "zlib.merged.mkv", "ebml-lacing.merged.mkv", "xiph-lacing.merged.mkv"],
  ...["block-groups.merged.mkv", "no-cues.merged.mkv", "opus.merged.mkv", "live.mkv", "vp9.webm"],
] as const;
/** Milliseconds that no call may take, on a machine with other work. */
const SLOW = 5_000;

const { values, positionals } = parseArgs({ options: { seed: { type: "string" } }, allowPositionals: true });
const minutes = Number(positionals[0] ?? 1);
const first = Number(values.seed ?? Date.now() % 1_000_000_000);

try {
  const samples = await Promise.all(NAMES.map(async (name) => sampleOf(await mkv(name))));
  console.log(`${machine()}: ${minutes} minutes from seed ${first}`);
  const account = newAccount();
  const end = performance.now() + minutes * 60_000;
  for (let seed = first; performance.now() < end; seed++) {
    const sample = samples[seed % samples.length]!;
    try {
      const outcome = await fuzz(sample, seed);
      if (outcome.slowest > SLOW) throw new Error(`${outcome.damage} took ${outcome.slowest} ms`);
      add(account, outcome);
    } catch (error) {
      console.error(`--seed ${seed} (${sample.name}):`, error);
      process.exitCode = 1;
      break;
    }
  }
  const { rounds, good, damaged, slowest, greediest } = account;
  console.log(`${rounds} files: ${good} calls gave something, ${damaged} found damage`);
  console.log(`slowest call ${slowest.toFixed(0)} ms; most read by one: ${greediest.toFixed(1)} times the file`);
  console.log(`memory now ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB`);
} finally {
  await runEnds();
}
