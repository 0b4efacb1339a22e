import { describe, expect, test } from "bun:test";
import {
  elementHead,
  elementsOf,
  LONGEST_TEXT,
  readFloat,
  readText,
  readUint,
  vintValue,
} from "../../../../plugins/hls/mkv/ebml.ts";
import { Damaged } from "../../../../plugins/hls/reader/model.ts";

const hex = (digits: string) => Buffer.from(digits.replaceAll(" ", ""), "hex");

describe("the head of an element", () => {
  test("has a number and a length, each as long as its first byte says", () => {
    expect(elementHead(hex("a3 81"), 0)).toEqual({ id: 0xa3, size: 1, length: 2 });
    expect(elementHead(hex("ff 1f43b675 01 00000000000005"), 1)).toEqual({ id: 0x1f43b675, size: 5, length: 12 });
    expect(elementHead(hex("4286 4001"), 0)).toEqual({ id: 0x4286, size: 1, length: 4 });
  });

  test("says with ones alone that it has no end", () => {
    for (const size of ["ff", "7fff", "01 ff ff ff ff ff ff ff"])
      expect(elementHead(hex(`a3 ${size}`), 0)?.size).toBe(Number.POSITIVE_INFINITY);
    expect(elementHead(hex("a3 fe"), 0)?.size).toBe(126);
  });

  test("is waited for where it is not there in whole", () => {
    for (const begin of ["", "1f43", "1f43b675", "1f43b675 01 0000"]) expect(elementHead(hex(begin), 0)).toBeNull();
  });

  test("is none with a zero for its number or its length, or a length beyond all files", () => {
    for (const bad of ["00 81", "08 81", "a3 00", "a3 01 20 00 00 00 00 00 00"])
      expect(() => elementHead(hex(bad), 0)).toThrow(Damaged);
  });
});

test("a number can be as large as a place in a file", () => {
  expect(vintValue(hex("01 1fffffffffffff"), 0, 8)).toBe(Number.MAX_SAFE_INTEGER);
  expect(readUint(hex("1fffffffffffff"))).toBe(Number.MAX_SAFE_INTEGER);
  expect(readUint(hex(""))).toBe(0);
  expect(() => readUint(hex("20000000000000"))).toThrow(Damaged);
});

test("a fraction has four bytes, eight or none", () => {
  expect(readFloat(hex("3f800000"))).toBe(1);
  expect(readFloat(hex("3ff0000000000000"))).toBe(1);
  expect(readFloat(hex(""))).toBe(0);
  expect(() => readFloat(hex("3f80"))).toThrow(Damaged);
});

test("a text ends at its first zero, or where it is too long to be a name", () => {
  expect(readText(Buffer.from("名前\0rest"))).toBe("名前");
  expect(readText(Buffer.alloc(10_000, "a"))).toHaveLength(LONGEST_TEXT);
  expect(readText(hex("61 ff"))).toBe("a\u{fffd}");
});

describe("the elements of a body", () => {
  test("come one after the other", () => {
    const elements = [...elementsOf(hex("a3 82 0102 e7 80 a0 81 ff"))];
    expect(elements.map(({ id, body }) => [id, [...body]])).toEqual([
      [0xa3, [1, 2]],
      [0xe7, []],
      [0xa0, [255]],
    ]);
  });

  test("are not longer than it, and do not go on for ever", () => {
    for (const bad of ["a3 83 0102", "a3", "a3 ff 00"]) expect(() => [...elementsOf(hex(bad))]).toThrow(Damaged);
  });
});
