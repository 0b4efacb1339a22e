/** Sound beside pictures, in every place where a program may put it. */
import { describe, expect, test } from "bun:test";
import { ID } from "../../../../plugins/hls/mkv/ids.ts";
import { openMatroska, resumeMatroska } from "../../../../plugins/hls/mkv/open.ts";
import { Damaged } from "../../../../plugins/hls/reader/model.ts";
import { memory } from "./fuzz.ts";
import { AUDIO, block, blockBody, cluster, cue, el, film, float, key, sound, track, uint, video } from "./write.ts";

const MS = 1_000_000;
const RATE = el(ID.audio, float(ID.samplingFrequency, 48_000));

async function opened(clusters: Uint8Array[], tracks = [video, sound]) {
  const source = memory(film({ tracks, clusters }));
  return { source, container: await openMatroska(source) };
}
/** The times of the sounds of a part, in milliseconds. */
async function soundsOf(clusters: Uint8Array[], from: number, to: number, tracks?: Uint8Array[]): Promise<number[]> {
  const { container } = await opened(clusters, tracks);
  return (await container.part(from, to, [2])).frames.get(2)!.map(({ time }) => time / MS);
}

const CLUSTERS = [
  cluster(0, key(1, 0, "a"), block(2, 0, "s"), block(2, 500, "s")),
  // Behind its keyframe, before it, and one of the part before.
  cluster(1000, block(2, 500, "s"), block(2, -10, "s"), key(1, 1000, "b"), block(2, 990, "s"), block(2, 1000, "s")),
  cluster(3000, key(1, 0, "c"), block(2, -500, "s"), block(2, 500, "s")),
];

describe("sound", () => {
  test("belongs to the part that its time is in, wherever it lies", async () => {
    expect(await soundsOf(CLUSTERS, 0, 1)).toEqual([0, 500, 1500, 990, 1990]);
    expect(await soundsOf(CLUSTERS, 1, 2)).toEqual([2000, 2500]);
    expect(await soundsOf(CLUSTERS, 2, 3)).toEqual([3500]);
    expect(await soundsOf(CLUSTERS, 0, 3)).toEqual([0, 500, 1500, 990, 1990, 2000, 2500, 3500]);
  });

  test("from before the first picture belongs to the first part", async () => {
    const clusters = [
      cluster(0, block(2, 0, "s"), block(2, 900, "s")),
      cluster(1000, key(1, 0, "a"), block(2, 10, "s")),
    ];
    expect(await soundsOf(clusters, 0, 1)).toEqual([0, 900, 1010]);
  });

  test("is looked for in front of the keyframe as far as it can lie there", async () => {
    const clusters = [
      cluster(0, key(1, 0, "a"), block(2, 900, "s"), block(2, 4100, "early"), block(2, 4200, "early")),
      cluster(2000, key(1, 0, "b")),
      cluster(4000, key(1, 0, "c"), block(2, 300, "s")),
      cluster(6000, key(1, 0, "d")),
    ];
    expect(await soundsOf(clusters, 2, 3)).toEqual([4100, 4200, 4300]);
    expect(await soundsOf(clusters, 1, 2)).toEqual([]);
  });

  test("is not looked for further back than ten seconds, nor further ahead", async () => {
    const far = [
      cluster(0, key(1, 0, "a"), block(2, 0, "s"), block(2, 30_000, "lost")),
      ...[12, 24, 30, 42, 54].map((second) => cluster(second * 1000, key(1, 0, "k"))),
      cluster(30_000, block(2, 10, "lost")),
    ];
    expect(await soundsOf(far, 3, 4)).toEqual([]);
  });

  test("that ended long ago is not looked for up to the end of the file", async () => {
    const picture = "x".repeat(1000);
    const seconds = Array.from({ length: 600 }, (_, i) => i);
    const clusters = seconds.map((second) =>
      cluster(
        second * 1000,
        key(1, 0, picture),
        ...(second < 10 ? [block(2, 0, "s")] : []),
        ...Array(9).fill(block(1, 100, picture)),
      ),
    );
    const { source, container } = await opened(clusters);
    source.taken = 0;
    expect((await container.part(100, 101, [2])).frames.get(2)).toEqual([]);
    expect(source.taken).toBeLessThan(source.size / 2);
  });

  test("of a block is shared out by the time of each frame", async () => {
    const lines = track(2, AUDIO, "A_VORBIS", uint(ID.defaultDuration, 100 * MS));
    const laced = block(2, 800, "\x03abcd", { lacing: 2 });
    const clusters = [cluster(0, key(1, 0, "a"), laced), cluster(1000, key(1, 0, "b"), block(2, 200, "s"))];
    expect(await soundsOf(clusters, 0, 1, [video, lines])).toEqual([800, 900]);
    expect(await soundsOf(clusters, 1, 2, [video, lines])).toEqual([1000, 1100, 1200]);
  });

  test.each([
    // Frames of AC-3 are all of 32 ms, so that none of this part can lie before it.
    ["AC-3 right behind a keyframe", track(2, AUDIO, "A_AC3", RATE), 20, 1],
    // Times are rounded: the one before may be of the same millisecond as the keyframe.
    ["AC-3 just a frame behind a keyframe", track(2, AUDIO, "A_AC3", RATE), 31, 2],
    ["a codec whose frames differ", track(2, AUDIO, "A_VORBIS", RATE), 20, 2],
    ["one that nevertheless promises a length", track(2, AUDIO, "A_VORBIS", uint(ID.defaultDuration, 32 * MS)), 20, 2],
    ["any, behind one of the part before", sound, -5, 1],
  ])("is looked for as far as needed: %s", async (_, sounds, first, parts) => {
    const fillers = Array(20).fill(block(1, 500, new Uint8Array(50_000)));
    const clusters = [0, 1, 2].map((second) =>
      cluster(second * 1000, key(1, 0, "k"), block(2, first, "s"), block(2, first + 32, "s"), ...fillers),
    );
    const { source, container } = await opened(clusters, [video, sounds]);
    source.taken = 0;
    const { frames } = await container.part(1, 2, [2]);
    expect(frames.get(2)!.map(({ time }) => time / MS)).toEqual(
      [first, first + 32]
        .filter((ms) => ms >= 0)
        .map((ms) => 1000 + ms)
        .concat(first < 0 ? [1995] : []),
    );
    expect(Math.round(source.taken / 1_050_000)).toBe(parts);
  });
});

test("where a file is damaged, a part has what can be read, from one keyframe or another on", async () => {
  const clusters = [0, 1, 2, 3].map((second) =>
    cluster(second * 1000, key(1, 0, `key ${second}`), block(2, 10, "s"), block(1, 40, `next ${second}`)),
  );
  const cues = (places: number[]) => places.map((place, i) => cue(1, i * 1000, place));
  const bytes = Buffer.from(film({ tracks: [video, sound], info: [float(ID.duration, 4000)], clusters, cues }));
  const { index } = await openMatroska(memory(bytes));
  const texts = async (from: number, to: number) => {
    const { frames, nextVideoTime } = await resumeMatroska(memory(bytes), index).part(from, to, [1, 2]);
    const pictures = frames.get(1)!.map(({ data }) => Buffer.from(data).toString());
    return { pictures, sounds: frames.get(2)!.length, next: nextVideoTime };
  };
  // The length of the block behind the second keyframe, and the number of the third cluster.
  bytes[bytes.indexOf("next 1") - 6] = 200;
  bytes.fill(0, index.keyframes.offsets[2]!, index.keyframes.offsets[2]! + 4);
  expect(await texts(0, 4)).toEqual({
    pictures: ["key 0", "next 0", "key 1", "key 3", "next 3"],
    sounds: 3,
    next: null,
  });
  expect(await texts(1, 2)).toEqual({ pictures: ["key 1"], sounds: 1, next: 2_000_000_000 });
  expect(await texts(2, 3)).toEqual({ pictures: [], sounds: 0, next: 3_000_000_000 });
  await expect(resumeMatroska(memory(bytes), index).keyframe(2)).rejects.toThrow(Damaged);
});

describe("a block", () => {
  const group = (...body: Uint8Array[]) => el(ID.blockGroup, ...body);

  test("in a group has a length, and is a keyframe where it refers to no other", async () => {
    const clusters = [
      cluster(
        0,
        // What says so stands behind it.
        group(el(ID.block, blockBody(1, 0, "key")), uint(ID.blockDuration, 40)),
        group(el(ID.block, blockBody(1, 40, "next")), uint(ID.referenceBlock, 1)),
        group(uint(ID.blockDuration, 40)),
      ),
    ];
    const { container } = await opened(clusters, [video]);
    expect((await container.part(0, 1, [1])).frames.get(1)).toMatchObject([
      { key: true, duration: 40 * MS, time: 0 },
      { key: false, duration: null, time: 40 * MS },
    ]);
  });

  test("longer than its cluster is damaged", async () => {
    const clusters = [0, 1].map((second) => cluster(second * 1000, key(1, 0, "k"), block(1, 40, "n")));
    const bytes = film({ tracks: [video], clusters, behind: [el(0xec, new Uint8Array(1000))] });
    const { index } = await openMatroska(memory(bytes));
    const last = Buffer.from(bytes).lastIndexOf(Buffer.from([0xa3]));
    bytes[last + 8] = 200;
    const container = await openMatroska(memory(bytes)).catch((error) => error);
    expect(container).toBeInstanceOf(Damaged);
    expect(index.keyframes.times).toHaveLength(2);
  });

  test("whose time no number can hold is damaged", async () => {
    const info = [uint(ID.timestampScale, 3_600_000_000_000)];
    const clusters = [cluster(2 ** 40, key(1, 0, "a"))];
    await expect(openMatroska(memory(film({ tracks: [video], info, clusters })))).rejects.toThrow(Damaged);
  });
});
