import { expect, test } from "bun:test";
import { describeTarget, serverProblem } from "../../../src/db/connect-problem.ts";

test("a server older than 14 is refused by its number", () => {
  expect(serverProblem({ version: 130_022, readOnly: false }, "the database a at b")?.message).toMatch(
    /^the database a at b is PostgreSQL 13, and 14 or later is needed: upgrade it/,
  );
  expect(serverProblem({ version: 140_000, readOnly: false }, "it")).toBeUndefined();
});

test("a target is described by host and name, never by user and password", () => {
  const described = (url: string) => describeTarget(url);
  expect(described("postgres://me:secret@nas:5433/anime")).toBe("the database anime at nas:5433");
  expect(described("postgres://me:secret@[::1]/anime%20x")).toBe("the database anime x at [::1]");
  expect(described("postgres://me:secret@one:1,two:2/anime")).toBe("the database anime at one:1");
  expect(described("postgres://%2Frun%2Fpostgresql/anime")).toBe("the database anime at /run/postgresql");
  expect(described("postgres:///anime")).toBe("the database anime at localhost");
  expect(described("postgres://nas")).toBe("the database at nas");
});
