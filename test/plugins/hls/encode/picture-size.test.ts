/** How large an encoded picture is. */
import { expect, test } from "bun:test";
import { encodedCodec, encodedSize } from "../../../../plugins/hls/encode/picture-size.ts";

test("sides are even, and as long as those of the source or as is wanted", () => {
  expect(encodedSize({ width: 1920, height: 1080 }, 0)).toEqual({ width: 1920, height: 1080 });
  expect(encodedSize({ width: 3840, height: 2160 }, 1080)).toEqual({ width: 1920, height: 1080 });
  expect(encodedSize({ width: 853, height: 481 }, 1080)).toEqual({ width: 852, height: 480 });
  expect(encodedSize({ width: 1920, height: 800 }, 721)).toEqual({ width: 1730, height: 720 });
  expect(encodedSize({ width: 1, height: 1 }, 0)).toEqual({ width: 2, height: 2 });
});

test("the codec string names the level that size and rate need", () => {
  const codec = (width: number, height: number, frameRate: number | null) =>
    encodedCodec({ width, height, frameRate }, 0);
  expect(codec(1280, 720, 24)).toBe("avc1.64001f");
  expect(codec(1920, 1080, 23.976)).toBe("avc1.640028");
  expect(codec(1920, 1080, 60)).toBe("avc1.64002a");
  expect(codec(1920, 1080, null)).toBe("avc1.64002a");
  expect(codec(3840, 2160, 24)).toBe("avc1.640033");
  expect(codec(7680, 4320, 60)).toBe("avc1.640034");
});
