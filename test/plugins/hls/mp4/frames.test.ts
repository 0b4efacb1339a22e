import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { openSource } from "../../../../plugins/hls/byte-source.ts";
import { openMp4, resumeMp4 } from "../../../../plugins/hls/mp4/open.ts";
import { type Container, Damaged, type Frame } from "../../../../plugins/hls/reader/model.ts";
import { changed, contentAt, type FilmName, film, md5, memory, type Packet, probe } from "./films.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

/** What ffprobe prints of a second has six digits, what a file says of a pause three. */
const ROUNDED_SECS = 0.000_002;

/** Reads all parts, two keyframes at a time, from the last to the first. */
async function allParts(container: Container): Promise<Map<number, Frame[]>> {
  const { keyframes, tracks } = container.index;
  const count = keyframes.times.length;
  const all = new Map<number, Frame[]>(tracks.map(({ number }) => [number, []]));
  for (let from = count - (count % 2 || 2); from >= 0; from -= 2) {
    const part = await container.part(from, Math.min(count, from + 2), [...all.keys()]);
    for (const [track, frames] of part.frames) all.get(track)!.unshift(...frames);
  }
  return all;
}

function expectSame(frames: readonly Frame[], packets: readonly Packet[], shift = 0): void {
  expect(frames.map(({ data }) => md5(data))).toEqual(packets.map(({ hash }) => hash));
  expect(frames.map(({ key }) => key)).toEqual(packets.map(({ key }) => key));
  const late = frames.map(({ time }, i) => Math.abs(time / 1e9 - packets[i]!.time + shift));
  expect(Math.max(...late)).toBeLessThan(ROUNDED_SECS);
}

test.each<FilmName>([
  ...(["plain.mp4", "head-first.mov", "below-zero.mp4", "no-edits.mp4", "late-sound.mp4", "late-picture.mp4"] as const),
  ...(["fragments.mp4", "fragments-from-moof.mp4", "fragments-behind-head.mp4", "fragments-dash.mp4"] as const),
  ...(["fragments-by-track.mp4", "hevc-opus.mp4", "av1-flac.mp4", "vp9-ac3.mp4", "variable.mp4"] as const),
])("%s has the frames that ffmpeg finds, at its times", async (name) => {
  const path = await film(name);
  const { packets } = await probe(path);
  const source = await openSource(path);
  const { index } = await openMp4(source);
  expect(index.obstacle).toBeNull();
  const frames = await allParts(resumeMp4(source, JSON.parse(JSON.stringify(index))));
  await source.close();
  expect(frames.size).toBe(name === "variable.mp4" ? 1 : 2);
  for (const { number, index: stream, start } of index.tracks) {
    const mine = frames.get(number)!;
    expectSame(
      mine,
      packets.filter((packet) => packet.stream === stream),
    );
    expect(start).toBe(Math.min(...mine.map(({ time }) => time)));
  }
  const pictures = frames.get(index.video!)!.filter(({ key }) => key);
  expect(index.keyframes.times).toEqual(pictures.map(({ time }) => time));
});

describe("a part", () => {
  test("ends where the next one begins, of which it knows the earliest picture", async () => {
    const container = await openMp4(memory(await changed("plain.mp4", () => {})));
    const { times, offsets } = container.index.keyframes;
    expect(times.length).toBe(6);
    const { frames, nextVideoTime } = await container.part(1, 3, [1, 2]);
    expect(frames.get(1)![0]).toMatchObject({ time: times[1]!, key: true });
    expect(nextVideoTime).toBe(times[3]!);
    for (const { time } of frames.get(2)!) expect(time >= times[1]! && time < times[3]!).toBeTrue();
    expect((await container.part(3, 6, [1])).nextVideoTime).toBeNull();
    const keyframe = await container.keyframe(3);
    expect(keyframe).toMatchObject({ time: times[3]!, key: true });
    const file = await Bun.file(await film("plain.mp4")).bytes();
    expect(md5(file.subarray(offsets[3], offsets[3]! + keyframe.data.length))).toBe(md5(keyframe.data));
  });

  test("of one kind is read at once, and of both kinds too", async () => {
    const source = memory(await changed("plain.mp4", () => {}));
    const container = await openMp4(source);
    for (const tracks of [[1], [2], [1, 2]]) {
      source.reads = 0;
      await container.part(1, 3, tracks);
      expect(source.reads).toBe(tracks.length);
    }
  });
});

describe("the head is read", () => {
  test("by opening, and by resuming only when frames are asked for, and then once", async () => {
    const source = memory(await changed("plain.mp4", () => {}));
    const { index } = await openMp4(source);
    source.reads = 0;
    const container = resumeMp4(source, index);
    expect(source.reads).toBe(0);
    await Promise.all([container.part(0, 1, [1]), container.part(1, 2, [1]), container.keyframe(2)]);
    const reads = source.reads;
    await container.part(2, 3, [1]);
    expect(source.reads).toBe(reads + 1);
  });

  test("again, when the disk did not answer the first time", async () => {
    const source = memory(await changed("plain.mp4", () => {}));
    const { index } = await openMp4(source);
    let broken = true;
    const container = resumeMp4(
      {
        size: source.size,
        read: (at, length) => (broken ? Promise.reject(new Error("EIO")) : source.read(at, length)),
      },
      index,
    );
    await expect(container.part(0, 1, [1])).rejects.toThrow("EIO");
    broken = false;
    expect((await container.part(0, 1, [1])).frames.get(1)!.length).toBeGreaterThan(0);
  });

  test("and another file than the one that was indexed is found out", async () => {
    const { index } = await openMp4(memory(await changed("plain.mp4", () => {})));
    for (const name of ["late-picture.mp4", "no-edits.mp4", "variable.mp4"] as const) {
      const other = resumeMp4(memory(await changed(name, () => {})), index);
      await expect(other.part(0, 1, [1])).rejects.toThrow(Damaged);
    }
    const short = await changed("plain.mp4", () => {});
    await expect(resumeMp4(memory(short), index).part(0, 1, [9])).rejects.toThrow("no track 9");
  });
});

describe("an edit list", () => {
  /** The rows of the n-th one: duration in milliseconds, begin in ticks. */
  const edit =
    (n: number, row: number, values: { duration?: number; from?: number; rate?: number }) => (file: Buffer) => {
      const place = contentAt(file, "elst", n) + 8 + 12 * row;
      if (values.duration !== undefined) file.writeUInt32BE(values.duration, place);
      if (values.from !== undefined) file.writeInt32BE(values.from, place + 4);
      if (values.rate !== undefined) file.writeUInt16BE(values.rate, place + 8);
    };

  test("that shows nothing is as good as none", async () => {
    const { index } = await openMp4(memory(await changed("plain.mp4", edit(1, 0, { from: -1 }))));
    expect(index.tracks[1]!.start).toBe(0);
  });

  test("that forgets the pictures' reordering begins with the first picture all the same", async () => {
    const { index } = await openMp4(memory(await changed("plain.mp4", edit(0, 0, { from: 0, duration: 0 }))));
    expect(index.keyframes.times).toEqual(
      (await openMp4(memory(await changed("plain.mp4", () => {})))).index.keyframes.times,
    );
  });

  test("ends the film where it says", async () => {
    const container = await openMp4(memory(await changed("plain.mp4", edit(0, 0, { duration: 3000 }))));
    const { times } = container.index.keyframes;
    expect(times).toHaveLength(3);
    const pictures = (await container.part(0, 3, [1])).frames.get(1)!;
    expect(pictures.filter(({ time }) => time < 3e9)).toHaveLength(72);
    // Those that others are decoded from may stand behind the end.
    expect(pictures.length).toBeLessThan(76);
  });

  test("that begins between two keyframes is left to ffmpeg", async () => {
    const { index } = await openMp4(memory(await changed("plain.mp4", edit(0, 0, { from: 20_000 }))));
    expect(index.obstacle).toContain("between two keyframes");
  });

  test.each([{ rate: 2 }, { rate: 0 }])("with another speed (%j) is left to ffmpeg", async (values) => {
    await expect(openMp4(memory(await changed("plain.mp4", edit(0, 0, values))))).rejects.toThrow(Damaged);
  });

  test("of several pieces is left to ffmpeg", async () => {
    await expect(openMp4(memory(await changed("late-sound.mp4", edit(1, 0, { from: 0 }))))).rejects.toThrow(
      "several pieces",
    );
  });
});
