import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { autoMatchJob } from "../../../plugins/matching/job.ts";
import { enqueueAutoMatch } from "../../../plugins/matching/service.ts";
import { createJobQueue } from "../../../src/jobs/service.ts";
import { type AnyJob, JobSnooze, type Progress } from "../../../src/plugin.ts";
import { type House, noJobs, OUT, openHouse, outage, plainDecide } from "./house.ts";

/** The first one unpacks PostgreSQL. */
setDefaultTimeout(30_000);

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
beforeEach(async () => {
  await house.clear();
  house.shelf.add(7, "Show", 12);
  house.shelf.add(8, "Other", 12);
  house.shelf.add(9, "Other Story", 12);
});
afterAll(() => house.close());

const fails = (running: Promise<unknown>): Promise<Error> =>
  running.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: Error) => error,
  );

test("writes matches and candidates, counts them, and says so in the log", async () => {
  await house.add("a/Show - 01.mkv", "a/Show - 02.mkv", "a/Show (NCOP).mkv", "b/Oth.mkv", "c/Nothing.mkv");
  expect(await house.run()).toEqual({ scanned: 5, matched: 2, candidates: 2, unknown: 1, skipped: 0 });
  expect(await house.matches()).toEqual(["a/Show - 01.mkv: 7/70001 auto", "a/Show - 02.mkv: 7/70002 auto"]);
  expect(house.log.lines.at(-1)?.message).toBe("matched 2 of 5 files (2 need a look, 1 unknown)");
});

test("asks once for a group, and keeps the candidates best first, no more than asked for", async () => {
  const [id] = await house.add("b/Other - 01.mkv", "b/Other - 02.mkv");
  await house.run();
  expect(house.shelf.calls).toEqual(["search Other", "episodes 8"]);
  expect(await house.matching.candidates(id!)).toEqual([
    { subject_id: 8, confidence: 0.99, reason: '"Other"', name: "Other", name_cn: "Other CN" },
    { subject_id: 9, confidence: 0.6, reason: '"Other"', name: "Other Story", name_cn: "Other Story CN" },
  ]);
  await house.run({ limit: 1 });
  expect((await house.matching.candidates(id!)).map(({ subject_id }) => subject_id)).toEqual([8]);
});

test("a second run with nothing new asks nothing and writes nothing, not one row", async () => {
  await house.add("Show - 01.mkv", "Oth.mkv", "Nothing.mkv", "Show (NCOP).mkv");
  await house.run();
  const before = await house.rows();
  house.shelf.calls.length = 0;
  expect(await house.run()).toEqual({ scanned: 4, matched: 1, candidates: 2, unknown: 1, skipped: 4 });
  expect(house.shelf.calls).toEqual([]);
  expect(await house.rows()).toEqual(before);
});

test("a new episode in a known folder: only that file is decided and written", async () => {
  await house.add("Show - 01.mkv");
  await house.run();
  const before = await house.sql`select xmin::text, * from media_matches`;
  await house.add("Show - 02.mkv");
  const seen: string[][] = [];
  house.rules.decide = async (group, limits) => {
    seen.push(group.files.map(({ path }) => path));
    return plainDecide(house.shelf)(group, limits);
  };
  expect(await house.run()).toMatchObject({ scanned: 2, matched: 2, skipped: 1 });
  expect(seen).toEqual([["Show - 02.mkv"]]);
  expect(await house.sql`select xmin::text, * from media_matches where media_id = ${before[0]!.media_id}`).toEqual(
    before,
  );
});

test("what was found in vain is looked at again after a week, what was found is not", async () => {
  await house.add("Show - 01.mkv", "New.mkv", "Show (NCOP).mkv");
  await house.run();
  house.shelf.add(10, "New", 1);
  await house.age(6);
  expect(await house.run()).toMatchObject({ skipped: 3, unknown: 1 });
  await house.age(2);
  expect(await house.run()).toMatchObject({ skipped: 2, unknown: 0, matched: 2 });
});

test("other limits decide anew: what does not hold any more is taken away", async () => {
  const [id] = await house.add("Oth.mkv");
  expect(await house.run({ min_confidence: 0.5 })).toMatchObject({ matched: 1 });
  expect(await house.run({ min_confidence: 0.9 })).toMatchObject({ matched: 0, candidates: 1 });
  expect(await house.matches()).toEqual([]);
  expect(await house.run({ min_candidate_score: 0.7 })).toMatchObject({ candidates: 0, unknown: 1 });
  expect(await house.matching.candidates(id!)).toEqual([]);
});

test("other rules decide anew, and rows that stay as they are stay untouched", async () => {
  await house.add("Show - 01.mkv", "Oth.mkv");
  await house.run();
  const rows = () => house.sql`
    select xmin::text, media_id from media_matches union all select xmin::text, media_id from match_candidates order by 2, 1`;
  const before = await rows();
  house.rules.version = "2";
  expect(await house.run()).toMatchObject({ skipped: 0, matched: 1 });
  expect(await rows()).toEqual(before);
});

test("a file without a parse, or with one of an older program, is left alone", async () => {
  const [first] = await house.add("Show - 01.mkv", "Show - 02.mkv");
  await house.sql`delete from media_parses where media_id = ${first!}`;
  await house.sql`update media_parses set reading = default`;
  expect(await house.run()).toEqual({ scanned: 0, matched: 0, candidates: 0, unknown: 0, skipped: 0 });
});

test("a file that left the library while it was decided leaves nothing, and the others are written", async () => {
  await house.add("Show - 01.mkv", "Show - 02.mkv");
  house.rules.decide = async (group, limits) => {
    await house.sql`delete from media_files where path = 'Show - 01.mkv'`;
    return plainDecide(house.shelf)(group, limits);
  };
  await house.run();
  expect(await house.matches()).toEqual(["Show - 02.mkv: 7/70002 auto"]);
});

test("a file of which the rules say nothing counts as unknown", async () => {
  await house.add("Show - 01.mkv");
  house.rules.decide = async () => [];
  expect(await house.run()).toMatchObject({ unknown: 1, skipped: 0 });
});

test("what came into the library during a run is matched by that run: who asked for it meanwhile was given it", async () => {
  await house.add("Show - 01.mkv");
  let added = false;
  house.rules.decide = async (group, limits) => {
    if (!added) await house.add("Other - 01.mkv");
    added = true;
    return plainDecide(house.shelf)(group, limits);
  };
  expect(await house.run()).toMatchObject({ scanned: 2, matched: 2 });
});

test("progress counts files and names what is being looked at", async () => {
  await house.add("Show - 01.mkv");
  await house.run();
  await house.add("Other - 01.mkv", "Other - 02.mkv");
  const seen: Progress[] = [];
  await house.run({ onProgress: (progress) => seen.push(progress) });
  expect(seen).toEqual([
    { done: 1, total: 3, note: "Other" },
    { done: 3, total: 3, note: undefined },
  ]);
});

describe("a match by hand", () => {
  test("is not counted, not looked at and not changed", async () => {
    const [id] = await house.add("Show - 01.mkv");
    await house.matching.choose(id!, { subjectId: 8, applyToGroup: false });
    expect(await house.run()).toMatchObject({ scanned: 0, matched: 0 });
    expect(await house.matches()).toEqual(["Show - 01.mkv: 8/80001 manual"]);
  });

  test("that is made while the job decides the same file wins", async () => {
    const [id] = await house.add("Show - 01.mkv", "Show - 02.mkv");
    house.rules.decide = async (group, limits) => {
      const verdicts = await plainDecide(house.shelf)(group, limits);
      await house.matching.choose(id!, { subjectId: 8, applyToGroup: false });
      return verdicts;
    };
    await house.run();
    expect(await house.matches()).toEqual(["Show - 01.mkv: 8/80001 manual", "Show - 02.mkv: 7/70002 auto"]);
  });

  test("that is made at the same time as the batch is written wins, whichever comes first", async () => {
    const paths = Array.from({ length: 40 }, (_, index) => `${index}/Show - 01.mkv`);
    const ids = await house.add(...paths);
    const running = house.run();
    const choosing = ids.map((id) => house.matching.choose(id, { subjectId: 8, applyToGroup: false }));
    await Promise.all([running, ...choosing]);
    expect(new Set((await house.matches()).map((line) => line.split(": ")[1]))).toEqual(new Set(["8/80001 manual"]));
  });

  test("is used for neighbours that nothing else matched, each with its own episode", async () => {
    const [id] = await house.add("x/Unheard - 01.mkv", "x/Unheard - 02.mkv", "y/Unheard - 03.mkv");
    await house.run();
    await house.matching.choose(id!, { subjectId: 7, applyToGroup: false });
    expect(await house.run()).toMatchObject({ matched: 1, unknown: 1, skipped: 1 });
    await house.add("x/Unheard - 05.mkv");
    await house.run();
    expect(await house.matches()).toEqual([
      "x/Unheard - 01.mkv: 7/70001 manual",
      "x/Unheard - 02.mkv: 7/70002 auto",
      "x/Unheard - 05.mkv: 7/70005 auto",
    ]);
    const [, second] = await house.sql<{ media_id: string }[]>`
      select media_id from media_matches join media_files on id = media_id order by path`;
    expect(await house.matching.current(second!.media_id)).toMatchObject({
      confidence: 1,
      reason: "chosen by hand for its neighbours",
    });
    const before = await house.rows();
    house.shelf.calls.length = 0;
    await house.run();
    expect([await house.rows(), house.shelf.calls]).toEqual([before, []]);
  });

  test("is not used where the subject has no such episode: the rules decide", async () => {
    const [id] = await house.add("Show - 01.mkv", "Show - 13.mkv");
    await house.matching.choose(id!, { subjectId: 8, applyToGroup: false });
    await house.run();
    expect(await house.matches()).toEqual(["Show - 01.mkv: 8/80001 manual", "Show - 13.mkv: 7/null auto"]);
  });

  test("changes nothing for neighbours that the rules have matched", async () => {
    const [id] = await house.add("Show - 01.mkv", "Show - 02.mkv");
    await house.run();
    await house.matching.choose(id!, { subjectId: 8, applyToGroup: false });
    await house.add("Show - 03.mkv");
    await house.run();
    expect(await house.matches()).toEqual([
      "Show - 01.mkv: 8/80001 manual",
      "Show - 02.mkv: 7/70002 auto",
      "Show - 03.mkv: 7/70003 auto",
    ]);
  });

  test("that is taken away takes along what it taught", async () => {
    const [id] = await house.add("Unheard - 01.mkv", "Unheard - 02.mkv");
    await house.matching.choose(id!, { subjectId: 7, applyToGroup: false });
    await house.run();
    await house.matching.clear(id!, false);
    expect(await house.run()).toMatchObject({ matched: 0, unknown: 2 });
  });
});

describe("when Bangumi is out of reach", () => {
  test("what was decided is kept, and the job goes on later with its attempt unspent", async () => {
    await house.add("Show - 01.mkv", "Other - 01.mkv", "Other - 02.mkv");
    house.rules.decide = async (group, limits) => {
      if (group.files[0]!.path.startsWith("Other")) throw outage();
      return plainDecide(house.shelf)(group, limits);
    };
    const seen: Progress[] = [];
    const error = await fails(house.run({ onProgress: (progress) => seen.push(progress) }));
    expect(error).toBeInstanceOf(JobSnooze);
    expect(error.message).toBe(`${OUT}; 2 files wait for it`);
    expect(seen.at(-1)).toEqual({ done: 1, total: 3, note: error.message });
    expect(await house.matches()).toEqual(["Show - 01.mkv: 7/70001 auto"]);
    house.rules.decide = plainDecide(house.shelf);
    expect(await house.run()).toMatchObject({ matched: 3, skipped: 1 });
  });

  test("one group's bad luck does not stop the others, and a row of them ends the asking", async () => {
    await house.add(...Array.from({ length: 100 }, (_, index) => `${index}/Show - 01.mkv`));
    house.shelf.down = outage();
    const error = await fails(house.run());
    expect(error.message).toBe(`${OUT}; 100 files wait for it`);
    expect(house.shelf.calls.length).toBeLessThan(30);
  });

  test("what a hand has taught waits as well", async () => {
    const [id] = await house.add("Unheard - 01.mkv", "Unheard - 02.mkv");
    await house.matching.choose(id!, { subjectId: 7, applyToGroup: false });
    house.shelf.down = outage();
    expect((await fails(house.run())).message).toBe(`${OUT}; 1 file waits for it`);
  });

  test("the pause grows from a minute to an hour, and is what Bangumi asks for when that is more", async () => {
    await house.add("Show - 01.mkv");
    const job = autoMatchJob(house.matching, house.sql, noJobs);
    const run = () =>
      job.run({
        ...{ id: Bun.randomUUIDv7(), payload: {}, attempt: 1, progress: () => {}, fence: async () => {} },
        signal: new AbortController().signal,
      });
    const pause = async (): Promise<number> => ((await fails(run())) as JobSnooze).delaySecs;
    house.shelf.down = outage();
    const pauses: number[] = [];
    for (let turn = 0; turn < 8; turn++) pauses.push(await pause());
    expect(pauses).toEqual([60, 120, 240, 480, 960, 1920, 3600, 3600]);
    house.shelf.down = outage(5000);
    expect(await pause()).toBe(5000);
    house.shelf.down = null;
    await run();
    await house.add("Other - 01.mkv");
    house.shelf.down = outage();
    expect(await pause()).toBe(60);
  });
});

describe("a bug in the rules", () => {
  test("costs the group that has it, is logged with the path, counted, and tried again by the next run", async () => {
    await house.add("Show - 01.mkv", "Other - 01.mkv", "Other - 02.mkv");
    const plain = plainDecide(house.shelf);
    house.rules.decide = async (group, limits) => {
      if (group.files[0]!.path.startsWith("Other")) throw new TypeError("a bug");
      return plain(group, limits);
    };
    expect(await house.run()).toEqual({ scanned: 3, matched: 1, candidates: 0, unknown: 0, skipped: 0, failed: 2 });
    expect(house.log.lines.filter(({ level }) => level === "error")).toMatchObject([
      { fields: { path: "Other - 01.mkv", files: 2, error: expect.any(TypeError) } },
    ]);
    house.rules.decide = plain;
    expect(await house.run()).toMatchObject({ matched: 3, skipped: 1 });
  });

  test("in everything fails the job", async () => {
    await house.add(...Array.from({ length: 40 }, (_, index) => `${index}/Show - 01.mkv`));
    house.rules.decide = async () => {
      throw new TypeError("a bug");
    };
    expect(await fails(house.run())).toBeInstanceOf(TypeError);
  });
});

describe("an end in the middle", () => {
  /** Decides so many groups, then calls and never answers again. */
  const after = (groups: number, then: () => void): typeof house.rules.decide => {
    let count = 0;
    const plain = plainDecide(house.shelf);
    return async (group, limits) => {
      if (count++ < groups) return plain(group, limits);
      then();
      return new Promise(() => {});
    };
  };

  test("loses nothing that is committed, at once, and the next run goes on from there", async () => {
    await house.add(...Array.from({ length: 600 }, (_, index) => `${index}/Show - 01.mkv`));
    const controller = new AbortController();
    house.rules.decide = after(520, () => controller.abort(new Error("stopping")));
    expect((await fails(house.run({ signal: controller.signal }))).message).toBe("stopping");
    const kept = (await house.matches()).length;
    expect(kept).toBe(500);
    house.rules.decide = plainDecide(house.shelf);
    expect(await house.run()).toMatchObject({ skipped: kept, matched: 600 });
  });

  test("before it begins does nothing", async () => {
    await house.add("Show - 01.mkv");
    expect((await fails(house.run({ signal: AbortSignal.abort(new Error("early")) }))).message).toBe("early");
    expect(house.shelf.calls).toEqual([]);
  });

  test("a job that was given to another worker writes nothing", async () => {
    await house.add("Show - 01.mkv");
    const fence = () => Promise.reject(new Error("the claim is lost"));
    expect((await fails(house.run({ fence }))).message).toBe("the claim is lost");
    expect(await house.matches()).toEqual([]);
  });
});

test("two runs at once, with other limits, end without harm", async () => {
  await house.add(...Array.from({ length: 300 }, (_, index) => `${index % 30}/Show - ${index}.mkv`));
  await Promise.all([house.run(), house.run({ limit: 3 }), house.run({ min_confidence: 0.95 })]);
  expect(await house.matches()).toHaveLength(300);
});

test("the same work asked for twice is one job, whether or not its defaults are spelled out", async () => {
  const definitions = new Map<string, AnyJob>([["auto-match", autoMatchJob(house.matching, house.sql, noJobs)]]);
  const jobs = createJobQueue(house.sql, definitions, { job_max_attempts: 3 });
  const defaults = { limit: 8, min_candidate_score: 0.5, min_confidence: 0.9 };
  const asked = [{}, defaults, { limit: 8 }, { limit: 3 }, { limit: 3, min_confidence: 0.9 }];
  const ids: string[] = [];
  for (const payload of asked) ids.push((await enqueueAutoMatch(jobs, payload)).id);
  expect(ids.map((id) => ids.indexOf(id))).toEqual([0, 0, 0, 3, 3]);
  expect((await jobs.enqueue("auto-match", {})).id).toBe(ids[0]!);
  expect(jobs.enqueue("auto-match", { limit: 0 })).rejects.toBeInstanceOf(TypeError);
  expect(jobs.enqueue("auto-match", { min_confidence: 2 })).rejects.toBeInstanceOf(TypeError);
});

test("a run that is to follow an index waits until that job has ended, and spends no attempt on it", async () => {
  const definitions = new Map<string, AnyJob>();
  const jobs = createJobQueue(house.sql, definitions, { job_max_attempts: 3 });
  const job = autoMatchJob(house.matching, house.sql, jobs);
  definitions.set("auto-match", job);
  // Any job will do for the one to wait for.
  const { id: after } = await jobs.enqueue("auto-match", {});
  const run = () =>
    job.run({
      ...{ id: Bun.randomUUIDv7(), payload: { after }, attempt: 1, progress: () => {}, fence: async () => {} },
      signal: new AbortController().signal,
    });
  expect(await fails(run())).toBeInstanceOf(JobSnooze);
  await house.sql`update jobs set status = 'failed', finished_at = now() where id = ${after}`;
  expect((await run()).result).toMatchObject({ scanned: 0 });
});
