import { expect, test } from "bun:test";
import { initdbProblem } from "../../../src/db/cluster.ts";
import { layoutOf } from "../../../src/db/layout.ts";
import { isRefusedForNow, startProblem } from "../../../src/db/start-problem.ts";
import { PermissionDenied, Unavailable } from "../../../src/errors.ts";

const layout = layoutOf("/data");
const line = (text: string) => `2026-11-22 16:41:08.886 UTC [42] ${text}\n`;

test("another server, or what is left of one, is a reason to ask again", () => {
  expect(isRefusedForNow(line('FATAL:  lock file "postmaster.pid" already exists'))).toBe(true);
  expect(isRefusedForNow(line('FATAL:  lock file "postmaster.pid" is empty'))).toBe(true);
  expect(isRefusedForNow(line("FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use"))).toBe(true);
  expect(isRefusedForNow(line("FATAL:  could not open file"))).toBe(false);
});

test("a wrong owner is a matter of permission", () => {
  const problem = startProblem(line('FATAL:  data directory "/data/postgres/pgdata" has wrong ownership'), layout);
  expect(problem).toBeInstanceOf(PermissionDenied);
  expect(problem.message).toContain("check who owns /data/postgres/pgdata");
});

test("a full disk and a disk that takes no sockets are named", () => {
  const full = line("FATAL:  could not write lock file: No space left on device");
  expect(startProblem(full, layout).message).toBe(
    "the embedded database cannot be started: no space left for /data/postgres/pgdata",
  );
  const share = line("FATAL:  could not create any Unix-domain sockets");
  expect(startProblem(share, layout).message).toContain("set db.data_dir to a folder on a local disk");
});

test("anything else comes with the server's own words and the place of the log", () => {
  const problem = startProblem(
    `${line("LOG:  starting")}${line("PANIC:  could not locate a valid checkpoint record")}`,
    layout,
  );
  expect(problem).toBeInstanceOf(Unavailable);
  expect(problem.message).toBe(
    "the embedded database cannot be started: could not locate a valid checkpoint record: see /data/postgres/server.log",
  );
  expect(startProblem("", layout).message).toContain("it said nothing");
});

test("what initdb complains about is told with what to do", () => {
  expect(initdbProblem("initdb: error: could not look up effective user ID 1234: user does not exist\n")).toContain(
    "add a line for this id",
  );
  expect(initdbProblem("FATAL:  could not write: No space left on device\n")).toContain("no space left");
  expect(
    initdbProblem("bin/initdb: error while loading shared libraries: libstdc++.so.6: cannot open shared object file\n"),
  ).toMatch(/does not run on this system \(.*libstdc\+\+\.so\.6.*\): install PostgreSQL/);
  expect(initdbProblem("initdb: error: could not change permissions of directory\n")).toBe(
    "the database cannot be made: error: could not change permissions of directory",
  );
  expect(initdbProblem("")).toBe("the database cannot be made: initdb failed");
});
