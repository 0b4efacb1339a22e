import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive, makeWhole, sweepLeftOvers } from "../../../src/db/whole-folder.ts";

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "anicargo-whole-"));
});
afterEach(() => rmSync(parent, { recursive: true }));

const make = (content: string) => async (temporary: string) => {
  mkdirSync(temporary);
  writeFileSync(join(temporary, "file"), content);
};

test("nobody sees the folder before it is whole", async () => {
  const path = join(parent, "server");
  await makeWhole(path, async (temporary) => {
    await make("content")(temporary);
    expect(existsSync(path)).toBe(false);
  });
  expect(readdirSync(parent)).toEqual(["server"]);
});

test("of several makers the first one wins and the others leave nothing", async () => {
  const path = join(parent, "server");
  await makeWhole(path, async (temporary) => {
    await make("second")(temporary);
    await makeWhole(path, make("first"));
  });
  expect(readFileSync(join(path, "file"), "utf8")).toBe("first");
  expect(readdirSync(parent)).toEqual(["server"]);
});

test("a maker that fails leaves nothing", async () => {
  const making = makeWhole(join(parent, "server"), async (temporary) => {
    await make("half")(temporary);
    throw new Error("no space");
  });
  await expect(making).rejects.toThrow("no space");
  expect(readdirSync(parent)).toEqual([]);
});

test("what dead makers left is swept, what a living one is making stays for ten minutes", async () => {
  const dead = `server.tmp-4194305-00000000`;
  const living = `server.tmp-${process.ppid}-00000000`;
  const old = `server.tmp-${process.ppid}-11111111`;
  const others = ["other.tmp-4194305-00000000", "server.tmp-notes"];
  for (const name of [dead, living, old, ...others]) mkdirSync(join(parent, name));
  const long = Date.now() / 1000 - 601;
  utimesSync(join(parent, old), long, long);
  await sweepLeftOvers(join(parent, "server"));
  expect(readdirSync(parent).sort()).toEqual([living, ...others].sort());
});

test("a process is alive also when it is not ours", () => {
  expect(isAlive(1)).toBe(true);
  expect(isAlive(4_194_305)).toBe(false);
});
