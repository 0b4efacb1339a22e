import { expect, test } from "bun:test";
import { nearest } from "../../../src/lib/nearest.ts";

test("the known name that was most likely meant", () => {
  expect(nearest("servr", ["server", "serve", "media"])).toBe("server");
  expect(nearest("hls.segment_sec", ["hls.segment_secs", "hls.transcode"])).toBe("hls.segment_secs");
});

test("nothing when none is close, or none is known", () => {
  expect(nearest("completely", ["server", "media"])).toBeUndefined();
  expect(nearest("x", [])).toBeUndefined();
});
