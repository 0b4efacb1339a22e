import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { createFrameParser, type FrameEvent } from "../../../../plugins/hls/mkv/frame-parser.ts";
import { ID } from "../../../../plugins/hls/mkv/ids.ts";
import { openMatroska } from "../../../../plugins/hls/mkv/open.ts";
import { Damaged } from "../../../../plugins/hls/reader/model.ts";
import { mkv } from "./fixtures.ts";
import { memory } from "./fuzz.ts";
import { md5, truthOf } from "./truth.ts";
import { block, blockBody, cluster, EBML, el, endless, film, idBytes, key, sizeBytes, uint, video } from "./write.ts";

setDefaultTimeout(60_000);

/** @param sizes of the chunks, over and over */
function parse(bytes: Uint8Array, sizes = [bytes.length]): FrameEvent[] {
  const parser = createFrameParser();
  const events: FrameEvent[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length]!;
    events.push(...parser.push(bytes.subarray(at, at + size)));
    at += size;
  }
  parser.end();
  return events;
}
const framesIn = (events: FrameEvent[]) => events.flatMap((event) => (event.type === "frame" ? [event.frame] : []));

test("what ffmpeg writes to a pipe comes as tracks, and then as the frames that ffprobe sees", async () => {
  const path = await mkv("release.mkv");
  const { packets } = await truthOf(path);
  const copy = ["-nostdin", "-v", "error", "-i", path, "-map", "0:v", "-map", "0:a", "-map", "0:s"];
  const child = Bun.spawn(["ffmpeg", ...copy, "-c", "copy", "-f", "matroska", "pipe:1"], { stdout: "pipe" });
  const parser = createFrameParser();
  const events: FrameEvent[] = [];
  for await (const chunk of child.stdout) events.push(...parser.push(chunk));
  parser.end();
  const [first] = events;
  const tracks = first?.type === "tracks" ? first.tracks : [];
  expect(tracks.map(({ codec }) => codec)).toEqual(["h264", "flac", "aac", "ass"]);
  for (const { number, index } of tracks) {
    const own = framesIn(events).filter(({ track }) => track === number);
    const truth = packets.filter(({ stream_index }) => stream_index === index);
    expect(own.map(({ data }) => md5(data))).toEqual(truth.map(({ data_hash }) => data_hash));
    expect(own.map(({ time }) => Math.round(time / 1e6))).toEqual(
      truth.map(({ pts_time }) => Math.round(Number(pts_time) * 1000)),
    );
  }
});

test.each(["live.mkv", "release.merged.mkv"] as const)(
  "%s gives the same frames in whatever chunks it comes",
  async (name) => {
    const bytes = await Bun.file(await mkv(name)).bytes();
    const { index } = await openMatroska(memory(bytes));
    const whole = parse(bytes);
    expect(whole[0]).toEqual({ type: "tracks", tracks: index.tracks.map((track) => ({ ...track, start: null })) });
    for (const sizes of [[1, 2, 3], [7, 65_536], [100_003]]) expect(parse(bytes, sizes)).toEqual(whole);
  },
);

describe("a stream", () => {
  const begin = Buffer.concat([EBML, endless(ID.segment, el(ID.tracks, video))]);

  test("gives a frame as soon as its last byte is there", () => {
    const parser = createFrameParser();
    parser.push(begin);
    const open = endless(ID.cluster, uint(ID.timestamp, 1000), key(1, 5, "frame"));
    expect(framesIn(parser.push(open.subarray(0, -1)))).toEqual([]);
    expect(framesIn(parser.push(open.subarray(-1)))).toMatchObject([{ track: 1, time: 1_005_000_000, key: true }]);
  });

  test("has groups of blocks, and frames of tracks that nobody announced", () => {
    const group = el(
      ID.blockGroup,
      el(ID.block, blockBody(1, 7, "b")),
      uint(ID.blockDuration, 40),
      uint(ID.referenceBlock, 1),
    );
    const events = parse(Buffer.concat([begin, cluster(0, group, el(ID.blockGroup), block(9, 0, "whose"))]));
    expect(framesIn(events)).toMatchObject([{ track: 1, time: 7_000_000, duration: 40_000_000, key: false }]);
  });

  test("that ends in the middle is told from one that ends", () => {
    for (const cut of [1, 3, 12])
      expect(() => parse(Buffer.concat([begin, cluster(0, key(1, 0, "a")).subarray(0, -cut)]))).toThrow(Damaged);
    expect(() => parse(Buffer.concat([begin, el(0xec, new Uint8Array(50)).subarray(0, 20)]))).toThrow(Damaged);
    expect(framesIn(parse(begin))).toEqual([]);
  });

  test.each([
    ["a block that no memory holds", Buffer.concat([idBytes(ID.simpleBlock), sizeBytes(2 ** 40)])],
    ["tags without end", endless(ID.tags)],
    ["what is no element", new Uint8Array(20)],
  ])("with %s is damaged at once", (_, bytes) => {
    const parser = createFrameParser();
    parser.push(begin);
    expect(() => parser.push(bytes)).toThrow(Damaged);
  });

  test("is passed over where nobody needs it, however long that is, without being kept", () => {
    const parser = createFrameParser();
    parser.push(Buffer.concat([begin, idBytes(ID.attachments), sizeBytes(100 * 2 ** 20)]));
    const chunk = new Uint8Array(2 ** 20);
    for (let i = 0; i < 100; i++) expect(parser.push(chunk)).toEqual([]);
    expect(framesIn(parser.push(cluster(0, key(1, 0, "behind"))))).toHaveLength(1);
    parser.end();
  });
});

test("a whole file is no different from a stream", () => {
  const bytes = film({ tracks: [video], clusters: [cluster(0, key(1, 0, "a")), cluster(1000, key(1, 0, "b"))] });
  expect(framesIn(parse(bytes)).map(({ time }) => time)).toEqual([0, 1_000_000_000]);
});
