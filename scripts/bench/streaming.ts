/**
 * What a viewer waits for, and what ffmpeg needs for the same: every row of STREAMING's table that one machine can print. Ours is
 * asked over HTTP like by any player; the others run beside it on the same file, one after the other.
 *
 *     bun scripts/bench/streaming.ts --binary dist/anicargo --episode FOLDER [--runs 5]
 *
 * FOLDER keeps the episode that is made at the first run (0.9 GB). Needs ffmpeg and Chromium.
 */
import { utimes } from "node:fs/promises";
import { join, resolve } from "node:path";
import { load } from "./load.ts";
import { type Bench, bench, quantile, run } from "./measure.ts";
import { login, serve } from "./server.ts";
import { type Cutter, jellyfinLike, kyooLike, serveCut, type Way } from "./streaming/cutters.ts";
import { EPISODE_SECS, makeEpisode } from "./streaming/episode.ts";
import { readPlaylists } from "./streaming/lists.ts";
import {
  firstPicture,
  inFolder,
  KEYFRAMES,
  makeCold,
  segmentCommand,
  sizeOf,
  timed,
  WHOLE,
} from "./streaming/programs.ts";
import { openViewer, type Visit } from "./streaming/viewer.ts";

/** What Debian's Chromium says yes to, as far as the episode needs it. */
const CODECS = "avc1.640028,mp4a.40.2,fLaC";
/** Parts of the whole: far from each other and from what is in the buffer. */
const FAR = [0.486, 0.098, 0.876, 0.321, 0.691, 0.054, 0.603];

/** More seconds off than this, and a viewer sees it. The delay of reordered pictures is less. */
const OFF_SECS = 0.3;

interface Stream {
  playlist_url: string;
  subtitles: { url: string }[];
  fonts: { url: string }[];
}

interface Ours {
  place: Bench;
  file: string;
  runs: number;
  cacheDir: string;
  /** Asks what there is to play. */
  ask(): Promise<Stream>;
}

await bench(
  async (place) => {
    const folder = resolve(place.options.episode ?? join(place.dir, "episode"));
    const file = await makeEpisode(folder);
    place.env.ANICARGO_MEDIA_DIR = folder;
    const runs = Number(place.options.runs ?? 5);
    await run([...place.program, "index"], place);
    print("", "ours", "others", "to reach");
    await withServer(place, file, runs, {}, async (ours) => {
      await keyframes(ours);
      await segments(ours);
      await viewers(ours);
      await sound(ours);
      await subtitles(ours);
      await disk(ours);
      await wrongTimes(ours);
    });
    await withServer(place, file, runs, { ANICARGO_HLS_TRANSCODE: "true" }, transcoding);
  },
  ["episode", "runs"],
);

async function withServer(
  place: Bench,
  file: string,
  runs: number,
  env: Record<string, string>,
  use: (ours: Ours) => Promise<void>,
): Promise<void> {
  const server = await serve({ ...place, env: { ...place.env, ...env } });
  try {
    const headers = { authorization: `Bearer ${await login(server.url)}` };
    const json = async (path: string) => {
      const answer = await fetch(`${server.url}${path}`, { headers });
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    };
    const [{ id }] = (await json("/api/library")) as [{ id: string }];
    const ask = async () => (await json(`/api/stream/${id}?codecs=${CODECS}`)) as Stream;
    await use({ place, file, runs, cacheDir: place.env.ANICARGO_CACHE_DIR!, ask });
  } finally {
    await server.stop();
  }
}

async function keyframes({ file, runs, ask }: Ours): Promise<void> {
  const own: number[] = [];
  const others: number[] = [];
  for (let round = 0; round < runs; round++) {
    await renew(file);
    await makeCold(file);
    own.push(await elapsed(ask));
    await makeCold(file);
    others.push(await timed(KEYFRAMES(file)));
  }
  print("first look at a file, cold, until it plays", ms(own), `${ms(others)} ffprobe`, "60 ms");
}

async function segments({ file, runs, ask }: Ours): Promise<void> {
  const { video, audio } = await readPlaylists((await ask()).playlist_url);
  const spans = video.segments;
  const urls = shuffled(spans).map(({ url }) => url);
  const others: number[] = [];
  for (let round = 0; round < 2 * runs; round++) {
    const at = 1 + Math.floor(Math.random() * (spans.length - 2));
    const [before, wanted, after] = spans.slice(at - 1, at + 2);
    await inFolder(async (cwd) => others.push(await timed(segmentCommand(file, before!, wanted!, after!), cwd)));
  }
  const alone = await load({ urls, headers: {}, connections: 1, requests: 300 });
  const together = await load({ urls, headers: {}, connections: 4, requests: 1200 });
  refuseErrors(alone.statuses, together.statuses);
  print(
    "one copied segment, alone, p50 and p99",
    `${alone.p50.toFixed(1)}, ${alone.p99.toFixed(1)} ms`,
    `${ms(others)} command A`,
    "10 ms",
  );
  print("  4 clients, p50 and p99", `${together.p50.toFixed(1)}, ${together.p99.toFixed(1)} ms`, "", "10, 60 ms");
  // As many as fit into an argument of a program.
  const both = [
    ...urls.slice(0, 100),
    ...shuffled(audio[0]!.segments)
      .slice(0, 100)
      .map(({ url }) => url),
  ];
  const full = await load({ urls: both, headers: {}, connections: 8, requests: 2000 });
  refuseErrors(full.statuses);
  // Each viewer takes a picture segment and one of sound.
  const rate = (full.perSecond / 2) * (EPISODE_SECS / spans.length);
  print("viewers at real time on this machine", rate.toFixed(0), "", "1000");
}

async function viewers({ place, file, runs, ask }: Ours): Promise<void> {
  const url = (await ask()).playlist_url;
  const spans = (await readPlaylists(url)).video.segments;
  const ways = [jellyfinLike(file, EPISODE_SECS), kyooLike(file, spans)];
  const own = await watch(url, runs, async () => {});
  const others: { name: string; seen: Seen }[] = [];
  for (const way of ways)
    others.push({ name: way.name, seen: await withCutter(way, place, (cut) => watch(cut.url, runs, cut.reset)) });
  const row = (name: string, of: keyof Seen, target: string) => {
    print(name, tally(own[of]), others.map((other) => `${tally(other.seen[of])} ${other.name}`).join(", "), target);
  };
  row("start in hls.js, first picture", "start", "550 ms");
  row("resume in the middle", "resume", "900 ms");
  row("seek", "seek", "350 ms");
}

interface Seen {
  start: (number | null)[];
  resume: (number | null)[];
  seek: (number | null)[];
}

/** @param before each visit, so that nothing is made already */
async function watch(url: string, runs: number, before: () => Promise<void>): Promise<Seen> {
  const viewer = openViewer();
  const seen: Seen = { start: [], resume: [], seek: [] };
  const visit = async (use: (visit: Visit) => Promise<void>) => {
    await before();
    await viewer.visit(use);
  };
  for (let round = 0; round < runs; round++) {
    await visit(async (page) => {
      seen.start.push(await page.begin(url));
      if (round > 1) return;
      for (const part of FAR) {
        seen.seek.push(await page.seek(part * EPISODE_SECS + 0.3));
        await Bun.sleep(500);
      }
    });
    await visit(async (page) => void seen.resume.push(await page.begin(url, EPISODE_SECS * 0.47)));
  }
  await viewer.stop();
  return seen;
}

async function sound({ runs, ask }: Ours): Promise<void> {
  const url = (await ask()).playlist_url;
  const viewer = openViewer();
  const { times, waits } = await viewer.visit(async (page) => {
    const times: (number | null)[] = [];
    let waits = 0;
    await page.begin(url);
    for (let round = 0; round < runs; round++) {
      await Bun.sleep(2000);
      const changed = await page.otherSound();
      times.push(changed.ms);
      waits += changed.waits;
    }
    return { times, waits };
  });
  await viewer.stop();
  print("audio track switch", `${tally(times)}, ${waits} waits`, "", "50 ms, 0 waits");
}

async function subtitles({ file, runs, ask }: Ours): Promise<void> {
  const own: number[] = [];
  const others: number[] = [];
  for (let round = 0; round < runs; round++) {
    // Another file, of which the server has nothing in memory.
    await renew(file);
    const { subtitles, fonts } = await ask();
    await makeCold(file);
    own.push(
      await elapsed(() =>
        Promise.all(
          [subtitles[0]!, ...fonts].map(async ({ url }) => {
            const answer = await fetch(url);
            if (!answer.ok) throw new Error(`${new URL(url).pathname}: ${answer.status}`);
            await answer.arrayBuffer();
          }),
        ),
      ),
    );
    await makeCold(file);
    others.push(
      await timed(["ffmpeg", "-nostdin", "-v", "error", "-i", file, "-map", "0:s:0", "-f", "ass", "-y", "/dev/null"]),
    );
  }
  print("ASS of the whole file with fonts, cold", ms(own), `${ms(others)} ffmpeg`, "150 ms");
}

async function disk({ file, cacheDir, ask }: Ours): Promise<void> {
  const { video, audio } = await readPlaylists((await ask()).playlist_url);
  const before = await sizeOf(cacheDir);
  for (const { url } of [...video.segments, ...audio[0]!.segments]) await (await fetch(url)).arrayBuffer();
  const own = (await sizeOf(cacheDir)) - before;
  const others = await inFolder(async (cwd) => {
    await timed(WHOLE(file), cwd);
    return sizeOf(cwd);
  });
  print("disk written while an episode is watched", mb(own), `${mb(others)} command C`, "0 MB");
}

async function wrongTimes({ file, place, ask }: Ours): Promise<void> {
  const { video } = await readPlaylists((await ask()).playlist_url);
  const [init, chosen] = [await (await fetch(video.init)).bytes(), shuffled(video.segments).slice(0, 30)];
  let own = 0;
  await inFolder(async (folder) => {
    for (const { url, start } of chosen) {
      const path = join(folder, "one.mp4");
      await Bun.write(path, new Blob([init, await (await fetch(url)).bytes()]));
      if (isOff(await firstPicture(path), start)) own++;
    }
  });
  const way = jellyfinLike(file, EPISODE_SECS);
  const counted = await withCutter(way, place, async (cut) => {
    let [wrong, all] = [0, 0];
    for (const part of FAR) {
      await cut.reset();
      const first = Math.floor(part * way.spans.length);
      for (const number of [first, first + 1, first + 2, first + 3]) {
        const answer = await fetch(new URL(`${number}.ts`, cut.url));
        await Bun.write(join(place.dir, "one.ts"), await answer.bytes());
        all++;
        if (isOff(await firstPicture(join(place.dir, "one.ts")), way.spans[number]!.start)) wrong++;
      }
    }
    return `${wrong} of ${all}`;
  });
  print("segments with the wrong time after a seek", `${own} of ${chosen.length}`, `${counted} ${way.name}`, "0");
}

async function transcoding({ place, file, runs, ask }: Ours): Promise<void> {
  const viewer = openViewer();
  const way = jellyfinLike(file, EPISODE_SECS, true);
  await withCutter(way, place, async (cut) => {
    for (const [name, position, target] of [
      ["first picture when transcoding 1080p", -1, "1500 ms"],
      ["  in the middle", EPISODE_SECS * 0.47, ""],
    ] as const) {
      const own: (number | null)[] = [];
      const others: (number | null)[] = [];
      for (let round = 0; round < runs; round++) {
        await renew(file);
        const { playlist_url: url } = await ask();
        own.push(await viewer.visit((page) => page.begin(url, position)));
        await cut.reset();
        others.push(await viewer.visit((page) => page.begin(cut.url, position)));
      }
      print(name, tally(own), `${tally(others)} ${way.name}`, target);
    }
  });
  await viewer.stop();
}

async function withCutter<T>(way: Way, { dir }: Bench, use: (cut: Cutter) => Promise<T>): Promise<T> {
  const cut = await serveCut(way, join(dir, "cut"));
  try {
    return await use(cut);
  } finally {
    await cut.stop();
  }
}

function refuseErrors(...all: Record<string, number>[]): void {
  for (const statuses of all) {
    if (Object.keys(statuses).join() !== "200") throw new Error(`answers: ${JSON.stringify(statuses)}`);
  }
}

/** Another time of change is another file: nothing of what is known of it counts. */
async function renew(file: string): Promise<void> {
  await utimes(file, new Date(), new Date(Date.now() - 3_600_000 * (1 + Math.random())));
}

function isOff(found: number | null, said: number): boolean {
  return found === null || Math.abs(found - said) > OFF_SECS;
}

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ value }) => value);
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function ms(values: readonly number[]): string {
  return `${quantile(values).toFixed(0)} ms`;
}

/** The median of what came, and how often nothing did. */
function tally(values: readonly (number | null)[]): string {
  const came = values.filter((value) => value !== null);
  const failed = values.length - came.length;
  return `${came.length > 0 ? ms(came) : "never"}${failed > 0 ? ` (${failed} of ${values.length} failed)` : ""}`;
}

function print(name: string, ours: string, others: string, target: string): void {
  console.log(`${name.padEnd(44)} ${ours.padStart(18)}   ${target.padEnd(16)} ${others}`);
}
