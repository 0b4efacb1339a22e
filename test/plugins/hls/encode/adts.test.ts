/** AAC frames from a stream of bytes. */
import { expect, test } from "bun:test";
import { aacConfig, createAdtsReader } from "../../../../plugins/hls/encode/adts.ts";
import { Damaged } from "../../../../plugins/hls/reader/model.ts";
import { output } from "./works.ts";

test("frames come out whole however the bytes come in", async () => {
  const bytes = await output(
    ...(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=440:r=48000:d=1", "-ac", "2"] as const),
    ...["-c:a", "aac", "-f", "adts", "-"],
  );
  const whole = createAdtsReader()(bytes);
  expect(whole).toHaveLength(48);
  expect(whole.reduce((sum, frame) => sum + frame.length + 7, 0)).toBe(bytes.length);
  const read = createAdtsReader();
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 5)
    pieces.push(...read(bytes.subarray(at, at + 5)).map((one) => one.slice()));
  expect(pieces.map((one) => Buffer.from(one))).toEqual(whole.map((one) => Buffer.from(one)));
});

test("what is no AAC, or has no length, is damaged", () => {
  expect(() => createAdtsReader()(new Uint8Array(100))).toThrow(Damaged);
  expect(() => createAdtsReader()(Uint8Array.of(0xff, 0xf1, 0x4c, 0x80, 0, 0, 0, 0))).toThrow(Damaged);
});

test("the header for MP4 says LC, rate and channels", () => {
  expect([...aacConfig(48_000, 2)]).toEqual([0x11, 0x90]);
  expect([...aacConfig(44_100, 2)]).toEqual([0x12, 0x10]);
});
