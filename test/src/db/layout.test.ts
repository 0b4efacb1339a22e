import { expect, test } from "bun:test";
import { layoutOf, socketFolder } from "../../../src/db/layout.ts";

const fits = "/data".padEnd(107 - "/postgres/run/.s.PGSQL.5432".length, "x");

test("the socket is in the data folder as long as its path fits into an address", () => {
  expect(socketFolder(fits)).toBe(`${fits}/postgres/run`);
  expect(socketFolder(`${fits}x`)).toMatch(/^\/tmp\/anicargo-[0-9a-f]{16}$/);
});

test("bytes count, not letters", () => {
  expect(socketFolder(`${fits.slice(0, -2)}ü`)).toStartWith("/data");
  expect(socketFolder(`${fits.slice(0, -1)}ü`)).toStartWith("/tmp");
});

test("every process finds the same folder, and two data folders never share one", () => {
  const long = fits.repeat(2);
  expect(socketFolder(long)).toBe(socketFolder(long));
  expect(socketFolder(`${long}y`)).not.toBe(socketFolder(long));
});

test("everything is below one folder", () => {
  const { root, ...rest } = layoutOf("/data");
  for (const path of Object.values(rest)) expect(path).toStartWith(`${root}/`);
});
