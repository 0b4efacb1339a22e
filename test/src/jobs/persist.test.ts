import { describe, expect, test } from "bun:test";
import { persist } from "../../../src/jobs/persist.ts";

const outage = () => Object.assign(new Error("connect"), { code: "CONNECTION_CLOSED" });
const never = new AbortController().signal;

describe("persisting", () => {
  test("a call is repeated while the database cannot be reached", async () => {
    let calls = 0;
    const answer = await persist(async () => {
      calls += 1;
      if (calls < 3) throw outage();
      return "there";
    }, never);
    expect(answer).toBe("there");
    expect(calls).toBe(3);
  });

  test("another error is thrown at once", async () => {
    let calls = 0;
    const call = async () => {
      calls += 1;
      throw new Error("syntax");
    };
    await expect(persist(call, never)).rejects.toThrow("syntax");
    expect(calls).toBe(1);
  });

  test("giving up ends the repeating with the last error", async () => {
    const giveUp = new AbortController();
    const persisting = persist(async () => {
      throw outage();
    }, giveUp.signal);
    giveUp.abort();
    await expect(persisting).rejects.toThrow("connect");
  });
});
