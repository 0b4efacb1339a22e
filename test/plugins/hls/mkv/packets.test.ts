/** Held against ffprobe: every frame, in the right part, whoever wrote the file. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { type OpenSource, openSource } from "../../../../plugins/hls/byte-source.ts";
import { openMatroska, resumeMatroska } from "../../../../plugins/hls/mkv/open.ts";
import type { Container, Frame, SourceTrack } from "../../../../plugins/hls/reader/model.ts";
import { MKV_NAMES, mkv } from "./fixtures.ts";
import { md5, type Packet, truthOf } from "./truth.ts";

setDefaultTimeout(60_000);

const MILLISECOND = 1_000_000;

async function withFile<T>(path: string, use: (source: OpenSource) => Promise<T>): Promise<T> {
  const source = await openSource(path);
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}

/** The frames of all parts, put together in order after they were asked for in another one. */
async function allParts(source: OpenSource, { index }: Container, step: number): Promise<Map<number, Frame[]>> {
  const count = index.keyframes.times.length;
  const numbers = index.tracks.filter(({ type }) => type !== "subtitle").map(({ number }) => number);
  const starts = Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
  const parts = new Map<number, Map<number, Frame[]>>();
  for (const from of starts.toSorted((a, b) => ((a * 7) % 11) - ((b * 7) % 11))) {
    const fresh = resumeMatroska(source, index);
    parts.set(from, (await fresh.part(from, Math.min(from + step, count), numbers)).frames);
  }
  return new Map(numbers.map((number) => [number, starts.flatMap((from) => parts.get(from)!.get(number)!)]));
}

/** ffprobe counts in whole milliseconds: up to eight frames of a block have the rounding of each before them in their time. */
function expectSame(frames: readonly Frame[], packets: readonly Packet[], track: SourceTrack): void {
  expect(frames.map(({ data }) => md5(data))).toEqual(packets.map(({ data_hash }) => data_hash));
  expect(frames.map(({ key }) => key)).toEqual(packets.map(({ flags }) => flags.startsWith("K")));
  for (const [i, frame] of frames.entries()) {
    const time = packets[i]!.pts_time;
    if (time !== undefined) expect(Math.abs(frame.time - Number(time) * 1e9)).toBeLessThan(3 * MILLISECOND);
  }
  if (track.type !== "subtitle") expect(track.start).toBe(frames[0]!.time);
}

describe.each(MKV_NAMES)("%s", (name) => {
  test("gives every frame once, in the part that it belongs to", async () => {
    const path = await mkv(name);
    const { packets } = await truthOf(path);
    await withFile(path, async (source) => {
      const container = await openMatroska(source);
      expect(container.index.obstacle).toBeNull();
      for (const step of [1, 3]) {
        for (const [number, frames] of await allParts(source, container, step)) {
          const track = container.index.tracks.find((candidate) => candidate.number === number)!;
          expectSame(
            frames,
            packets.filter(({ stream_index }) => stream_index === track.index),
            track,
          );
        }
      }
    });
  });

  test("knows the keyframes, and the smallest time behind each", async () => {
    const path = await mkv(name);
    const { packets } = await truthOf(path);
    await withFile(path, async (source) => {
      const container = await openMatroska(source);
      const { keyframes, tracks, video } = container.index;
      const { index } = tracks.find(({ number }) => number === video)!;
      const pictures = packets.filter(({ stream_index }) => stream_index === index);
      const nanoseconds = ({ pts_time }: Packet) => Math.round(Number(pts_time) * 1e4) * 1e5;
      const keys = pictures.filter(({ flags }) => flags.startsWith("K"));
      expect(keyframes.times).toEqual(keys.map(nanoseconds));
      for (const [number, key] of keys.entries()) {
        expect(md5((await container.keyframe(number)).data)).toBe(key.data_hash);
        if (number === 0) continue;
        const { nextVideoTime } = await container.part(number - 1, number, [video!]);
        expect(nextVideoTime).toBe(Math.min(...pictures.slice(pictures.indexOf(key)).map(nanoseconds)));
      }
      expect((await container.part(0, keys.length, [])).nextVideoTime).toBeNull();
    });
  });

  test("gives whole tracks of subtitles, and the first frames of the others", async () => {
    const path = await mkv(name);
    const { packets } = await truthOf(path);
    await withFile(path, async (source) => {
      const { index } = await openMatroska(source);
      const first = await resumeMatroska(source, index).firstFrames();
      for (const track of index.tracks) {
        const own = packets.filter(({ stream_index }) => stream_index === track.index);
        if (track.type !== "subtitle") expect(md5(first.get(track.number)!)).toBe(own[0]!.data_hash);
        else expectSame(await resumeMatroska(source, index).track(track.number), own, track);
      }
    });
  });
});
