import { describe, expect, test } from "bun:test";
import { blockHead, unlace } from "../../../../plugins/hls/mkv/block.ts";
import { Damaged } from "../../../../plugins/hls/reader/model.ts";

const hex = (digits: string) => Buffer.from(digits.replaceAll(" ", ""), "hex");
const [XIPH, FIXED, EBML] = [1, 2, 3] as const;
const texts = (payload: Uint8Array, lacing: 0 | 1 | 2 | 3) =>
  unlace(payload, lacing).map((frame) => Buffer.from(frame).toString());

describe("the head of a block", () => {
  test("has a track, a time before or behind the cluster's, and flags", () => {
    expect(blockHead(hex("81 0010 80 00"))).toEqual({ track: 1, offset: 16, key: true, lacing: 0, length: 4 });
    expect(blockHead(hex("4102 fff6 06 00"))).toEqual({ track: 258, offset: -10, key: false, lacing: 3, length: 5 });
  });

  test("is damaged where the block is shorter, or has no track", () => {
    for (const bad of ["", "81", "81 0000", "00 0000 00"]) expect(() => blockHead(hex(bad))).toThrow(Damaged);
  });
});

describe("frames of one block", () => {
  test("are one without lacing, even an empty one", () => {
    expect(texts(Buffer.from("frame"), 0)).toEqual(["frame"]);
    expect(texts(hex(""), 0)).toEqual([""]);
  });

  test("have all the same length", () => {
    expect(texts(Buffer.from("\x02aabbcc"), FIXED)).toEqual(["aa", "bb", "cc"]);
  });

  test("have lengths in steps of 255", () => {
    const long = "x".repeat(300);
    const payload = Buffer.concat([hex("02 ff 2d 02"), Buffer.from(`${long}yyz`)]);
    expect(texts(payload, XIPH)).toEqual([long, "yy", "z"]);
  });

  test("have a length, and then what the next ones differ by", () => {
    // 3, 3 - 2, 1 + 70, the rest.
    const payload = Buffer.concat([hex("03 83 bd 6045"), Buffer.from(`aaab${"c".repeat(71)}dd`)]);
    const frames = texts(payload, EBML);
    expect(frames).toEqual(["aaa", "b", `${"c".repeat(71)}`, "dd"]);
  });

  test.each([
    ["nothing", "", FIXED],
    ["three that cannot be of one length", "02 aabbccdd", FIXED],
    ["lengths that do not end", "02 ffff", XIPH],
    ["lengths beyond the block", "01 09 aa", XIPH],
    ["a length of none", "01 00", EBML],
    ["a length below zero", "02 81 80 aa", EBML],
    ["lengths that are cut off", "02 40", EBML],
  ] as const)("are damaged: %s", (_, payload, lacing) => {
    expect(() => unlace(hex(payload), lacing)).toThrow(Damaged);
  });
});
