import { describe, expect, test } from "bun:test";
import { mediaSegment, type Sample } from "../../../../plugins/hls/fmp4/fragment.ts";
import { find, readFragment } from "../golden-segment.ts";

const sample = (change: Partial<Sample> = {}): Sample => ({
  dts: 0,
  duration: 3750,
  offset: 0,
  key: true,
  data: Uint8Array.of(1, 2, 3),
  ...change,
});

describe("a media segment", () => {
  test("holds the frames one after the other, and says where they begin", () => {
    const bytes = mediaSegment(1, [sample(), sample({ data: Uint8Array.of(4, 5) })]);
    expect([...find(bytes, "mdat")]).toEqual([1, 2, 3, 4, 5]);
    const moof = Buffer.from(bytes).indexOf("moof") - 4;
    const trun = Buffer.from(find(find(bytes.subarray(moof), "moof"), "traf")).indexOf("trun") + 4;
    const place = new DataView(find(find(bytes, "moof"), "traf").slice().buffer).getUint32(trun + 8);
    expect([...bytes.subarray(moof + place)]).toEqual([1, 2, 3, 4, 5]);
  });

  test("begins at a time that is longer than 32 bits", () => {
    const dts = 90_000 * 3600 * 24 * 365;
    expect(dts).toBeGreaterThan(2 ** 32);
    expect(readFragment(mediaSegment(1, [sample({ dts })])).start).toBe(dts);
  });

  test("shows a picture before it is decoded where there is no other way", () => {
    const bytes = mediaSegment(1, [sample(), sample({ offset: -90, duration: 1 })]);
    expect(readFragment(bytes)).toMatchObject({ durations: [3750, 1], offsets: [0, -90] });
  });

  test("is never empty", () => {
    expect(() => mediaSegment(1, [])).toThrow("a segment needs a sample");
  });

  test("is not larger than its length can be written", () => {
    const data = { length: 2 ** 31 } as Uint8Array;
    expect(() => mediaSegment(1, [sample({ data }), sample({ data })])).toThrow("more than 4 GiB");
  });
});
