import { expect, test } from "bun:test";
import { parseTarget } from "../../../src/db/target.ts";

test("a socket folder is taken out of the query, the rest stays", () => {
  expect(parseTarget("postgres://me@/anime?host=/run/postgresql&port=5433")).toEqual({
    url: "postgres://me@localhost/anime?port=5433",
    options: { host: "/run/postgresql" },
  });
});

test("a percent-encoded socket folder in the host's place is understood", () => {
  expect(parseTarget("postgresql://me:secret@%2Frun%2Fpostgresql/anime").options).toEqual({ host: "/run/postgresql" });
});

test("other URLs, several hosts among them, are left to postgres.js", () => {
  for (const url of ["postgres://me:secret@nas:5432/anime?sslmode=require", "postgres://me@one:1,two:2/anime"])
    expect(parseTarget(url)).toEqual({ url, options: {} });
});
