import { expect, test } from "bun:test";
import { readDate } from "../../../plugins/bangumi/wiki-date.ts";

test.each([
  ["2023-09-29", "2023-09-29"],
  ["2008-4-6", "2008-04-06"],
  [" 2008-04-06 ", "2008-04-06"],
  ["2024-02-29", "2024-02-29"],
  ["2023-02-29", null],
  ["2023-13-01", null],
  ["2023-04-00", null],
  ["0000-00-00", null],
  ["2023", null],
  ["2023年4月", null],
  ["", null],
  [null, null],
  [undefined, null],
])("%p is %p", (text, date) => {
  expect(readDate(text)).toBe(date);
});
