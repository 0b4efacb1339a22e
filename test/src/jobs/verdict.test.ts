import { describe, expect, test } from "bun:test";
import { NotFound } from "../../../src/errors.ts";
import { FatalJobError, JobSnooze } from "../../../src/jobs/job.ts";
import { publicMessage, verdictOf } from "../../../src/jobs/verdict.ts";

const broke = { error: new Error("connect ECONNREFUSED /run/secret.sock") };

describe("what becomes of a job", () => {
  test("a run that resolved completes the job, also when it was told to end meanwhile", () => {
    for (const cause of [undefined, "cancelled", "timeout", "stopping"] as const)
      expect(verdictOf({ result: 1 }, cause, 0)).toEqual({ do: "complete", result: 1, commit: undefined });
  });

  test("nothing is written about a job that was given to another worker", () => {
    expect(verdictOf({ result: 1 }, "lost", 0)).toEqual({ do: "nothing" });
    expect(verdictOf(broke, "lost", 0)).toEqual({ do: "nothing" });
  });

  test("a run that the stopping process aborted is handed back, however it broke", () => {
    expect(verdictOf(broke, "stopping", 0)).toEqual({ do: "hand back", delaySecs: 0, error: undefined });
    expect(verdictOf({ error: new FatalJobError("killed") }, "stopping", 0)).toMatchObject({ do: "hand back" });
  });

  test("a cancelled run is not tried again", () => {
    expect(verdictOf(broke, "cancelled", 0)).toEqual({ do: "fail", error: "cancelled", fatal: true });
  });

  test("a run that took too long may be tried again", () => {
    expect(verdictOf(broke, "timeout", 60)).toEqual({ do: "fail", error: "stopped after 60 s", fatal: false });
  });

  test("a fatal error is not tried again, another one is", () => {
    expect(verdictOf({ error: new FatalJobError("no video") }, undefined, 0)).toEqual({
      do: "fail",
      error: "no video",
      fatal: true,
    });
    expect(verdictOf({ error: new NotFound("gone") }, undefined, 0)).toEqual({
      do: "fail",
      error: "gone",
      fatal: false,
    });
  });

  test("a snooze hands the job back for later", () => {
    expect(verdictOf({ error: new JobSnooze(90, "rate limited") }, undefined, 0)).toEqual({
      do: "hand back",
      delaySecs: 90,
      error: "rate limited",
    });
  });
});

describe("the error that everybody may read", () => {
  test("an error that was not written for readers is not shown", () => {
    expect(publicMessage(broke.error)).toBe("internal error: the log has the details under this job's id");
    expect(publicMessage("thrown text")).not.toContain("thrown");
  });

  test("control characters are shown, not obeyed, and the length is bounded", () => {
    expect(publicMessage(new FatalJobError("a\u001b[2J\u0000b"))).toBe("a\\u001b[2J\\u0000b");
    expect(publicMessage(new FatalJobError("x".repeat(10_000)))).toHaveLength(500);
  });
});
