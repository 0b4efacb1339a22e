import { describe, expect, test } from "bun:test";
import { createLimiter, type Lane, type Limiter, type LimiterOptions } from "../../../plugins/bangumi/limiter.ts";

/** A clock that a test turns. */
function turnedClock() {
  let now = 0;
  const bells: { at: number; ring: () => void }[] = [];
  return {
    clock: { now: () => now, after: (ms: number, ring: () => void) => void bells.push({ at: now + ms, ring }) },
    /** Lets time pass, ringing whatever is due. */
    async pass(ms: number) {
      const end = now + ms;
      for (;;) {
        await settle();
        const due = bells.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (!due) break;
        bells.splice(bells.indexOf(due), 1);
        now = due.at;
        due.ring();
      }
      now = end;
    },
    now: () => now,
  };
}

const settle = () => Bun.sleep(0);

function room(options: Partial<LimiterOptions> = {}) {
  const time = turnedClock();
  const stopping = new AbortController();
  const limiter: Limiter = createLimiter({
    ...{ perSecond: 0, atOnce: 4, peopleWaiting: 8, signal: stopping.signal, clock: time.clock },
    ...options,
  });
  const started: { name: string; at: number }[] = [];
  /** Asks for a turn; the work ends when the test says so. */
  const ask = (name: string, lane: Lane = "jobs", work: Promise<unknown> = Promise.resolve()) =>
    limiter.run(lane, async () => {
      started.push({ name, at: time.now() });
      await work;
    });
  return { ...time, limiter, stopping, started, ask, names: () => started.map(({ name }) => name) };
}

describe("the rate", () => {
  test("starts are evenly spaced, so that no second has more than it may", async () => {
    const { ask, pass, started } = room({ perSecond: 3 });
    const all = Array.from({ length: 7 }, (_, index) => ask(`${index}`));
    await pass(2100);
    await Promise.all(all);
    expect(started.map(({ at }) => Math.round(at))).toEqual([0, 350, 700, 1050, 1400, 1750, 2100]);
  });

  test("a rate below one is one every so many seconds", async () => {
    const { ask, pass, names } = room({ perSecond: 0.5 });
    void ask("a");
    void ask("b");
    await pass(2099);
    expect(names()).toEqual(["a"]);
    await pass(1);
    expect(names()).toEqual(["a", "b"]);
  });

  test("who comes late enough need not wait, and idle time is not saved up", async () => {
    const { ask, pass, names } = room({ perSecond: 1 });
    await ask("a");
    await pass(10_000);
    void ask("b");
    void ask("c");
    await pass(999);
    expect(names()).toEqual(["a", "b"]);
  });

  test("0 is no limit", async () => {
    const { ask, started } = room({ perSecond: 0 });
    await Promise.all(Array.from({ length: 100 }, (_, index) => ask(`${index}`)));
    expect(started.length).toBe(100);
  });

  test("a bell that rings early changes nothing", async () => {
    let now = 0;
    const bells: (() => void)[] = [];
    const clock = { now: () => now, after: (_ms: number, ring: () => void) => void bells.push(ring) };
    const { ask, names } = room({ perSecond: 1, clock });
    void ask("a");
    void ask("b");
    now = 999;
    bells.shift()!();
    await settle();
    expect(names()).toEqual(["a"]);
    now = 1050;
    bells.shift()!();
    await settle();
    expect(names()).toEqual(["a", "b"]);
  });
});

test("no more than so many are under way, and the end of one, good or bad, lets the next one in", async () => {
  const { ask, names } = room({ atOnce: 2 });
  const works = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
  const asked = works.map(({ promise }, index) => ask(`${index}`, "jobs", promise));
  await settle();
  expect(names()).toEqual(["0", "1"]);
  works[1]!.reject(new Error("no"));
  await expect(asked[1]).rejects.toThrow("no");
  await settle();
  expect(names()).toEqual(["0", "1", "2"]);
  for (const { resolve } of works) resolve();
  await asked[3];
  expect(names()).toEqual(["0", "1", "2", "3"]);
});

describe("people and jobs", () => {
  test("take turns while both wait, people first", async () => {
    const { ask, names } = room({ atOnce: 1 });
    const gate = Promise.withResolvers<void>();
    const first = ask("job 0", "jobs", gate.promise);
    const all = [
      ask("job 1"),
      ask("job 2"),
      ask("person 1", "people"),
      ask("person 2", "people"),
      ask("person 3", "people"),
    ];
    gate.resolve();
    await Promise.all([first, ...all]);
    expect(names()).toEqual(["job 0", "person 1", "job 1", "person 2", "job 2", "person 3"]);
  });

  test("too many people are told to come back, jobs never", async () => {
    const { ask, stopping } = room({ atOnce: 1, peopleWaiting: 2, perSecond: 2 });
    const never = new Promise(() => {});
    void ask("0", "jobs", never);
    const waiting = [ask("1", "people"), ask("2", "people"), ask("3"), ask("4"), ask("5")];
    const tooMany = ask("6", "people");
    await expect(tooMany).rejects.toMatchObject({ status: 503, retryAfter: 3 });
    stopping.abort();
    const ends = await Promise.allSettled(waiting);
    expect(ends.map(({ status }) => status)).toEqual(waiting.map(() => "rejected"));
  });
});

test("who waits when the process ends is let go, and nobody starts any more", async () => {
  const { ask, stopping, names } = room({ atOnce: 1 });
  const gate = Promise.withResolvers<void>();
  const underway = ask("a", "jobs", gate.promise);
  const waiting = ask("b");
  stopping.abort();
  await expect(waiting).rejects.toMatchObject({ status: 503 });
  await expect(ask("c", "people")).rejects.toMatchObject({ status: 503 });
  gate.resolve();
  await underway;
  expect(names()).toEqual(["a"]);
});
