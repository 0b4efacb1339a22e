/**
 * How fast titles are compared, and a library matched.
 *
 *     bun scripts/bench/matching.ts
 *     bun scripts/bench/matching.ts --binary dist/anicargo --cases cases.jsonl --bangumi http://127.0.0.1:8765
 *
 * The second form also matches a library: `--cases` names a file with one `{"path": "…"}` a line, `--bangumi` a server that answers as
 * Bangumi does (and counts at `/_stats`), best with a delay of 1 ms. The rate limit is lifted for it.
 */
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadAliasIndex } from "../../plugins/matching/alias-index.ts";
import { type Work, workOf } from "../../plugins/matching/names.ts";
import { scoreWork } from "../../plugins/matching/score.ts";
import { titlesOf } from "../../plugins/matching/titles.ts";
import type { Reading } from "../../src/plugin.ts";
import { type Bench, bench, report, run } from "./measure.ts";

const FILES = 4000;
const TITLES = 400;
const WORKS = 400;

await bench(
  async (place) => {
    await comparing();
    const { cases, bangumi } = place.options;
    if (!cases || !bangumi) return console.log("no --cases and --bangumi: the library is left out");
    await matching(place, cases, bangumi);
  },
  ["cases", "bangumi"],
);

/** Every title against every name of every work, each for the first time: nothing is remembered of an earlier round. */
async function comparing(): Promise<void> {
  const index = await loadAliasIndex();
  const works: Work[] = [];
  for (let id = 1; works.length < TITLES + WORKS && id < 1_000_000; id++) {
    const work = index.work(id);
    if (!work) continue;
    const [name, ...aliases] = work.titles as [string, ...string[]];
    const subject = { id, name, name_cn: "", aliases, platform: "TV", date: null, eps: 12, total_episodes: 12 };
    works.push(workOf({ ...subject, nsfw: false, image: null }));
  }
  const titles = works.splice(0, TITLES).map((work) => titlesOf(readingOf(work.names.at(-1)!.text)));
  const began = performance.now();
  let pairs = 0;
  for (const own of titles)
    for (const work of works) {
      scoreWork(work, own);
      pairs += own.length * work.names.length;
    }
  const perSecond = (1000 * pairs) / (performance.now() - began);
  report("comparing a title with a name", `${Math.round(perSecond).toLocaleString("en")}/s`, "20,000/s");
}

function readingOf(text: string): Reading {
  return {
    ...{ kind: "episode", titles: [{ text, derived: false }], folderTitles: [], season: null, part: null, episode: 1 },
    ...{ lastEpisode: null, otherEpisode: null, year: null, folderYear: null, staged: false, group: null },
  };
}

async function matching(place: Bench, cases: string, bangumi: string): Promise<void> {
  const paths = readFileSync(cases, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as { path: string }).path)
    .filter((path) => path.split("/").every((part) => Buffer.byteLength(part) <= 255));
  const files = [...new Set(paths)].slice(0, FILES);
  for (const [at, path] of files.entries()) makeFile(join(place.env.ANICARGO_MEDIA_DIR!, path), 1_000_000 + at);
  place.env.ANICARGO_BANGUMI_BASE_URL = bangumi;
  place.env.ANICARGO_BANGUMI_REQUESTS_PER_SECOND = "0";

  await run([...place.program, "index"], place);
  const before = await calls(bangumi);
  const first = await run([...place.program, "match"], place);
  const between = await calls(bangumi);
  const second = await run([...place.program, "match"], place);
  const after = await calls(bangumi);
  report(`match, ${files.length.toLocaleString("en")} files, first run`, seconds(first.ms), "20 s");
  console.log(`  ${first.stdout.trim()}`);
  report("  requests to Bangumi", String(between - before), "under 4 a subject");
  report("match, nothing new", seconds(second.ms), "(none)");
  report("  requests to Bangumi", String(after - between), "0");
}

/** Sparse: it takes no space. */
function makeFile(path: string, size: number): void {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "w");
  ftruncateSync(file, size);
  closeSync(file);
}

async function calls(bangumi: string): Promise<number> {
  const answer = (await (await fetch(`${bangumi}/_stats`)).json()) as { total: number };
  return answer.total;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
