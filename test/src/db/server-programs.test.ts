import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installedFolders, installedServer } from "../../../src/db/server-programs.ts";
import { Unavailable } from "../../../src/errors.ts";

let parent: string;
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), "anicargo-installed-"));
});
afterAll(() => rmSync(parent, { recursive: true }));

/** A folder with programs that only know their version. */
function installed(version: string, programs = ["postgres", "initdb"]): string {
  const bin = join(parent, version, "bin");
  mkdirSync(bin, { recursive: true });
  for (const program of programs) {
    writeFileSync(join(bin, program), `#!/bin/sh\necho "postgres (PostgreSQL) ${version}"\n`);
    chmodSync(join(bin, program), 0o755);
  }
  return bin;
}

test("the newest installed server makes a new cluster", async () => {
  const folders = [installed("15.18 (Debian 15.18-0+deb12u1)"), installed("17.2"), installed("16.1")];
  expect(await installedServer(undefined, folders)).toEqual({ bin: folders[1]!, major: 17 });
});

test("a cluster gets the server that made it", async () => {
  const folders = [installed("17.2"), installed("16.1")];
  expect(await installedServer(16, folders)).toEqual({ bin: folders[1]!, major: 16 });
});

test("too old ones, and those without initdb, do not count", async () => {
  const failure = installedServer(undefined, [
    installed("13.9"),
    installed("18.1", ["postgres"]),
    join(parent, "none"),
  ]);
  await expect(failure).rejects.toThrow(Unavailable);
  await expect(failure).rejects.toThrow(
    /install PostgreSQL 14 or later \(apt install postgresql, .*\), or set db\.database_url/,
  );
});

test("PATH is looked at first", async () => {
  expect((await installedFolders("/one:/two:")).slice(0, 2)).toEqual(["/one", "/two"]);
});
