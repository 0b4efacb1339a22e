/** ffmpeg as a process: its progress, its end, and that nothing of it is left (HARDENING R3, R19, R22). */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { isRunning, startTime } from "../../../plugins/hls/owner.ts";
import { progress, type RunOptions, run } from "../../../plugins/hls/run.ts";
import { until } from "../../helpers/until.ts";
import { newFolder } from "./fixtures.ts";
import { script } from "./script.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

async function start(body: string, options: Partial<RunOptions> = {}) {
  const cwd = newFolder();
  const program = await script(body);
  return run({ program, args: [], cwd, signal: new AbortController().signal, graceMs: 100, ...options });
}

/** A program that leaves the numbers of itself and of a child in `pids`, and ignores SIGTERM, like its child. */
const STUBBORN =
  "trap '' TERM; (trap '' TERM; while :; do sleep 1; done) & echo $! $$ > pids; while :; do sleep 1; done";

const pidsIn = async (cwd: string): Promise<number[]> =>
  (await Bun.file(join(cwd, "pids")).text()).trim().split(" ").map(Number);

test("tells how the program ended, and its last 20 lines, cut and without control characters", async () => {
  const ended = await start(`i=0; while [ $i -lt 30 ]; do echo "line $i" >&2; i=$((i+1)); done
    printf '\\033[31mred %01000d\\n' 7 >&2; exit 3`);
  expect(ended).toMatchObject({ ended: "failed", how: "exit code 3" });
  expect(ended.said).toHaveLength(20);
  expect(ended.said[0]).toBe("line 11");
  expect(ended.said.at(-1)).toStartWith("\\u001b[31mred 000");
  expect(ended.said.at(-1)!.length).toBeLessThan(600);
});

test("a crash is told by its signal", async () => {
  expect(await start("kill -SEGV $$")).toMatchObject({ ended: "failed", how: "SIGSEGV" });
});

test("works in the folder given, so that output names can be relative", async () => {
  const cwd = newFolder();
  expect(await start("touch made-here", { cwd })).toMatchObject({ ended: "done" });
  expect(await Bun.file(join(cwd, "made-here")).exists()).toBeTrue();
});

test("R22: one that makes no progress is ended, with all that it started, though it ignores SIGTERM", async () => {
  const cwd = newFolder();
  expect(await start(STUBBORN, { cwd, stallMs: 100 })).toMatchObject({ ended: "stalled", how: "SIGKILL" });
  for (const pid of await pidsIn(cwd)) await until(() => startTime(pid) === null);
});

test("reports that say the same again and again are no progress", async () => {
  const body = "while :; do printf 'frame=1\\nout_time_us=5\\nprogress=continue\\n'; sleep 0.02; done";
  expect(await start(body, { stallMs: 300 })).toMatchObject({ ended: "stalled" });
});

test("progress keeps it alive for longer than the limit", async () => {
  const body =
    "i=0; while [ $i -lt 8 ]; do i=$((i+1)); printf 'out_time_us=%s00000\\nprogress=continue\\n' $i; sleep 0.1; done";
  const seen: number[] = [];
  expect(await start(body, { stallMs: 500, onProgress: (secs) => seen.push(secs) })).toMatchObject({ ended: "done" });
  expect(seen).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]);
});

test("an abort ends it, with all that it started, and throws the reason", async () => {
  const cwd = newFolder();
  const controller = new AbortController();
  const running = start(STUBBORN, { cwd, signal: controller.signal });
  await until(async () => (await Bun.file(join(cwd, "pids")).exists()) && (await pidsIn(cwd)).length === 2);
  controller.abort(new Error("cancelled"));
  await expect(running).rejects.toThrow("cancelled");
  for (const pid of await pidsIn(cwd)) await until(() => startTime(pid) === null);
});

test("a signal that was aborted before starts nothing", async () => {
  const cwd = newFolder();
  await expect(start("touch started", { cwd, signal: AbortSignal.abort(new Error("too late")) })).rejects.toThrow(
    "too late",
  );
  expect(await Bun.file(join(cwd, "started")).exists()).toBeFalse();
});

test("a stopped process is ended all the same (R3)", async () => {
  let pid = 0;
  const onStart = async (started: number) => {
    pid = started;
    process.kill(pid, "SIGSTOP");
  };
  expect(await start("sleep 1000", { onStart, stallMs: 100 })).toMatchObject({ ended: "stalled" });
  expect(isRunning(pid, null)).toBeFalse();
});

test.skipIf(!Bun.which("setpriv"))("R19: ffmpeg does not outlive us when we are killed", async () => {
  const cwd = newFolder();
  const program = await script("echo $$ > pids; exec sleep 1000");
  const parent = Bun.spawn([process.execPath, join(import.meta.dir, "run-and-wait.ts"), program, cwd]);
  await until(async () => (await Bun.file(join(cwd, "pids")).exists()) && (await pidsIn(cwd))[0]! > 0);
  const [pid] = await pidsIn(cwd);
  expect(startTime(pid!)).not.toBeNull();
  parent.kill("SIGKILL");
  await until(() => startTime(pid!) === null);
});

describe("what it reads on its standard input", () => {
  async function* numbers(count: number): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < count; i++) yield new TextEncoder().encode(`${i}\n`);
  }

  test("comes to it in whole, and ends", async () => {
    const cwd = newFolder();
    expect(await start("cat > seen", { cwd, input: numbers(1000) })).toMatchObject({ ended: "done" });
    expect((await Bun.file(join(cwd, "seen")).text()).trim().split("\n")).toHaveLength(1000);
  });

  test("is asked for no faster than it reads", async () => {
    const cwd = newFolder();
    let asked = 0;
    async function* chunks(): AsyncGenerator<Uint8Array> {
      while (asked < 1000) {
        asked++;
        yield new Uint8Array(100_000);
      }
    }
    const running = start("while [ ! -e go ]; do sleep 0.05; done; wc -c > seen", { cwd, input: chunks() });
    await until(() => asked > 1);
    expect(asked).toBeLessThan(20);
    await Bun.write(join(cwd, "go"), "");
    expect(await running).toMatchObject({ ended: "done" });
    expect((await Bun.file(join(cwd, "seen")).text()).trim()).toBe("100000000");
  });

  test("may stay unread", async () => {
    expect(await start("exit 3", { input: numbers(100_000) })).toMatchObject({ how: "exit code 3" });
  });

  test("ends it with its error, and all that it started", async () => {
    const cwd = newFolder();
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(10);
      await until(async () => (await Bun.file(join(cwd, "pids")).exists()) && (await pidsIn(cwd)).length === 2);
      throw new Error("the disk is gone");
    }
    await expect(start(STUBBORN, { cwd, input: broken() })).rejects.toThrow("the disk is gone");
    for (const pid of await pidsIn(cwd)) await until(() => startTime(pid) === null);
  });
});

test("progress is read from whole and broken lines alike", async () => {
  const text =
    "frame=1\nout_time_us=N/A\nprogress=continue\nframe=9\nout_time_us=1500000\nprogress=continue\nprogress=end\n";
  const bytes = new TextEncoder().encode(text);
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.slice(at, at + 7));
      controller.close();
    },
  });
  expect(await Array.fromAsync(progress(stream))).toEqual([0, 1.5]);
});
