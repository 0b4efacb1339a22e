import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { openWorkshop, testJob, type Workshop } from "../../helpers/jobs.ts";

let workshop: Workshop;

beforeAll(async () => {
  workshop = await openWorkshop([testJob(async () => ({ result: null }), { maxAttempts: 7 })], { listen: false });
});
afterAll(() => workshop.close());

const NOT_IDS = [
  "",
  "1",
  "../jobs",
  "01a20425-1881-71c2-a1d2-58beaed0921",
  "x".repeat(70_000),
  "\0",
  "'; drop table jobs",
];

describe("asking for a job", () => {
  test("the same payload is the same job, whatever the order of its keys", async () => {
    const first = await workshop.queue.enqueue("test-job", { name: "a", extra: 1 } as never);
    const second = await workshop.queue.enqueue("test-job", { extra: 1, name: "a" } as never);
    expect(first.created).toBe(true);
    expect(second).toEqual({ id: first.id, created: false });
  });

  test("a key of the caller's stands for the payload", async () => {
    const first = await workshop.queue.enqueue("test-job", { name: "b" }, { dedupKey: "all" });
    expect((await workshop.queue.enqueue("test-job", { name: "c" }, { dedupKey: "all" })).id).toBe(first.id);
  });

  test("long payloads that differ at their end are two jobs", async () => {
    const name = Array.from({ length: 5000 }, (_, i) => i).join(" ");
    const first = await workshop.queue.enqueue("test-job", { name });
    expect((await workshop.queue.enqueue("test-job", { name: `${name}!` })).id).not.toBe(first.id);
    expect((await workshop.queue.enqueue("test-job", { name })).id).toBe(first.id);
  });

  test("the attempts come from the call, else from the kind", async () => {
    const attempts = async (name: string, maxAttempts?: number) => {
      const { id } = await workshop.queue.enqueue("test-job", { name }, { maxAttempts });
      return (await workshop.queue.get(id))?.max_attempts;
    };
    expect(await attempts("d", 1)).toBe(1);
    expect(await attempts("e")).toBe(7);
  });

  test("a payload that does not fit its kind is a TypeError that names the field and not the value", async () => {
    const error = await workshop.queue.enqueue("test-job", { name: 5 } as never).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toBe("payload of a test-job job: /name must be string");
  });

  test("a kind without a handler is a TypeError", async () => {
    await expect(workshop.queue.enqueue("nothing" as "test-job", { name: "x" })).rejects.toThrow(TypeError);
  });
});

describe("ids that are none", () => {
  test("find nothing", async () => {
    for (const id of NOT_IDS) expect(await workshop.queue.get(id)).toBeNull();
  });

  test("cancel nothing", async () => {
    for (const id of NOT_IDS) expect(await workshop.queue.cancel(id)).toBe("unknown");
    expect(await workshop.queue.cancel(Bun.randomUUIDv7())).toBe("unknown");
  });
});

test("cancelling says whether there was something to cancel", async () => {
  const { id } = await workshop.queue.enqueue("test-job", { name: "f" });
  expect(await workshop.queue.cancel(id)).toBe("cancelled");
  expect(await workshop.queue.cancel(id)).toBe("ended");
});

test("a job is shown without its payload, which is the feature's own affair", async () => {
  const { id } = await workshop.queue.enqueue("test-job", { name: "g" });
  expect(await workshop.queue.get(id)).toEqual({
    id,
    job_type: "test-job",
    status: "queued",
    attempts: 0,
    max_attempts: 7,
    progress: null,
    result: null,
    last_error: null,
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    started_at: null,
    finished_at: null,
  });
});
