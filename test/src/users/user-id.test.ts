import { expect, test } from "bun:test";
import { canonicalUserId, parseUserId } from "../../../src/users/user-id.ts";

test.each(["a", "alice", "Bob_2", "小明", "a.b@c+d-e", "x".repeat(64), "Ж1"])("%s may be a name", (id) => {
  expect(parseUserId(id)).toBe(id);
});

test.each([
  "",
  "x".repeat(65),
  "-rf",
  ".hidden",
  "a b",
  "a/b",
  "a\nb",
  "a\u0000",
  "a:b",
  "a,b",
  "<b>",
  "a\u202eb",
  "\ud800",
])("%p may not", (id) => {
  expect(() => parseUserId(id)).toThrow("user_id: expected 1 to 64 letters");
});

test("one name has one spelling", () => {
  expect(parseUserId("Zoe\u0308")).toBe("Zo\u00eb");
  expect(canonicalUserId("Zoe\u0308")).toBe("Zo\u00eb");
});
