import { describe, expect, test } from "bun:test";
import { createStanding, type RestMemory } from "../../../plugins/bangumi/standing.ts";
import { Overrun, ownTrouble, refused } from "../../../plugins/bangumi/trouble.ts";

const START = Date.parse("2026-11-22T19:00:00Z");

function standing(memory?: RestMemory) {
  const time = { now: START };
  return {
    ...createStanding({ memory, now: () => time.now }),
    time,
    pass: (secs: number) => {
      time.now += 1000 * secs;
    },
  };
}

describe("429", () => {
  test("means an hour in which nothing may be asked, and the error says until when", async () => {
    const { failed, require, check, pass } = standing();
    const error = await failed(new Overrun(null));
    expect(error).toMatchObject({ status: 503, exitCode: 69, retryAfter: 3600 });
    expect(error.message).toContain("until 2026-11-22 20:00 UTC");
    pass(3599);
    expect(require).toThrow("until 2026-11-22 20:00 UTC");
    await expect(check()).rejects.toMatchObject({ retryAfter: 1 });
    pass(1);
    require();
    await check();
  });

  test.each([
    [90, 90],
    [0, 1],
    [10_000_000, 86_400],
  ])("with a word on when it ends (%p s) means %p s", async (said, secs) => {
    expect(await standing().failed(new Overrun(said))).toMatchObject({ retryAfter: secs });
  });

  test("a later and shorter one does not end it", async () => {
    const { failed, require, pass } = standing();
    await failed(new Overrun(null));
    await failed(new Overrun(10));
    pass(11);
    expect(require).toThrow();
  });

  test("is kept for others, and what others keep is heard within seconds", async () => {
    const saved: number[] = [];
    let left = 0;
    const { failed, check, require, pass } = standing({
      read: async () => left,
      save: async (secs) => void saved.push(secs),
    });
    await check();
    left = 600;
    await check();
    pass(10);
    await expect(check()).rejects.toMatchObject({ retryAfter: 600 });
    expect(require).toThrow();
    await failed(new Overrun(null));
    expect(saved).toEqual([3600]);
  });
});

describe("failures", () => {
  test("three in a row spare Bangumi for half a minute, with the words of the last", async () => {
    const { failed, require, pass } = standing();
    for (const status of [500, 502]) await failed(ownTrouble(status));
    require();
    await failed(ownTrouble(503));
    expect(require).toThrow("HTTP 503");
    pass(30);
    require();
    await failed(ownTrouble(504));
    expect(require).toThrow("HTTP 504");
  });

  test("an answer between them begins the count anew", async () => {
    const { failed, succeeded, require } = standing();
    await failed(ownTrouble(500));
    await failed(ownTrouble(500));
    succeeded();
    await failed(ownTrouble(500));
    require();
  });

  test("a refusal says nothing about the next question", async () => {
    const { failed, require } = standing();
    for (let count = 0; count < 5; count++) await failed(refused(400, ""));
    require();
  });
});

test("health tells of the last request, without asking", async () => {
  const { failed, succeeded, health, pass } = standing();
  expect(health()).toEqual({ ok: true, detail: "not asked yet" });
  succeeded();
  expect(health()).toEqual({ ok: true, detail: "answered at 2026-11-22 19:00 UTC" });
  await failed(ownTrouble(502));
  expect(health()).toEqual({ ok: false, detail: expect.stringContaining("HTTP 502") });
  await failed(new Overrun(60));
  expect(health()).toEqual({ ok: false, detail: expect.stringContaining("left alone until 2026-11-22 19:01 UTC") });
  pass(60);
  succeeded();
  expect(health().ok).toBe(true);
});
