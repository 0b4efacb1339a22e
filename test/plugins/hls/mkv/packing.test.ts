import { describe, expect, test } from "bun:test";
import { deflateSync } from "node:zlib";
import { ID } from "../../../../plugins/hls/mkv/ids.ts";
import { openMatroska } from "../../../../plugins/hls/mkv/open.ts";
import { Damaged } from "../../../../plugins/hls/reader/model.ts";
import { memory } from "./fuzz.ts";
import { block, cluster, el, film, key, SUBTITLE, track, uint, video } from "./write.ts";

const compression = (algorithm: number, settings = "") =>
  el(ID.contentCompression, uint(ID.contentCompAlgo, algorithm), el(ID.contentCompSettings, Buffer.from(settings)));
const encoding = (...body: Uint8Array[]) => el(ID.contentEncoding, ...body);

const opened = (encodings: Uint8Array[], stored: Uint8Array | string, codecPrivate: Uint8Array = Buffer.from("")) => {
  const packed = el(ID.contentEncodings, ...encodings);
  const lines = track(3, SUBTITLE, "S_TEXT/ASS", el(ID.codecPrivate, codecPrivate), packed);
  return openMatroska(
    memory(film({ tracks: [video, lines], clusters: [cluster(0, key(1, 0, "i"), block(3, 5, stored))] })),
  );
};
const firstLine = async (...args: Parameters<typeof opened>) => (await (await opened(...args)).track(3))[0]!.data;

describe("frames that were packed", () => {
  test("get back what all of them begin with", async () => {
    expect(Buffer.from(await firstLine([encoding(compression(3, "0,0,"))], "Default")).toString()).toBe("0,0,Default");
  });

  test("are inflated, and so is the head of the script where it was packed too", async () => {
    const both = encoding(uint(ID.contentEncodingScope, 3), compression(0));
    const head = deflateSync("[Script Info]");
    expect(Buffer.from(await firstLine([both], deflateSync("a line"), head)).toString()).toBe("a line");
    const { index } = await opened([both], deflateSync("a line"), head);
    expect(Buffer.from(index.tracks[1]!.codecPrivate).toString()).toBe("[Script Info]");
  });

  test("are left alone where only the head was packed", async () => {
    const headOnly = encoding(uint(ID.contentEncodingScope, 2), compression(0));
    expect(Buffer.from(await firstLine([headOnly], "plain", deflateSync("head"))).toString()).toBe("plain");
  });

  test("are damaged when they do not unpack, or to more than any frame is", async () => {
    await expect(firstLine([encoding(compression(0))], "no zlib")).rejects.toThrow(Damaged);
    const bomb = deflateSync(Buffer.alloc(64 * 2 ** 20));
    await expect(firstLine([encoding(compression(0))], bomb)).rejects.toThrow(Damaged);
  });

  test.each([
    ["encrypted", [encoding(uint(ID.contentEncodingType, 1))], "a track is encrypted"],
    ["in bzip2", [encoding(compression(1))], "a track is compressed in a way that is not supported"],
    ["twice", [encoding(compression(0)), encoding(compression(3, "x"))], "a track is packed more than once"],
  ] as const)("are left to ffmpeg: %s", async (_, encodings, obstacle) => {
    expect((await opened([...encodings], "?")).index.obstacle).toBe(obstacle);
  });
});
