import { describe, expect, test } from "bun:test";
import { ID } from "../../../../plugins/hls/mkv/ids.ts";
import { openMatroska } from "../../../../plugins/hls/mkv/open.ts";
import { type ByteSource, Damaged } from "../../../../plugins/hls/reader/model.ts";
import { memory } from "./fuzz.ts";
import { block, cluster, cue, el, film, float, idBytes, key, sizeBytes, sound, uint, video } from "./write.ts";

const SECOND = 1_000_000_000;
const duration = (secs: number) => [float(ID.duration, secs * 1000)];
/** A keyframe, a picture and a sound at each of these seconds. */
const clustersAt = (...seconds: number[]) =>
  seconds.map((second) =>
    cluster(second * 1000, key(1, 0, `key ${second}`), block(2, 1, "sound"), block(1, 40, "next")),
  );
const CLUSTERS = clustersAt(0, 2, 4, 6);

type Cues = Parameters<typeof film>[0]["cues"];
async function keyframesWith(cues: Cues, clusters = CLUSTERS, secs = 8) {
  const { index } = await openMatroska(memory(film({ tracks: [video, sound], info: duration(secs), clusters, cues })));
  expect(index.keyframes.offsets).toHaveLength(index.keyframes.times.length);
  return index.keyframes.times.map((time) => time / SECOND);
}

describe("keyframes", () => {
  test("are those that the cues tell, and not more", async () => {
    expect(await keyframesWith((places) => [cue(1, 0, places[0]!), cue(1, 4000, places[2]!)])).toEqual([0, 4]);
  });

  test("are put in order, each once", async () => {
    const cues: Cues = (places) => [2, 0, 1, 2, 3].map((i) => cue(1, i * 2000, places[i]!));
    expect(await keyframesWith(cues)).toEqual([0, 2, 4, 6]);
  });

  test("begin with the first picture, though the cues leave it out", async () => {
    expect(await keyframesWith((places) => [cue(1, 4000, places[2]!)])).toEqual([0, 4]);
  });

  test.each([
    ["there are none", () => []],
    ["they are of another track", (places) => places.map((place, i) => cue(2, i * 2000 + 1, place))],
    ["their times are wrong", (places) => places.map((place, i) => cue(1, i * 2000 + 40, place))],
    ["their places are wrong", (places) => places.map((place, i) => cue(1, i * 2000, place + 9))],
    ["they point backwards", (places) => places.map((_, i) => cue(1, i * 2000, places[3 - i]!))],
    [
      "they point at pictures that are none to begin with",
      (places) => [cue(1, 0, places[0]!), cue(1, 6040, places[3]!)],
    ],
    ["they point into the head of the file", (places) => places.map((_, i) => cue(1, i * 2000, i))],
    ["they are no cues", () => [el(ID.cuePoint, Buffer.from([0, 0, 0]))]],
  ] as [string, Cues][])("are looked for where cues cannot be believed: %s", async (_, cues) => {
    expect(await keyframesWith(cues)).toEqual([0, 2, 4, 6]);
  });

  test("are looked for where the cues have a hole, or end long before the file", async () => {
    const clusters = clustersAt(0, 10, 20, 30, 40, 50);
    expect(await keyframesWith((places) => [0, 1, 5].map((i) => cue(1, i * 10_000, places[i]!)), clusters, 52)).toEqual(
      [0, 10, 20, 30, 40, 50],
    );
    expect(
      await keyframesWith((places) => [0, 1].map((i) => cue(1, i * 10_000, places[i]!)), clusters, 52),
    ).toHaveLength(6);
  });

  test("beyond the end of a file that was cut off are left out", async () => {
    const cues: Cues = (places) => [...places, 1_000_000].map((place, i) => cue(1, i * 2000, place));
    expect(await keyframesWith(cues)).toEqual([0, 2, 4, 6]);
  });

  test("that are not where the file says are left out when they are asked for", async () => {
    const clusters = clustersAt(0, 1, 2, 3, 4, 5, 6, 7);
    const cues: Cues = (places) => places.map((place, i) => cue(1, i * 1000 + (i === 2 ? 7 : 0), place));
    const container = await openMatroska(memory(film({ tracks: [video, sound], info: duration(8), clusters, cues })));
    expect(await container.part(2, 3, [1])).toMatchObject({ frames: new Map([[1, []]]), nextVideoTime: 3 * SECOND });
    expect((await container.part(2, 5, [1])).frames.get(1)?.[0]).toMatchObject({ time: 3 * SECOND, key: true });
    await expect(container.keyframe(2)).rejects.toThrow(Damaged);
    expect((await container.part(3, 5, [1])).frames.get(1)).toHaveLength(4);
  });

  test("can be several in a cluster", async () => {
    const blocks = [0, 2, 4].flatMap((second) => [
      key(1, second * 1000, `${second}`),
      block(1, second * 1000 + 40, "n"),
    ]);
    const clusters = [cluster(0, ...blocks), ...clustersAt(6)];
    const container = await openMatroska(memory(film({ tracks: [video], clusters, info: duration(8) })));
    expect(container.index.keyframes.times).toHaveLength(4);
    expect(new Set(container.index.keyframes.offsets).size).toBe(2);
    const { frames, nextVideoTime } = await container.part(1, 2, [1]);
    expect(frames.get(1)!.map(({ data }) => Buffer.from(data).toString())).toEqual(["2", "n"]);
    expect(nextVideoTime).toBe(4 * SECOND);
  });
});

describe("a file that cannot be cut", () => {
  const obstacleOf = async (bytes: ByteSource) => (await openMatroska(bytes)).index.obstacle;

  test("has no video", async () => {
    expect(await obstacleOf(memory(film({ tracks: [sound], clusters: [cluster(0, block(2, 0, "a"))] })))).toBe(
      "it has no video",
    );
  });

  test("has no keyframes", async () => {
    const clusters = [cluster(0, block(1, 0, "a"), block(1, 40, "b"))];
    expect(await obstacleOf(memory(film({ tracks: [video], clusters })))).toBe("its video has no keyframes");
  });

  test("has damage in its middle, and nothing to tell what is behind it", async () => {
    const clusters = [...clustersAt(0), new Uint8Array(100_000), ...clustersAt(2)];
    expect(await obstacleOf(memory(film({ tracks: [video, sound], clusters })))).toBe("a part of it is damaged");
  });

  test("has sound that lies far from its pictures", async () => {
    const clusters = [
      ...[0, 5, 10, 15].map((second) => cluster(second * 1000, key(1, 0, "a"))),
      cluster(0, block(2, 0, "late")),
    ];
    expect(await obstacleOf(memory(film({ tracks: [video, sound], clusters })))).toBe(
      "its tracks lie too far from each other",
    );
  });

  test("has more between two keyframes than can be held", async () => {
    const source = withGap(300 * 2 ** 20, 2 ** 20);
    const container = await openMatroska(source);
    expect(container.index.obstacle).toBe("its keyframes lie too far from each other");
    await expect(container.part(0, 1, [1])).rejects.toThrow(Damaged);
    // The largest that was asked for at once.
    expect(source.largest).toBeLessThan(70 * 2 ** 20);
  });

  test("has a picture that is larger than any", async () => {
    const source = withGap(1, 100 * 2 ** 20);
    const container = await openMatroska(source);
    expect(container.index.keyframes.times).toEqual([0, 2 * SECOND]);
    expect((await container.part(0, 1, [1])).frames.get(1)).toHaveLength(1);
    expect(source.largest).toBeLessThan(70 * 2 ** 20);
  });
});

/** Two keyframes and so many pictures between them that no memory holds them. */
function withGap(bytes: number, picture: number): ByteSource & { largest: number } {
  const head = Buffer.concat([idBytes(ID.simpleBlock), sizeBytes(picture), Buffer.from([0x81, 0, 1, 0])]);
  const step = head.length + picture - 4;
  const count = Math.ceil(bytes / step);
  const front = film({ tracks: [video], clusters: [], endless: true });
  const stamp = uint(ID.timestamp, 0);
  const open = Buffer.concat([idBytes(ID.cluster), sizeBytes(stamp.length + count * step), stamp]);
  const begin = Buffer.concat([front, cluster(0, key(1, 0, "first")), open]);
  const end = cluster(2000, key(1, 0, "second"));
  const endAt = begin.length + count * step;
  return {
    size: endAt + end.length,
    largest: 0,
    async read(offset, length) {
      this.largest = Math.max(this.largest, length);
      const read = Buffer.alloc(Math.max(0, Math.min(length, this.size - offset)));
      for (let i = Math.max(0, Math.floor((offset - begin.length) / step)); i < count; i++) {
        const at = begin.length + i * step - offset;
        if (at > read.length) break;
        put(read, head, at);
      }
      put(read, begin, -offset);
      put(read, end, endAt - offset);
      return read;
    },
  };
}

/** Copies what of `bytes` falls into `into` when it begins at `at`. */
function put(into: Uint8Array, bytes: Uint8Array, at: number): void {
  const visible = bytes.subarray(Math.max(0, -at), Math.max(0, into.length - at));
  if (visible.length > 0) into.set(visible, Math.max(0, at));
}
