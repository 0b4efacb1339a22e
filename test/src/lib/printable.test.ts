import { expect, test } from "bun:test";
import { printable } from "../../../src/lib/printable.ts";

test("S36 control characters are shown, not obeyed", () => {
  expect(printable("a\nb\rc\u001b[31md\u007f\u0085\u0000")).toBe("a\\u000ab\\u000dc\\u001b[31md\\u007f\\u0085\\u0000");
});

test("characters that turn the writing direction or end a line elsewhere are shown too", () => {
  expect(printable("\u202egpj.exe\u2066\u2028")).toBe("\\u202egpj.exe\\u2066\\u2028");
});

test("tabs and everything readable stay", () => {
  const text = "id\t1.5 GB\t[字幕组] 葬送のフリーレン – 01 😀.mkv";
  expect(printable(text)).toBe(text);
});
