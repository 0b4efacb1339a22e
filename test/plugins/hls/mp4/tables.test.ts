import { describe, expect, test } from "bun:test";
import { boxesIn, readHeader } from "../../../../plugins/hls/mp4/box.ts";
import { readDescriptor } from "../../../../plugins/hls/mp4/descriptor.ts";
import { createFragments } from "../../../../plugins/hls/mp4/fragments.ts";
import { readMovie } from "../../../../plugins/hls/mp4/movie.ts";
import { mergeRanges, readSamples } from "../../../../plugins/hls/mp4/read-samples.ts";
import { readSampleTable } from "../../../../plugins/hls/mp4/sample-table.ts";
import type { Samples } from "../../../../plugins/hls/mp4/samples.ts";
import { type ByteSource, Damaged } from "../../../../plugins/hls/reader/model.ts";
import { memory } from "./films.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
/** Numbers of 32 bits. */
const words = (...numbers: number[]) => {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [i, number] of numbers.entries()) bytes.writeUInt32BE(number >>> 0, 4 * i);
  return bytes;
};
const box = (type: string, ...parts: Uint8Array[]) => {
  const content = Buffer.concat(parts);
  return Buffer.concat([words(8 + content.length), Buffer.from(type, "latin1"), content]);
};

describe("a box", () => {
  test("has a length of 32 bits, of 64, or up to the end", () => {
    const name = { type: "mdat" };
    expect(readHeader(hex("00000010 6d646174"), 99)).toEqual({ ...name, header: 8, size: 16 });
    expect(readHeader(hex("00000001 6d646174 0000000100000000"), 99)).toEqual({ ...name, header: 16, size: 2 ** 32 });
    expect(readHeader(hex("00000000 6d646174"), 99)).toEqual({ ...name, header: 8, size: 99 });
  });

  test.each(["", "000000106d6461", "000000076d646174", "000000016d646174", "000000016d646174000000000000000f"])(
    "is not %j",
    (bytes) => {
      expect(readHeader(hex(bytes), 99)).toBeNull();
    },
  );

  test("in another one is read up to the first that is damaged", () => {
    const types = (bytes: Uint8Array) => [...boxesIn(bytes)].map(({ type }) => type);
    expect(types(Buffer.concat([box("aaaa"), box("bbbb", words(1)), hex("00000000")]))).toEqual(["aaaa", "bbbb"]);
    expect(types(Buffer.concat([box("aaaa"), hex("00000009 62626262")]))).toEqual(["aaaa"]);
  });
});

describe("a descriptor", () => {
  test("says the codec, behind all that may stand before it", () => {
    const config = hex("05 02 1190");
    const decoder = hex("04 11 40 15 000000 00000000 00000000 05 02 1190");
    expect(readDescriptor(Buffer.concat([hex("00000000 03 16 0001 00"), decoder]))).toEqual({
      object: 0x40,
      config: hex("1190"),
    });
    const long = Buffer.concat([
      hex("00000000 03 80808022 0001 e0 0002 01 61 0003"),
      hex("04808011"),
      decoder.subarray(2),
    ]);
    expect(readDescriptor(long)?.config).toEqual(config.subarray(2));
  });

  test.each([
    "",
    "00000000",
    "00000000 04 16 0001 00",
    "00000000 03 16 0001",
    "00000000 03 ffffffffff",
    "00000000 03160001000402 4015",
  ])("is not %j", (bytes) => {
    expect(readDescriptor(hex(bytes))).toBeNull();
  });
});

describe("a sample table", () => {
  const table = (boxes: Record<string, Uint8Array>) => {
    const all = {
      stsz: words(0, 0, 4, 10, 20, 30, 40),
      stsc: words(0, 2, 1, 1, 1, 2, 3, 1),
      stco: words(0, 2, 1000, 2000),
      stts: words(0, 1, 4, 100),
      ...boxes,
    };
    return readSampleTable(Buffer.concat(Object.entries(all).map(([type, content]) => box(type, content))));
  };
  const columns = ({ offsets, sizes, shown, durations, keys }: Samples) => ({
    ...{ offsets: [...offsets], sizes: [...sizes], shown: [...shown], durations: [...durations], keys: [...keys] },
  });
  const usual = {
    offsets: [1000, 2000, 2020, 2050],
    sizes: [10, 20, 30, 40],
    shown: [0, 100, 200, 300],
    durations: [100, 100, 100, 100],
    keys: [1, 1, 1, 1],
  };

  test("says where each frame is, how large and when", () => {
    expect(columns(table({}))).toEqual(usual);
  });

  test("has compact forms of sizes and long ones of places", () => {
    const compact = (bits: number, bytes: string) => {
      const stz2 = Buffer.concat([words(0, bits, 4), hex(bytes)]);
      const boxes = {
        stz2,
        stsc: words(0, 2, 1, 1, 1, 2, 3, 1),
        stco: words(0, 2, 1000, 2000),
        stts: words(0, 1, 4, 100),
      };
      return [
        ...readSampleTable(Buffer.concat(Object.entries(boxes).map(([type, content]) => box(type, content)))).sizes,
      ];
    };
    expect(compact(4, "1234")).toEqual([1, 2, 3, 4]);
    expect(compact(8, "0a141e28")).toEqual([10, 20, 30, 40]);
    expect(compact(16, "0100 0200 0300 0400")).toEqual([256, 512, 768, 1024]);
    expect(() => compact(5, "00000000")).toThrow(Damaged);
    expect([...table({ stsz: words(0, 7, 4) }).sizes]).toEqual([7, 7, 7, 7]);
    const long = table({ co64: words(0, 2, 1, 0, 2, 5) });
    expect([...long.offsets.subarray(0, 2)]).toEqual([2 ** 32, 2 * 2 ** 32 + 5]);
  });

  test("moves frames to where they are shown, also back", () => {
    expect([...table({ ctts: words(0, 3, 1, 200, 1, -50, 2, 0) }).shown]).toEqual([200, 50, 200, 300]);
  });

  test("has keyframes, of which some may not be there", () => {
    expect([...table({ stss: words(0, 4, 1, 3, 0, 99) }).keys]).toEqual([1, 0, 1, 0]);
  });

  test("may end early", () => {
    expect([...table({ stsz: words(0, 0, 1000, 10, 20) }).sizes]).toEqual([10, 20]);
    expect([...table({ stts: words(0, 2, 1, 100, 1, 50) }).shown]).toEqual([0, 100, 150, 200]);
    expect([...table({ stts: words(0, 9, 4, 100) }).durations]).toEqual(usual.durations);
  });
});

describe("fragments", () => {
  const trex = box("trex", words(0, 7, 1, 100, 10, 0x101_0000));
  const tfhd = (flags: number, ...rest: number[]) => box("tfhd", words(flags, 7, ...rest));
  const trun = (flags: number, ...rest: number[]) => box("trun", words(flags, ...rest));
  const read = (...trafs: Uint8Array[][]) => {
    const fragments = createFragments(trex);
    for (const [i, parts] of trafs.entries()) fragments.add(box("traf", ...parts), 1000 * (i + 1));
    return fragments.samples.get(7)!.map(({ offsets, sizes, shown, durations, keys }) => ({
      ...{ offsets: [...offsets], sizes: [...sizes], shown: [...shown], durations: [...durations], keys: [...keys] },
    }));
  };

  test("take what they do not say from the film's head, and go on where the one before ended", () => {
    const usual = { sizes: [10, 10], durations: [100, 100], keys: [0, 0] };
    expect(read([tfhd(0x2_0000), trun(1, 2, 8)], [tfhd(0x2_0000), trun(1, 2, 16)])).toEqual([
      { ...usual, offsets: [1008, 1018], shown: [0, 100] },
      { ...usual, offsets: [2016, 2026], shown: [200, 300] },
    ]);
  });

  test("say when they begin, what their first frame is, and where they are", () => {
    const tfdt = box("tfdt", words(0x100_0000, 1, 0));
    expect(
      read([tfhd(0x3b, 0, 5000, 1, 50, 20, 0), tfdt, trun(5, 2, -8, 0x200_0000), trun(0xc00, 1, 0x1_0000, -30)]),
    ).toEqual([
      { offsets: [4992, 5012], sizes: [20, 20], durations: [50, 50], shown: [2 ** 32, 2 ** 32 + 50], keys: [1, 1] },
      { offsets: [5032], sizes: [20], durations: [50], shown: [2 ** 32 + 70], keys: [0] },
    ]);
  });

  test("with more frames than can be are refused before there is room for them", () => {
    expect(() => read([tfhd(0), trun(0, 0xffff_ffff)])).toThrow(Damaged);
    expect(() => read([tfhd(0), trun(0, 5_000_000)], [tfhd(0), trun(0, 5_000_000)])).toThrow(Damaged);
    expect(() => read([trun(0, 1)])).toThrow(Damaged);
  });
});

describe("reading frames", () => {
  const counted = (size: number): ByteSource & { ranges: [number, number][] } => ({
    size,
    ranges: [],
    async read(offset, length) {
      this.ranges.push([offset, length]);
      return Uint8Array.from({ length: Math.max(0, Math.min(length, size - offset)) }, (_, i) => offset + i);
    },
  });

  test("takes what lies near together at once", async () => {
    const source = counted(2_000_000);
    const samples = { offsets: Float64Array.of(100, 1_000_000, 110), sizes: Uint32Array.of(10, 5, 0) };
    const data = await readSamples(source, samples, [1, 0, 2]);
    expect(data.map(({ length }) => length)).toEqual([5, 10, 0]);
    expect(data[1]![3]).toBe(103);
    expect(source.ranges).toEqual([
      [100, 10],
      [1_000_000, 5],
    ]);
  });

  test("joins what overlaps", () => {
    const ranges = [
      { start: 300_000, end: 300_010 },
      { start: 0, end: 100 },
      { start: 50, end: 60 },
    ];
    expect(mergeRanges(ranges)).toEqual([
      { start: 0, end: 100 },
      { start: 300_000, end: 300_010 },
    ]);
  });

  test("finds those that are not in the file, and refuses more than a part can have", async () => {
    const one = (offset: number, size: number) => ({ offsets: Float64Array.of(offset), sizes: Uint32Array.of(size) });
    await expect(readSamples(counted(100), one(90, 20), [0])).rejects.toThrow(Damaged);
    await expect(readSamples(counted(100), one(2 ** 50, 20), [0])).rejects.toThrow(Damaged);
    const source = counted(2 ** 40);
    await expect(readSamples(source, one(0, 300 << 20), [0])).rejects.toThrow(Damaged);
    expect(source.ranges).toEqual([]);
  });
});

describe("a head", () => {
  test("that would fill the memory is refused", async () => {
    const source: ByteSource = {
      size: 2 ** 40,
      read: async (offset) => (offset === 0 ? hex("00000001 6d6f6f76 0000000100000000 ") : new Uint8Array()),
    };
    await expect(readMovie(source)).rejects.toThrow("larger than can be");
  });

  test("that never comes is given up", async () => {
    const source: ByteSource = { size: 2 ** 50, read: async () => hex("00000008 66726565 0000000000000000") };
    await expect(readMovie(source)).rejects.toThrow("more boxes than can be");
  });

  test("of too many tracks is refused", async () => {
    const moov = box("moov", box("mvhd", words(0, 0, 0, 1000)), ...Array.from({ length: 1001 }, () => box("trak")));
    await expect(readMovie(memory(moov))).rejects.toThrow("more tracks than can be");
  });

  test.each(["", "00", "000000086d6f6f76", "000000106d6f6f76 000000086d766864"])("is not %j", async (bytes) => {
    await expect(readMovie(memory(hex(bytes)))).rejects.toThrow(Damaged);
  });
});
