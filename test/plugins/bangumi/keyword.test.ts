import { expect, test } from "bun:test";
import { cleanKeyword } from "../../../plugins/bangumi/keyword.ts";

test.each([
  ["  K-ON!!\t the  movie ", "K-ON!! the movie"],
  ["", ""],
  [" \u3000 ", ""],
  ["a\0b", "a b"],
  ["\ud800x", "\ufffdx"],
  ["葬".repeat(150), "葬".repeat(100)],
  ["𠮷".repeat(150), "𠮷".repeat(100)],
  [`${"word ".repeat(19)}word tail`, `${"word ".repeat(19)}word`],
  [`${"a".repeat(99)} tail`, "a".repeat(99)],
  [`${"a".repeat(100)} tail`, "a".repeat(100)],
])("%p becomes %p", (text, keyword) => {
  expect(cleanKeyword(text)).toBe(keyword);
});
