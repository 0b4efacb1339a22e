import { expect, test } from "bun:test";
import { remember } from "../../../src/lib/remember.ts";

test("a text is read once, until too many others were", () => {
  const asked: string[] = [];
  const length = remember((text) => {
    asked.push(text);
    return { length: text.length };
  }, 2);
  expect(length("a")).toBe(length("a"));
  length("bb");
  expect(asked).toEqual(["a", "bb"]);
  length("ccc");
  expect(length("a")).toEqual({ length: 1 });
  expect(asked).toEqual(["a", "bb", "ccc", "a"]);
});
