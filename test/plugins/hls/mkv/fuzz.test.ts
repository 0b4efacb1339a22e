/** A short run of `scripts/bench/fuzz-mkv.ts`, always the same one. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { mkv } from "./fixtures.ts";
import { add, fuzz, newAccount, sampleOf } from "./fuzz.ts";

setDefaultTimeout(60_000);
const ROUNDS = 40;

test.each(["release.merged.mkv", "zlib.merged.mkv", "xiph-lacing.merged.mkv", "live.mkv", "opus.mkv"] as const)(
  "whatever happens to %s, it is read or found to be damaged",
  async (name) => {
    const sample = await sampleOf(await mkv(name));
    const account = newAccount();
    for (let seed = 0; seed < ROUNDS; seed++) add(account, await fuzz(sample, seed));
    expect(account.good).toBeGreaterThan(0);
    expect(account.damaged).toBeGreaterThan(0);
    expect(account.greediest).toBeLessThan(20);
  },
);
