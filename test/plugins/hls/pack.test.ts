import { describe, expect, test } from "bun:test";
import { packIndex, unpackIndex } from "../../../plugins/hls/pack.ts";
import { containerIndex, mediaIndex, sourceTrack, subtitleTrack, videoTrack } from "./media.ts";

const again = (index: Parameters<typeof packIndex>[0]) => unpackIndex(packIndex(index));

describe("an index", () => {
  test("comes back as it was", () => {
    const container = containerIndex({
      tracks: [
        sourceTrack({ title: "Titel „1“\n\u2028", start: -7_000_000 }),
        sourceTrack({ number: 2, index: 1, start: null }),
      ],
      keyframes: { times: [21_000_000, 2_021_000_000, 9_007_199_254_740_991], offsets: [4_096, 9e9, 12] },
      subtitleBlocks: { 3: [900, 5_000, 12, 20_000], 4: [] },
      attachments: [{ name: "../../x.ttf", mediaType: "font/ttf", offset: 9e9, size: 3 }],
      chapters: [{ start: 0, end: null, title: "Opening" }],
    });
    const index = mediaIndex([videoTrack(), subtitleTrack()], {}, { container });
    expect(again(index)).toEqual(index);
    expect(again(index).cut?.container.tracks[0]?.codecPrivate).toBeInstanceOf(Uint8Array);
  });

  test("is not changed by it", () => {
    const index = mediaIndex();
    packIndex(index);
    expect(index).toEqual(mediaIndex());
  });

  test("without a cut comes back", () => {
    const index = mediaIndex(undefined, { cut: null, duration: null });
    expect(again(index)).toEqual(index);
  });

  test("without keyframes comes back", () => {
    const index = mediaIndex(
      [],
      {},
      { container: containerIndex({ tracks: [], keyframes: { times: [], offsets: [] } }) },
    );
    expect(again(index)).toEqual(index);
  });

  test("keeps only its part of a larger buffer", () => {
    const codecPrivate = new Uint8Array(1000).fill(7).subarray(10, 13);
    const container = containerIndex({ tracks: [sourceTrack({ codecPrivate })] });
    expect(again(mediaIndex(undefined, {}, { container })).cut?.container.tracks[0]?.codecPrivate).toEqual(
      new Uint8Array([7, 7, 7]),
    );
  });

  test("of an episode is a few kilobytes", () => {
    const times = Array.from({ length: 300 }, (_, i) => Math.round(i * 4.8e9 + ((i * 7919) % 1000) * 1e6));
    const offsets = times.map((time, i) => Math.round(time / 1.5 + ((i * 104_729) % 65_536)));
    const container = containerIndex({ keyframes: { times, offsets } });
    expect(packIndex(mediaIndex(undefined, {}, { container })).length).toBeLessThan(5_000);
  });
});

test("what is no index is refused", () => {
  expect(() => unpackIndex(new Uint8Array([1, 2, 3]))).toThrow();
});
