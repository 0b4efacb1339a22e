import { describe, expect, test } from "bun:test";
import { ID } from "../../../../plugins/hls/mkv/ids.ts";
import { openMatroska } from "../../../../plugins/hls/mkv/open.ts";
import { Damaged } from "../../../../plugins/hls/reader/model.ts";
import { memory } from "./fuzz.ts";
import {
  block,
  cluster,
  cue,
  EBML,
  el,
  endless,
  film,
  float,
  idBytes,
  key,
  text,
  track,
  uint,
  VIDEO,
  video,
} from "./write.ts";

const SECOND = 1_000_000_000;
const CLUSTERS = [0, 2, 4].map((second) => cluster(second * 1000, key(1, 0, `key ${second}`), block(1, 40, "next")));
const VOID = el(0xec, new Uint8Array(50));
const CRC = el(0xbf, new Uint8Array(4));
const chapter = (start: number, title: string, ...more: Uint8Array[]) =>
  el(
    ID.chapterAtom,
    uint(ID.chapterTimeStart, start * SECOND),
    el(ID.chapterDisplay, text(ID.chapterString, title)),
    ...more,
  );
const chapters = (...editions: Uint8Array[][]) =>
  el(ID.chapters, ...editions.map((atoms) => el(ID.editionEntry, ...atoms)));
const seek = (id: number, place: number) => el(ID.seek, el(ID.seekId, idBytes(id)), uint(ID.seekPosition, place));

const indexOf = async (bytes: Uint8Array) => (await openMatroska(memory(bytes))).index;
const secondsOf = async (bytes: Uint8Array) => (await indexOf(bytes)).keyframes.times.map((time) => time / SECOND);

describe("what is no Matroska", () => {
  const plain = { tracks: [video], clusters: CLUSTERS };
  test.each([
    ["nothing", new Uint8Array()],
    ["a text", Buffer.from("#EXTM3U\nsegment.ts\n".repeat(100))],
    ["zeros", new Uint8Array(100_000)],
    ["another kind of EBML", film({ ...plain, ebml: el(ID.ebml, text(ID.docType, "something")) })],
    ["longer numbers than there are", film({ ...plain, ebml: el(ID.ebml, uint(ID.ebmlMaxIdLength, 5)) })],
    ["longer sizes than there are", film({ ...plain, ebml: el(ID.ebml, uint(ID.ebmlMaxSizeLength, 9)) })],
    ["a head without end", film({ ...plain, ebml: endless(ID.ebml) })],
    ["no segment", Buffer.concat([EBML, VOID])],
    ["no tracks", film({ tracks: [], clusters: CLUSTERS })],
    ["no clusters", film({ tracks: [video], clusters: [] })],
    ["two tracks of one number", film({ tracks: [video, video], clusters: CLUSTERS })],
    [
      "more tracks than there can be",
      film({ tracks: Array.from({ length: 600 }, (_, i) => track(i, VIDEO, "V_AV1")), clusters: CLUSTERS }),
    ],
    ["a clock that stands still", film({ ...plain, info: [uint(ID.timestampScale, 0)] })],
    [
      "a track longer than all of them",
      Buffer.concat([EBML, endless(ID.segment, el(ID.tracks, Buffer.from([0xae, 0xff]))), ...CLUSTERS]),
    ],
    ["only a head", film({ ...plain }).subarray(0, 120)],
  ])("is refused: %s", async (_, bytes) => {
    await expect(openMatroska(memory(bytes))).rejects.toThrow(Damaged);
  });
});

describe("a file is read", () => {
  test("where neither it nor its clusters say how long they are, and cues stand behind them", async () => {
    const open = [0, 2, 4].map((second) =>
      endless(ID.cluster, uint(ID.timestamp, second * 1000), key(1, 0, "key"), block(1, 40, "next")),
    );
    const bytes = film({ tracks: [video], clusters: open, endless: true, behind: [el(ID.tags), el(ID.cues)] });
    const container = await openMatroska(memory(bytes));
    expect(container.index.keyframes.times).toEqual([0, 2 * SECOND, 4 * SECOND]);
    expect((await container.part(1, 3, [1])).frames.get(1)).toHaveLength(4);
    // The next file in the same one is another.
    expect(await secondsOf(Buffer.concat([bytes, bytes]))).toEqual([0, 2, 4]);
  });

  test("with checksums and padding everywhere", async () => {
    const clusters = [0, 2].map((second) =>
      el(ID.cluster, CRC, uint(ID.timestamp, second * 1000), VOID, key(1, 0, "key"), VOID),
    );
    const bytes = film({ info: [CRC], tracks: [CRC, video, VOID], before: [VOID], clusters, behind: [VOID] });
    expect(await secondsOf(bytes)).toEqual([0, 2]);
  });

  test("of whatever clock", async () => {
    const bytes = film({ info: [uint(ID.timestampScale, 500_000)], tracks: [video], clusters: CLUSTERS });
    expect(await secondsOf(bytes)).toEqual([0, 1, 2]);
  });

  test("called WebM, or nothing", async () => {
    for (const ebml of [el(ID.ebml, text(ID.docType, "webm")), el(ID.ebml)])
      expect(await secondsOf(film({ ebml, tracks: [video], clusters: CLUSTERS }))).toEqual([0, 2, 4]);
  });

  test("that says how long it is, or else until its last frame", async () => {
    const lasting = track(1, VIDEO, "V_AV1", uint(ID.defaultDuration, 40_000_000));
    const cues = (places: number[]) => places.map((place, i) => cue(1, i * 2000, place));
    expect(
      (await indexOf(film({ info: [float(ID.duration, 9000)], tracks: [lasting], clusters: CLUSTERS }))).duration,
    ).toBe(4_080_000_000);
    expect(
      (await indexOf(film({ info: [float(ID.duration, 9000)], tracks: [lasting], clusters: CLUSTERS, cues }))).duration,
    ).toBe(9 * SECOND);
    expect((await indexOf(film({ tracks: [lasting], clusters: CLUSTERS, cues }))).duration).toBe(4_080_000_000);
    expect(
      (await indexOf(film({ info: [float(ID.duration, Number.NaN)], tracks: [lasting], clusters: CLUSTERS, cues })))
        .duration,
    ).toBe(4_080_000_000);
  });
});

describe("the list of places in the head", () => {
  // What a film puts before the list: Info and Tracks.
  const front = el(ID.info).length + el(ID.tracks, video).length;
  const behind = (list: Uint8Array) => front + list.length + Buffer.concat(CLUSTERS).length;
  const withList = (make: (place: number) => Uint8Array, extra: Uint8Array[]) => {
    const list = make(behind(make(0)));
    return film({ tracks: [video], before: [list], clusters: CLUSTERS, behind: extra });
  };

  test("leads to what stands behind the clusters", async () => {
    const bytes = withList((place) => el(ID.seekHead, seek(ID.chapters, place)), [chapters([chapter(0, "Opening")])]);
    expect((await indexOf(bytes)).chapters).toEqual([{ start: 0, end: null, title: "Opening" }]);
  });

  test("leads to another list", async () => {
    const second = (place: number) =>
      el(ID.seekHead, seek(ID.chapters, place + el(ID.seekHead, seek(ID.chapters, 0)).length));
    const make = (place: number) => el(ID.seekHead, seek(ID.seekHead, place));
    const bytes = withList(make, [second(behind(make(0))), chapters([chapter(0, "Opening")])]);
    expect((await indexOf(bytes)).chapters).toHaveLength(1);
  });

  test("that leads to itself, or to nothing, ends", async () => {
    const lies = el(
      ID.seekHead,
      seek(ID.seekHead, front),
      seek(ID.tracks, 3),
      seek(ID.cues, 10 ** 12),
      seek(ID.chapters, front),
    );
    const bytes = film({
      tracks: [video],
      before: [lies],
      clusters: CLUSTERS,
      behind: [chapters([chapter(0, "Opening")])],
    });
    const { keyframes, chapters: found } = await indexOf(bytes);
    expect(keyframes.times).toHaveLength(3);
    // Found on the way to the cues that it promised.
    expect(found).toHaveLength(1);
  });
});

describe("chapters", () => {
  const chaptersOf = async (...editions: Uint8Array[][]) =>
    (await indexOf(film({ tracks: [video], before: [chapters(...editions)], clusters: CLUSTERS }))).chapters.map(
      ({ title }) => title,
    );

  test("are those of the edition that is to be shown, in order", async () => {
    const hidden = [uint(ID.editionFlagHidden, 1), chapter(0, "hidden")];
    const shown = [uint(ID.editionFlagDefault, 1), chapter(60, "second"), chapter(0, "first")];
    expect(await chaptersOf(hidden, [chapter(0, "other")], shown)).toEqual(["first", "second"]);
    expect(await chaptersOf(hidden, [chapter(0, "other")])).toEqual(["other"]);
    expect(await chaptersOf(hidden)).toEqual([]);
  });

  test("are left out that are hidden, switched off or of another file", async () => {
    const away = [
      uint(ID.chapterFlagHidden, 1),
      uint(ID.chapterFlagEnabled, 0),
      el(ID.chapterSegmentUuid, new Uint8Array(16)),
    ];
    expect(await chaptersOf([...away.map((flag) => chapter(0, "away", flag)), chapter(1, "here")])).toEqual(["here"]);
  });

  test("and fonts that are damaged do not keep a file from playing", async () => {
    const broken = [el(ID.chapters, Buffer.from([0xb6, 0x90])), el(ID.attachments, Buffer.from([0x61, 0xa7, 0x90, 0]))];
    const index = await indexOf(film({ tracks: [video], before: broken, clusters: CLUSTERS }));
    expect(index).toMatchObject({ chapters: [], attachments: [], obstacle: null });
  });

  test("and fonts are not more than anybody could want", async () => {
    const many = chapters(Array.from({ length: 2000 }, (_, i) => chapter(i, `${i}`)));
    expect((await indexOf(film({ tracks: [video], before: [many], clusters: CLUSTERS }))).chapters).toHaveLength(1000);
    const font = el(ID.attachedFile, text(ID.fileName, "a.ttf"), el(ID.fileData, new Uint8Array(8)));
    const empty = el(ID.attachedFile, text(ID.fileName, "empty.ttf"));
    const fonts = el(ID.attachments, empty, ...Array(2500).fill(font));
    expect((await indexOf(film({ tracks: [video], before: [fonts], clusters: CLUSTERS }))).attachments).toHaveLength(
      2000,
    );
    const padding = el(ID.attachments, ...Array(5000).fill(el(0xec)), font);
    expect((await indexOf(film({ tracks: [video], before: [padding], clusters: CLUSTERS }))).attachments).toHaveLength(
      0,
    );
  });
});
