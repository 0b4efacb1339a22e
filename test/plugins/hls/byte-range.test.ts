import { describe, expect, test } from "bun:test";
import { parseRange } from "../../../plugins/hls/byte-range.ts";

const SIZE = 1000;

describe("a range of a file of 1000 bytes", () => {
  test.each([
    ["bytes=0-0", 0, 0],
    ["bytes=0-", 0, 999],
    ["bytes=10-19", 10, 19],
    ["bytes=990-5000", 990, 999],
    ["bytes=-1", 999, 999],
    ["bytes=-100", 900, 999],
    ["bytes=-5000", 0, 999],
    ["Bytes= 1-2 ", 1, 2],
    ["bytes=0-99999999999999999999", 0, 999],
  ])("%j is %i to %i", (header, first, last) => {
    expect(parseRange(header, SIZE)).toEqual({ first, last });
  });

  test.each(["bytes=1000-", "bytes=1000-1001", "bytes=-0", "bytes=99999999999999999999-"])(
    "%j is outside",
    (header) => {
      expect(parseRange(header, SIZE)).toBe("unsatisfiable");
    },
  );

  test.each([
    null,
    "",
    "bytes",
    "bytes=",
    "bytes=-",
    "bytes=5-2",
    "bytes=a-b",
    "bytes=1e2-",
    "bytes=0x1-2",
    "bytes=+1-2",
    "bytes=1-2-3",
    "bytes=0-1,5-6",
    "bytes=0-1,5000-",
    "lines=1-2",
    "bytes=1 - 2",
  ])("%j is the whole file", (header) => {
    expect(parseRange(header, SIZE)).toBeNull();
  });
});

test("nothing of an empty file can be asked for", () => {
  for (const header of ["bytes=0-", "bytes=0-0", "bytes=-1"]) expect(parseRange(header, 0)).toBe("unsatisfiable");
  expect(parseRange(null, 0)).toBeNull();
});

test("no header takes long to read", () => {
  expect(parseRange(`bytes=${"0".repeat(60_000)}-${" ".repeat(60_000)}x`, SIZE)).toBeNull();
});
