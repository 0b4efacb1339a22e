import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { openSource } from "../../../../plugins/hls/byte-source.ts";
import { openMatroska, resumeMatroska } from "../../../../plugins/hls/mkv/open.ts";
import type { ByteSource, ContainerIndex } from "../../../../plugins/hls/reader/model.ts";
import { MKV_NAMES, type MkvName, mkv } from "./fixtures.ts";
import { memory } from "./fuzz.ts";
import { truthOf } from "./truth.ts";

setDefaultTimeout(60_000);

async function indexOf(name: MkvName): Promise<ContainerIndex> {
  const source = await openSource(await mkv(name));
  try {
    return (await openMatroska(source)).index;
  } finally {
    await source.close();
  }
}

/** Counts what is read. */
function counted(source: ByteSource): ByteSource & { reads: number; bytes: number } {
  return {
    size: source.size,
    reads: 0,
    bytes: 0,
    async read(offset, length) {
      const read = await source.read(offset, length);
      this.reads++;
      this.bytes += read.length;
      return read;
    },
  };
}

/** mkvmerge says it in two forms, of which ffprobe shows the one that cannot tell one Chinese from the other. */
const languageIn = (name: string, told: string | undefined): string | null =>
  name.includes(".merged.") && told === "jpn" ? "ja" : (told ?? null);

describe("the index of a file", () => {
  test.each(MKV_NAMES)("%s: its tracks and its length are those that ffprobe tells", async (name) => {
    const { streams, format } = await truthOf(await mkv(name));
    const index = await indexOf(name);
    const told = streams.filter(({ codec_type }) => codec_type !== "attachment");
    expect(index.tracks).toMatchObject(
      told.map((stream) => ({
        index: stream.index,
        type: stream.codec_type,
        codec: stream.codec_name,
        width: stream.width ?? 0,
        height: stream.height ?? 0,
        sampleRate: Number(stream.sample_rate ?? 0),
        channels: stream.channels ?? 0,
        language: languageIn(name, stream.tags?.language),
        title: stream.tags?.title ?? null,
        default: stream.disposition.default === 1,
        forced: stream.disposition.forced === 1,
      })),
    );
    // A live stream does not say how long it is, which ffprobe then does not either.
    if (name !== "live.mkv") expect(Math.abs(index.duration / 1e9 - Number(format.duration))).toBeLessThan(0.05);
    expect(index.video).toBe(index.tracks.find(({ type }) => type === "video")!.number);
    expect(index.format).toBe("matroska");
  });

  test("a live stream's length is when its last frame ends", async () => {
    const [live, whole] = [await indexOf("live.mkv"), await indexOf("aac.mkv")];
    expect(Math.abs(live.duration - whole.duration)).toBeLessThan(50_000_000);
  });

  test.each(["release.mkv", "release.merged.mkv"] as const)("%s: fonts and chapters", async (name) => {
    const source = await openSource(await mkv(name));
    try {
      const { attachments, chapters } = (await openMatroska(source)).index;
      expect(attachments).toMatchObject([
        { name: "one.ttf", mediaType: "font/ttf", size: 14 },
        { name: "two.otf", mediaType: "font/otf", size: 100_000 },
      ]);
      const font = await source.read(attachments[0]!.offset, attachments[0]!.size);
      expect(Buffer.from(font).toString()).toBe("the first font");
      expect(chapters).toEqual([
        { start: 0, end: 4_000_000_000, title: "Opening" },
        { start: 4_000_000_000, end: 10_000_000_000, title: "第一話" },
      ]);
    } finally {
      await source.close();
    }
  });

  test("tells where subtitles lie, and only where every line is told", async () => {
    const places = async (name: MkvName) =>
      Object.values((await indexOf(name)).subtitleBlocks).map((list) => list.length / 2);
    expect(await places("release.mkv")).toEqual([18]);
    expect(await places("release.merged.mkv")).toEqual([18]);
    // A walk over the whole file finds them on the way.
    expect(await places("no-cues.merged.mkv")).toEqual([18]);
    expect(await places("vague-cues.merged.mkv")).toEqual([]);
  });

  test("is made of the head, the cues and what stands around the first frames", async () => {
    const bytes = await Bun.file(await mkv("release.merged.mkv")).bytes();
    const source = counted(memory(bytes));
    await openMatroska(source);
    expect(source.reads).toBeLessThan(14);
    expect(source.bytes).toBeLessThan(300_000);
  });

  test("is all that is needed to go on: nothing is read until something is asked for", async () => {
    const source = counted(memory(await Bun.file(await mkv("aac.mkv")).bytes()));
    const { index } = await openMatroska(source);
    source.reads = 0;
    const container = resumeMatroska(source, structuredClone(index));
    expect(source.reads).toBe(0);
    await container.part(2, 3, [index.video!]);
    // The head once, and the part in one.
    expect(source.reads).toBeLessThan(4);
  });

  test("a disk that fails once does not spoil what was resumed", async () => {
    const source = memory(await Bun.file(await mkv("aac.mkv")).bytes());
    const { index } = await openMatroska(source);
    let broken = true;
    const container = resumeMatroska(
      {
        size: source.size,
        read: async (offset, length) => {
          if (broken) throw new Error("EIO");
          return source.read(offset, length);
        },
      },
      index,
    );
    await expect(container.keyframe(0)).rejects.toThrow("EIO");
    broken = false;
    expect((await container.keyframe(0)).key).toBe(true);
  });
});

describe("a file that was cut off", () => {
  test.each(["aac.mkv", "front-cues.mkv", "live.mkv", "release.merged.mkv"] as const)(
    "%s: plays as far as it goes, wherever that is",
    async (name) => {
      const bytes = await Bun.file(await mkv(name)).bytes();
      const whole = (await openMatroska(memory(bytes))).index;
      for (let left = 0.4; left < 0.8; left += 0.0213) {
        const container = await openMatroska(memory(bytes.subarray(0, Math.round(bytes.length * left))));
        const { keyframes, obstacle, duration, tracks, video } = container.index;
        expect(obstacle).toBeNull();
        const count = keyframes.times.length;
        expect(count).toBeWithin(2, whole.keyframes.times.length);
        expect(keyframes.times).toEqual(whole.keyframes.times.slice(0, count));
        const numbers = tracks.map(({ number }) => number);
        const last = (await container.part(count - 1, count, numbers)).frames.get(video!)!;
        expect(last.length).toBeGreaterThan(0);
        expect(duration).toBeGreaterThanOrEqual(last.at(-1)!.time);
        expect(duration).toBeLessThan(whole.duration * 0.95);
      }
    },
  );
});

test("what stands behind the end of a file is left alone", async () => {
  const bytes = await Bun.file(await mkv("aac.mkv")).bytes();
  const garbage = crypto.getRandomValues(new Uint8Array(60_000));
  const opened = await openMatroska(memory(Buffer.concat([bytes, garbage])));
  expect(opened.index).toEqual((await openMatroska(memory(bytes))).index);
  // ffmpeg joined to ffmpeg: only the first one is played.
  const twice = await openMatroska(memory(Buffer.concat([bytes, bytes])));
  expect(twice.index).toEqual(opened.index);
});

test("a part that does not exist is the caller's mistake", async () => {
  const container = await openMatroska(memory(await Bun.file(await mkv("aac.mkv")).bytes()));
  const count = container.index.keyframes.times.length;
  for (const [from, to] of [
    [0, 0],
    [1, 0],
    [-1, 1],
    [0, count + 1],
    [count, count + 1],
  ])
    await expect(container.part(from!, to!, [1])).rejects.toThrow(RangeError);
  await expect(container.keyframe(count)).rejects.toThrow(RangeError);
});
