import { expect, test } from "bun:test";
import { join } from "node:path";
import { jpegHeight } from "../../../../plugins/hls/thumbnails/jpeg.ts";
import { ffmpeg, newFolder } from "../fixtures.ts";

test("the height of a JPEG is read, and none of one that is cut short or something else", async () => {
  const path = join(newFolder(), "a.jpg");
  await ffmpeg("-f", "lavfi", "-i", "testsrc=s=320x178:d=1", "-frames:v", "1", path);
  const bytes = await Bun.file(path).bytes();
  expect(jpegHeight(bytes)).toBe(178);
  for (let length = 0; length < bytes.length; length++) expect(jpegHeight(bytes.subarray(0, length))).toBeNull();
  expect(jpegHeight(new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xd9]))).toBeNull();
  expect(jpegHeight(new Uint8Array(100))).toBeNull();
});
