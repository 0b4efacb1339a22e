import { expect, test } from "bun:test";
import { numeral } from "../../../src/lib/numeral.ts";

test.each([
  ["0", 0],
  ["12", 12],
  ["3rd", 3],
  ["Second", 2],
  ["two", 2],
  ["IV", 4],
  ["viii", 8],
  ["一", 1],
  ["十", 10],
  ["十二", 12],
  ["二十", 20],
  ["二十一", 21],
  ["二一", 21],
  ["壹", 1],
  ["貳", 2],
  ["贰", 2],
  ["弐", 2],
  ["參", 3],
  ["叁", 3],
  ["陸", 6],
  ["两", 2],
  ["拾", 10],
  ["ni", 2],
  ["shichi", 7],
  ["", null],
  ["x2", null],
  ["十十", null],
  ["一十百", null],
  ["season", null],
])("%p is %p", (text, number) => {
  expect(numeral(text)).toBe(number);
});
