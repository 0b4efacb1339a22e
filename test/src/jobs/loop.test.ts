import { describe, expect, test } from "bun:test";
import { startLoop } from "../../../src/jobs/loop.ts";
import type { Logger } from "../../../src/log.ts";
import { NEVER_MS } from "../../helpers/jobs.ts";
import { silentLogger } from "../../helpers/silent-logger.ts";
import { until } from "../../helpers/until.ts";

const outage = () => Object.assign(new Error("connect"), { code: "ECONNREFUSED" });

/** Keeps the level of every line. */
function recorder() {
  const levels: string[] = [];
  const log: Logger = {
    ...silentLogger,
    error: () => levels.push("error"),
    warn: () => levels.push("warn"),
    info: () => levels.push("info"),
  };
  return { levels, log };
}

describe("a loop", () => {
  test("begins at once and goes on as often as its work asks", async () => {
    let rounds = 0;
    const loop = startLoop("test", silentLogger, async () => {
      rounds += 1;
      return 0;
    });
    expect(rounds).toBe(1);
    await until(() => rounds >= 5);
    await loop.stop();
  });

  test("a ring brings the next round forward, also one that comes during a round", async () => {
    const rounds: PromiseWithResolvers<void>[] = [];
    const loop = startLoop("test", silentLogger, async () => {
      const round = Promise.withResolvers<void>();
      rounds.push(round);
      await round.promise;
      return NEVER_MS;
    });
    loop.ring();
    rounds[0]!.resolve();
    await until(() => rounds.length === 2);
    rounds[1]!.resolve();
    await Bun.sleep(1);
    expect(rounds).toHaveLength(2);
    await loop.stop();
  });

  test("goes on after errors, and speaks of an outage once and of its end", async () => {
    const { levels, log } = recorder();
    let rounds = 0;
    const loop = startLoop("test", log, async () => {
      rounds += 1;
      if (rounds <= 2) throw outage();
      return 0;
    });
    await until(() => rounds >= 5);
    await loop.stop();
    expect(levels).toEqual(["warn", "info"]);
  });

  test("calls an error that is no outage an error", async () => {
    const { levels, log } = recorder();
    const loop = startLoop("test", log, async () => {
      throw new Error("bug");
    });
    await until(() => levels.length > 0);
    await loop.stop();
    expect(levels).toEqual(["error"]);
  });

  test("stopping waits for the round under way, and its error is nobody's business any more", async () => {
    const { levels, log } = recorder();
    const round = Promise.withResolvers<number>();
    const loop = startLoop("test", log, () => round.promise);
    const stopped = loop.stop();
    round.reject(outage());
    await stopped;
    expect(levels).toEqual([]);
  });
});
