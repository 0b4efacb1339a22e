import { describe, expect, test } from "bun:test";
import type { Progress } from "../../../src/jobs/job.ts";
import { cleanProgress, createProgressWriter } from "../../../src/jobs/progress.ts";
import { NEVER_MS } from "../../helpers/jobs.ts";
import { until } from "../../helpers/until.ts";

/** Writes that take until the test lets them end. */
function slowWrites() {
  const written: Progress[] = [];
  const pending: PromiseWithResolvers<void>[] = [];
  const write = (progress: Progress) => {
    written.push(progress);
    pending.push(Promise.withResolvers());
    return pending.at(-1)!.promise;
  };
  return { written, pending, write };
}

describe("the progress writer", () => {
  test("the first report is written at once", () => {
    const { written, write } = slowWrites();
    createProgressWriter(write, NEVER_MS).report({ done: 1 });
    expect(written).toEqual([{ done: 1 }]);
  });

  test("of many reports in a short time only the first is written", async () => {
    const { written, pending, write } = slowWrites();
    const writer = createProgressWriter(write, NEVER_MS);
    for (let done = 1; done <= 1000; done++) writer.report({ done });
    pending[0]!.resolve();
    await pending[0]!.promise;
    writer.report({ done: 1001 });
    expect(written).toEqual([{ done: 1 }]);
    expect(writer.latest()).toEqual({ done: 1001 });
    writer.close();
  });

  test("one write is under way at a time, and the latest report follows it", async () => {
    const { written, pending, write } = slowWrites();
    const writer = createProgressWriter(write, 0);
    for (let done = 1; done <= 5; done++) writer.report({ done });
    expect(written).toEqual([{ done: 1 }]);
    pending[0]!.resolve();
    await until(() => written.length === 2);
    expect(written[1]).toEqual({ done: 5 });
    writer.close();
  });

  test("a failed write does not reach the job, and the next report is written", async () => {
    const { written, pending, write } = slowWrites();
    const writer = createProgressWriter(write, 0);
    writer.report({ done: 1 });
    pending[0]!.reject(new Error("the database is away"));
    writer.report({ done: 2 });
    await until(() => written.length === 2);
    writer.close();
  });

  test("nothing is written after the end of the attempt", async () => {
    const { written, pending, write } = slowWrites();
    const writer = createProgressWriter(write, 0);
    writer.report({ done: 1 });
    writer.report({ done: 2 });
    writer.close();
    pending[0]!.resolve();
    await pending[0]!.promise;
    await Bun.sleep(1);
    expect(written).toEqual([{ done: 1 }]);
    expect(writer.latest()).toEqual({ done: 2 });
  });
});

describe("what may be stored of a progress", () => {
  test("numbers that are none are left out", () => {
    expect(cleanProgress({ done: Number.NaN })).toBeUndefined();
    expect(cleanProgress({ done: 1, total: Number.POSITIVE_INFINITY })).toEqual({ done: 1 });
  });

  test("a note is one printable line of bounded length", () => {
    expect(cleanProgress({ done: 1, note: "a\nb\u0000" })?.note).toBe("a\\u000ab\\u0000");
    expect(cleanProgress({ done: 1, note: "x".repeat(500) })?.note).toHaveLength(200);
    expect(cleanProgress({ done: 1, note: `${"x".repeat(199)}😀` })?.note?.isWellFormed()).toBe(true);
  });
});
