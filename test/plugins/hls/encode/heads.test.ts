/** Heads of ffmpeg: shared, few, ended in time, and replaced when they break. */
import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { findTools } from "../../../../plugins/hls/tools.ts";
import { AppError, Unavailable } from "../../../../src/plugin.ts";
import { silentLogger } from "../../../helpers/silent-logger.ts";
import { until } from "../../../helpers/until.ts";
import { newFolder } from "../fixtures.ts";
import { script } from "../script.ts";
import { encodersOf } from "./encoders-of.ts";
import { closeAll, film, heads, heard, joined, shown, worksOf } from "./works.ts";

setDefaultTimeout(120_000);
afterEach(closeAll);

/** A film of its own, so that its encoders are told from those of other tests. */
async function ownFilm(): Promise<string> {
  const file = join(newFolder(), "film.mkv");
  await copyFile(await film("moving.mkv"), file);
  return file;
}
/** Slow enough to be met while it works. */
const SLOW = { transcode_preset: "veryslow" } as const;
const tools = (ffmpeg: string) => () => ({ ...findTools("ffmpeg"), ffmpeg });
const theOnly = async (file: string) => {
  await until(async () => (await encodersOf(file)).length === 1);
  return (await encodersOf(file))[0]!.pid;
};

test("all who read at one place share one encoder, and get the same bytes", async () => {
  const file = await ownFilm();
  const { video } = await worksOf(file);
  const pool = heads({ config: SLOW });
  const asked = [pool.init(video), pool.segment(video, 0), pool.segment(video, 0), pool.segment(video, 1)];
  await theOnly(file);
  const [, first, second, next] = await Promise.all(asked);
  expect(second).toBe(first!);
  expect(next).not.toEqual(first!);
  expect(await pool.segment(video, 0)).toBe(first!);
  expect((await encodersOf(file)).length).toBeLessThanOrEqual(1);
});

test("what is made is handed over, asked for or not", async () => {
  const { video } = await worksOf(await ownFilm());
  const made: (string | number)[] = [];
  const pool = heads({ onMade: (work, name) => made.push(work === video ? name : "?") });
  await pool.segment(video, 0);
  await until(() => made.length === video.spans.length + 1);
  expect(made).toEqual(["init", ...video.spans.keys()]);
});

test("fifty seeks leave no encoder over, and never run more than may", async () => {
  const file = await ownFilm();
  const { video, audio } = await worksOf(file);
  const pool = heads({ config: SLOW });
  let most = 0;
  for (let seek = 0; seek < 50; seek++) {
    const controller = new AbortController();
    const number = (seek * 7) % video.spans.length;
    const options = { signal: controller.signal };
    const wanted = Promise.allSettled([pool.segment(video, number, options), pool.segment(audio, number, options)]);
    await until(async () => {
      most = Math.max(most, (await encodersOf(file)).length);
      return most > 0;
    });
    if (seek < 49) controller.abort();
    else for (const { status } of await wanted) expect(status).toBe("fulfilled");
  }
  // Two of pictures, four of sound.
  expect(most).toBeLessThanOrEqual(6);
  await pool.close();
  expect(await encodersOf(file)).toEqual([]);
});

test("an encoder that is killed in the middle is replaced", async () => {
  const file = await ownFilm();
  const { video } = await worksOf(file);
  const pool = heads({ config: SLOW });
  const init = await pool.init(video);
  const first = await pool.segment(video, 0);
  const wanted = pool.segment(video, 3);
  process.kill(await theOnly(file), "SIGKILL");
  const pictures = await shown(joined(init, first, await wanted));
  expect(pictures).toHaveLength(48 + 96);
});

test("an encoder that hangs is replaced", async () => {
  const file = await ownFilm();
  const { video } = await worksOf(file);
  const pool = heads({ config: SLOW, stallMs: 1_000 });
  const init = await pool.init(video);
  const wanted = pool.segment(video, 2);
  const pid = await theOnly(file);
  process.kill(pid, "SIGSTOP");
  expect(await shown(joined(init, await wanted))).toHaveLength(48);
  expect((await encodersOf(file)).map((one) => one.pid)).not.toContain(pid);
});

test("one that hangs from the start is replaced as well", async () => {
  const lock = join(newFolder(), "lock");
  const program = await script(`mkdir ${lock} 2>/dev/null && exec sleep 1000; exec ffmpeg "$@"`);
  const { audio } = await worksOf(await ownFilm());
  const pool = heads({ tools: tools(program), stallMs: 1_000 });
  expect((await heard(joined(await pool.init(audio), await pool.segment(audio, 0)))).length).toBeGreaterThan(90_000);
});

test("an encoder that always fails is an error that says how, and the log has what it said", async () => {
  const program = await script("echo 'no such filter' >&2; exit 3");
  const said: unknown[] = [];
  const log = { ...silentLogger, error: (_message: string, facts?: unknown) => said.push(facts) };
  const { video, audio } = await worksOf(await ownFilm());
  const pool = heads({ tools: tools(program), log });
  for (const work of [video, audio]) {
    const error = await pool.segment(work, 1).catch((error) => error);
    expect(error).toBeInstanceOf(AppError);
    expect(error.message).toBe("ffmpeg failed (exit code 3); the log has what it said");
  }
  expect(said).toHaveLength(6);
  expect(said[0]).toMatchObject({ how: "exit code 3", said: ["no such filter"] });
});

test("output that makes no sense is a failure, not a segment", async () => {
  const program = await script("exec cat /dev/zero");
  const { video, audio } = await worksOf(await ownFilm());
  const pool = heads({ tools: tools(program) });
  await expect(pool.segment(video, 0)).rejects.toBeInstanceOf(AppError);
  await expect(pool.segment(audio, 0)).rejects.toBeInstanceOf(AppError);
});

test("an encoder that ends before the film does is a failure", async () => {
  const { video } = await worksOf(await ownFilm());
  const pool = heads({ tools: tools(await script("exit 0")) });
  await expect(pool.segment(video, 0)).rejects.toThrow("ffmpeg failed (exit code 0)");
});

test("a head that nobody waits for any more rests, goes on when it is asked again, and is ended at last", async () => {
  const file = await ownFilm();
  const { video } = await worksOf(file);
  const pool = heads({ config: SLOW, idleMs: 500 });
  const controller = new AbortController();
  const wanted = pool.segment(video, 2, { signal: controller.signal });
  const pid = await theOnly(file);
  controller.abort(new Error("gone away"));
  await expect(wanted).rejects.toThrow("gone away");
  await until(async () => (await encodersOf(file))[0]?.state === "T");
  const again = pool.segment(video, 2);
  expect(await theOnly(file)).toBe(pid);
  expect((await again).length).toBeGreaterThan(1000);
  await until(async () => (await encodersOf(file)).length === 0);
});

test("where all places are taken, the head longest without a reader makes room", async () => {
  const [first, second] = [await ownFilm(), await ownFilm()];
  const pool = heads({ config: { ...SLOW, max_hls_concurrency: 1 } });
  await pool.segment((await worksOf(first)).video, 0);
  const wanted = pool.segment((await worksOf(second)).video, 0);
  await until(async () => (await encodersOf(first)).length === 0);
  expect((await wanted).length).toBeGreaterThan(1000);
});

test("while viewers wait for every head, others are told to come again", async () => {
  const [first, second] = [await ownFilm(), await ownFilm()];
  const pool = heads({
    tools: tools(await script("exec sleep 1000")),
    config: { max_hls_concurrency: 1 },
    queueMs: 50,
  });
  const waiting = pool.segment((await worksOf(first)).video, 0).catch((error) => error);
  const refused = await pool.segment((await worksOf(second)).video, 0).catch((error) => error);
  expect(refused).toBeInstanceOf(Unavailable);
  expect(refused.retryAfter).toBeGreaterThan(0);
  await pool.close();
  expect(await waiting).toBeInstanceOf(Unavailable);
});

test("a viewer takes the place of a job, which gets its segment later", async () => {
  const [first, second] = [await ownFilm(), await ownFilm()];
  const pool = heads({ config: { ...SLOW, max_hls_concurrency: 1 }, idleMs: 100 });
  const job = pool.segment((await worksOf(first)).video, 2, { patient: true });
  await theOnly(first);
  const viewer = pool.segment((await worksOf(second)).video, 0);
  await until(async () => (await encodersOf(first)).length === 0);
  await viewer;
  expect((await job).length).toBeGreaterThan(1000);
});

test("after the end nothing runs and nothing is begun", async () => {
  const file = await ownFilm();
  const { video } = await worksOf(file);
  const pool = heads({ config: SLOW });
  const waiting = pool.segment(video, 4).catch((error) => error);
  await theOnly(file);
  await pool.close();
  expect(await waiting).toBeInstanceOf(Unavailable);
  expect(await encodersOf(file)).toEqual([]);
  await expect(pool.segment(video, 0)).rejects.toBeInstanceOf(Unavailable);
});

test.skipIf(!Bun.which("setpriv"))("R19: encoders do not outlive us when we are killed", async () => {
  const file = await ownFilm();
  const parent = Bun.spawn([process.execPath, join(import.meta.dir, "encode-and-wait.ts"), file]);
  await theOnly(file);
  parent.kill("SIGKILL");
  await until(async () => (await encodersOf(file)).length === 0);
});
