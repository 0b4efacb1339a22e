import { expect, test } from "bun:test";
import { canonicalJson } from "../../../src/lib/canonical-json.ts";

test("the order of keys does not matter, at any depth", () => {
  const one = { b: 1, a: [{ d: null, c: "x" }], 10: true, 9: false };
  const other = { 9: false, 10: true, a: [{ c: "x", d: null }], b: 1 };
  expect(canonicalJson(one)).toBe(canonicalJson(other));
  expect(JSON.parse(canonicalJson(one))).toEqual(one);
});

test("the order of a list does matter", () => {
  expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
});

test("an undefined member counts as absent", () => {
  expect(canonicalJson({ a: undefined, b: 1 })).toBe(canonicalJson({ b: 1 }));
});

test("a key named __proto__ is kept as a key", () => {
  expect(canonicalJson(JSON.parse('{"__proto__":{"x":1}}'))).toBe('{"__proto__":{"x":1}}');
});

test("a value that JSON does not know is null", () => {
  expect(canonicalJson(undefined)).toBe("null");
});
