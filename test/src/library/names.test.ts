import { describe, expect, test } from "bun:test";
import { isLeftOut, isMediaName, MEDIA_EXTENSIONS } from "../../../src/library/names.ts";

describe("media names", () => {
  test("are those of the containers that are supported", () => {
    expect([...MEDIA_EXTENSIONS].sort().join(" ")).toBe("avi flv m2ts m4v mkv mov mp4 ogm rmvb ts webm wmv");
  });

  test.each([
    ["a.mkv", true],
    ["A.MKV", true],
    ["a.Mp4", true],
    ["a.b.m2ts", true],
    ["日本語.rmvb", true],
    ["a.mkv.txt", false],
    ["a.nfo", false],
    ["mkv", false],
    [".mkv", false],
    ["a.", false],
    ["a.mkv.!qB", false],
    ["a.mkv.part", false],
  ])("%p: %p", (name, expected) => {
    expect(isMediaName(name)).toBe(expected);
  });
});

describe("what is left out (R4)", () => {
  test.each([
    ".hidden.mkv",
    ".git",
    "._resource fork.mkv",
    ".Trash-1000",
    ".stfolder",
    ".unionfs",
    ".unwanted",
    "a.mkv.!qB",
    "a.mkv.part",
    "a1b2c3.parts",
    "a.mkv.crdownload",
    "a.mkv.aria2",
    "a.tmp",
    "a.~tmp",
    "a.mkv.unwanted",
    "@eaDir",
    "@eadir",
    "#recycle",
    "#Recycle",
    "$RECYCLE.BIN",
    "lost+found",
  ])("%p", (name) => {
    expect(isLeftOut(name)).toBe(true);
  });

  test.each(["a.mkv", "Part.mkv", "recycle", "eaDir", "Lost + Found", "Season.part 2"])("%p is looked at", (name) => {
    expect(isLeftOut(name)).toBe(false);
  });
});
