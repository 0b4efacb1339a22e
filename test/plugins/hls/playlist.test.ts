import { describe, expect, test } from "bun:test";
import {
  type MasterPlaylist,
  type MediaPlaylist,
  type Rendition,
  renderMaster,
  renderPlaylist,
  withoutFirst,
  withQuery,
} from "../../../plugins/hls/playlist.ts";

const list: MediaPlaylist = {
  segments: [6.006, 4.2, 6.1].map((secs, at) => ({ name: `video_${at}.m4s`, secs })),
  init: "init_video.mp4",
  sequence: 0,
  longest: 6.1,
};

test("a list is complete, with exact lengths and relative names", () => {
  expect(renderPlaylist(list)).toBe(
    [
      ...["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-TARGETDURATION:7", "#EXT-X-MEDIA-SEQUENCE:0"],
      ...["#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-INDEPENDENT-SEGMENTS", '#EXT-X-MAP:URI="init_video.mp4"'],
      ...["#EXTINF:6.006000,", "video_0.m4s", "#EXTINF:4.200000,", "video_1.m4s", "#EXTINF:6.100000,", "video_2.m4s"],
      ...["#EXT-X-ENDLIST", ""],
    ].join("\n"),
  );
});

describe("TARGETDURATION", () => {
  test.each([
    [0, 1],
    [0.2, 1],
    [6, 6],
    [6.000001, 7],
  ])("of %d seconds is %d", (longest, target) => {
    expect(renderPlaylist({ ...list, longest })).toContain(`\n#EXT-X-TARGETDURATION:${target}\n`);
  });
});

test("a list without an init section names none, and one without segments still ends", () => {
  const { init, ...rest } = list;
  expect(renderPlaylist({ ...rest, segments: [] })).not.toContain("MAP");
  expect(renderPlaylist({ ...rest, segments: [] })).toEndWith("#EXT-X-ENDLIST\n");
});

test("a list without its first segments keeps the numbers of the others", () => {
  expect(withoutFirst(list, 0)).toEqual(list);
  const kept = withoutFirst(list, 1);
  expect(kept.segments.map(({ name }) => name)).toEqual(["video_1.m4s", "video_2.m4s"]);
  expect(renderPlaylist(kept)).toContain("#EXT-X-MEDIA-SEQUENCE:1\n");
});

const rendition = (rest: Partial<Rendition> = {}): Rendition => ({
  ...{ address: "audio_1.m3u8", name: "Japanese", language: "ja", default: true },
  ...rest,
});

const master = (rest: Partial<MasterPlaylist> = {}): string =>
  renderMaster({
    video: { address: "video.m3u8", width: 1920, height: 1080, frameRate: 24_000 / 1001 },
    audio: [rendition({ channels: 2 })],
    subtitles: [],
    codecs: ["avc1.640028", "mp4a.40.2"],
    bandwidth: 5_000_000.4,
    averageBandwidth: 4_000_000,
    ...rest,
  });

const lineOf = (text: string, begin: string) => text.split("\n").filter((line) => line.startsWith(begin));

describe("a master playlist", () => {
  test("names the picture, each sound and each subtitle", () => {
    const subtitles = [rendition({ address: "subtitles_3.m3u8", name: "Full", language: "en", default: false })];
    expect(master({ subtitles })).toBe(
      [
        ...["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"],
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Japanese",LANGUAGE="ja",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio_1.m3u8"',
        '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="Full",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=YES,URI="subtitles_3.m3u8"',
        '#EXT-X-STREAM-INF:BANDWIDTH=5000000,AVERAGE-BANDWIDTH=4000000,CODECS="avc1.640028,mp4a.40.2",RESOLUTION=1920x1080,FRAME-RATE=23.976,AUDIO="audio",SUBTITLES="subtitles"',
        ...["video.m3u8", ""],
      ].join("\n"),
    );
  });

  test("without sound names no group of sounds", () => {
    expect(master({ audio: [], codecs: ["avc1.640028"] })).not.toContain("AUDIO");
  });

  test("names every codec once", () => {
    expect(master({ codecs: ["avc1.640028", "fLaC", "mp4a.40.2", "fLaC"] })).toContain(
      'CODECS="avc1.640028,fLaC,mp4a.40.2"',
    );
  });

  test("says nothing of a rate that changes, of channels and languages that nobody knows", () => {
    const video = { address: "video.m3u8", width: 2, height: 2, frameRate: null };
    const text = master({ video, audio: [rendition({ channels: 0, language: null })] });
    expect(text).not.toMatch(/FRAME-RATE|CHANNELS|LANGUAGE/);
  });

  test("has a bandwidth even of nothing", () => {
    expect(master({ bandwidth: 0, averageBandwidth: 0 })).toContain("BANDWIDTH=1,AVERAGE-BANDWIDTH=1,");
  });

  test("marks forced subtitles", () => {
    expect(master({ subtitles: [rendition({ forced: true })] })).toContain("AUTOSELECT=YES,FORCED=YES,");
  });

  test("gives forty sounds of one name forty names", () => {
    const audio = Array.from({ length: 40 }, (_, i) => rendition({ name: i === 7 ? "Main (2)" : "Main" }));
    const names = lineOf(master({ audio }), "#EXT-X-MEDIA").map((line) => /NAME="([^"]*)"/.exec(line)?.[1]);
    expect(new Set(names).size).toBe(40);
    expect(names.slice(0, 2)).toEqual(["Main", "Main (2)"]);
  });

  test.each([
    ["quotes", 'a "quoted" name', "a quoted name"],
    ["line breaks", "one\r\ntwo\nthree", "one two three"],
    ["line breaks of Unicode", "one\u2028two\u2029three\u0085four", "one two three four"],
    ["control characters", "a\u0000b\u001bc", "a b c"],
    ["tags", "\n#EXT-X-ENDLIST\n", "#EXT-X-ENDLIST"],
  ])("%s in a title stay inside of it", (_what, name, shown) => {
    const [line] = lineOf(master({ audio: [rendition({ name, language: "ja" })] }), "#EXT-X-MEDIA");
    expect(line?.replace(/ +/g, " ")).toContain(`,NAME="${shown}",LANGUAGE="ja",`);
    expect(master({ audio: [rendition({ name })] }).split("\n")).toHaveLength(7);
  });
});

describe("a query", () => {
  const query = new URLSearchParams({ v: "1", token: "a&b" });

  test("goes to every address, and to nothing else", () => {
    const before = renderPlaylist(list).split("\n");
    const after = withQuery(before.join("\n"), query).split("\n");
    expect(after.filter((line, at) => line !== before[at])).toEqual([
      '#EXT-X-MAP:URI="init_video.mp4?v=1&token=a%26b"',
      ...list.segments.map(({ name }) => `${name}?v=1&token=a%26b`),
    ]);
  });

  test("goes to the address of every sound and subtitle", () => {
    const text = withQuery(master({ subtitles: [rendition({ address: "subtitles_3.m3u8" })] }), query);
    expect(text.match(/\?v=1&token=a%26b/g)).toHaveLength(3);
    expect(text).toContain(',URI="subtitles_3.m3u8?v=1&token=a%26b"\n');
  });

  test.each(["x URI=", "URI=video.m3u8", "a,URI=b", "\u2028evil.m3u8", "#EXTINF:1,", "a=b, C=d"])(
    "leaves a title alone that looks like an address: %j",
    (name) => {
      const before = master({ audio: [rendition({ name })] });
      const after = withQuery(before, new URLSearchParams({ v: "1" }));
      expect(after.match(/\?v=1/g)).toHaveLength(2);
      expect(after.replaceAll("?v=1", "")).toBe(before);
      expect(after).toContain(',URI="audio_1.m3u8?v=1"\n');
    },
  );

  test("that is empty changes nothing", () => {
    expect(withQuery(renderPlaylist(list), new URLSearchParams())).toBe(renderPlaylist(list));
  });
});
