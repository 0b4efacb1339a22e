import { describe, expect, test } from "bun:test";
import { delayOf } from "../../../../plugins/hls/copy/delay.ts";
import { gridOf } from "../../../../plugins/hls/copy/grid.ts";
import { copySegment } from "../../../../plugins/hls/copy/segment.ts";
import type { VideoFacts } from "../../../../plugins/hls/reader/facts.ts";
import { type Container, Damaged, type Frame } from "../../../../plugins/hls/reader/model.ts";
import { find, readFragment } from "../golden-segment.ts";
import { framesAt, MS, track } from "./frames.ts";

const SECOND = 1000 * MS;
const facts: VideoFacts = {
  type: "video",
  codecString: "avc1.640028",
  profile: "High",
  pixelFormat: "yuv420p",
  bitDepth: 8,
  interlaced: false,
};

/** A film with a keyframe every two seconds, of which `frames` are all that is found, and `keyframe` all that can be read alone. */
function film(
  frames: Frame[],
  keyframes = 10,
  keyframe = (_: number): Promise<Frame> => Promise.reject(new Damaged("torn")),
): { container: Container; asked: [number, number][] } {
  const times = Array.from({ length: keyframes }, (_, i) => 2 * i * SECOND);
  const asked: [number, number][] = [];
  const container: Container = {
    index: {
      format: "matroska",
      duration: 2 * keyframes * SECOND,
      tracks: [track()],
      video: keyframes > 0 ? 1 : null,
      keyframes: { times, offsets: times },
      subtitleBlocks: {},
      attachments: [],
      chapters: [],
      obstacle: null,
    },
    async part(from, to) {
      asked.push([from, to]);
      return { frames: new Map([[1, frames]]), nextVideoTime: times[to] ?? null };
    },
    keyframe,
    track: () => Promise.reject(new Error("not asked for")),
  };
  return { container, asked };
}

describe("the delay of a film", () => {
  test("is taken from its first seconds", async () => {
    const { container, asked } = film(framesAt([0, 120, 40, 80]));
    expect(await delayOf(container)).toBe(40 * MS);
    expect(asked).toEqual([[0, 3]]);
  });

  test("is taken from all of a film that is shorter", async () => {
    const { container, asked } = film(framesAt([0, 40]), 2);
    expect(await delayOf(container)).toBe(0);
    expect(asked).toEqual([[0, 2]]);
  });

  test("is nothing without pictures", async () => {
    const { container, asked } = film([], 0);
    expect(await delayOf(container)).toBe(0);
    expect(asked).toEqual([]);
  });
});

describe("a segment", () => {
  const copy = ({ container }: { container: Container }, k: number) => {
    const { duration, keyframes } = container.index;
    return copySegment(container, gridOf(keyframes.times, duration, 6), k, track(), facts, 0);
  };

  test("is made of the groups of pictures that the grid names, and ends where the next one begins", async () => {
    const source = film(framesAt([6000, 6040]));
    expect(readFragment(await copy(source, 1))).toEqual({
      start: 6 * 90_000,
      durations: [3600, 6 * 90_000 - 3600],
      offsets: [0, 0],
    });
    expect(source.asked).toEqual([[3, 6]]);
  });

  test("is not made of nothing", async () => {
    const making = copy(film([]), 0);
    await expect(making).rejects.toThrow(Damaged);
    await expect(making).rejects.toThrow("there is nothing of track 1 in segment 0");
  });

  describe("whose begin is damaged", () => {
    const rest = framesAt([7000, 7040]);
    const earlier = (readable: number) =>
      film(rest, 10, async (number) => {
        if (number > readable) throw new Damaged("torn");
        return { ...framesAt([2000 * number], Uint8Array.of(number))[0]! };
      });

    test("shows the last keyframe before it that can be read", async () => {
      const bytes = await copy(earlier(1), 1);
      const { start, durations } = readFragment(bytes);
      expect({ start, first: durations[0], count: durations.length }).toEqual({
        start: 6 * 90_000,
        first: 90_000,
        count: 3,
      });
      expect([...find(bytes, "mdat")]).toEqual([1, 1, 1]);
    });

    test("begins late where there is none", async () => {
      expect(readFragment(await copy(film(rest), 1)).start).toBe(7 * 90_000);
    });

    test("is not made while the disk does not answer", async () => {
      const broken = film(rest, 10, () => Promise.reject(new Error("EIO")));
      await expect(copy(broken, 1)).rejects.toThrow("EIO");
    });
  });

  test("has to be in the grid", async () => {
    await expect(copy(film(framesAt([0])), 99)).rejects.toThrow("no segment 99");
  });
});
