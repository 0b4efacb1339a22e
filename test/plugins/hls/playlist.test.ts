import { describe, expect, test } from "bun:test";
import {
  lastSegments,
  type MediaPlaylist,
  parsePlaylist,
  renderPlaylist,
  SERVED_NAME,
  totalSecs,
  withQuery,
} from "../../../plugins/hls/playlist.ts";

const list: MediaPlaylist = {
  segments: [6.006, 4.2, 6.1].map((secs, at) => ({ name: `seg_${at}.m4s`, secs })),
  init: "init.mp4",
  sequence: 0,
  ended: true,
};

test("what is written reads the same", () => {
  expect(parsePlaylist(renderPlaylist(list))).toEqual(list);
});

test("TARGETDURATION is never shorter than a segment (RFC 8216, 4.3.3.1)", () => {
  expect(renderPlaylist(list)).toContain("#EXT-X-TARGETDURATION:7\n");
  expect(renderPlaylist({ ...list, segments: [{ name: "seg_0.m4s", secs: 0.2 }] })).toContain(
    "#EXT-X-TARGETDURATION:1\n",
  );
});

test("a list that was cut short is not complete", () => {
  expect(parsePlaylist(renderPlaylist(list).replace("#EXT-X-ENDLIST\n", "")).ended).toBeFalse();
  expect(parsePlaylist("")).toEqual({ segments: [], sequence: 0, ended: false });
});

test("lines may end as on Windows, and tags that nobody knows are passed over", () => {
  const text = "#EXTM3U\r\n#EXT-X-NEW:1\r\n# a comment\r\n#EXTINF:2.5,title\r\na.ts\r\n#EXT-X-ENDLIST\r\n";
  expect(parsePlaylist(text)).toEqual({ segments: [{ name: "a.ts", secs: 2.5 }], sequence: 0, ended: true });
});

describe("playlist_len", () => {
  test("0 lists everything", () => {
    expect(lastSegments(list, 0)).toEqual(list);
  });

  test("N keeps the last N, under their numbers", () => {
    const kept = lastSegments(list, 2);
    expect(kept.segments.map(({ name }) => name)).toEqual(["seg_1.m4s", "seg_2.m4s"]);
    expect(renderPlaylist(kept)).toContain("#EXT-X-MEDIA-SEQUENCE:1\n");
  });

  test("more than there are keeps all", () => {
    expect(lastSegments(list, 9)).toEqual(list);
  });
});

test("the length is the segments' sum", () => {
  expect(totalSecs(list)).toBeCloseTo(16.306, 6);
});

describe("a query", () => {
  test("goes to every address, and to nothing else", () => {
    const before = renderPlaylist(list).split("\n");
    const after = withQuery(before.join("\n"), new URLSearchParams({ v: "1", token: "a&b" })).split("\n");
    const changed = after.filter((line, at) => line !== before[at]);
    expect(changed).toEqual([
      '#EXT-X-MAP:URI="init.mp4?v=1&token=a%26b"',
      ...list.segments.map(({ name }) => `${name}?v=1&token=a%26b`),
    ]);
  });

  test("that is empty changes nothing", () => {
    expect(withQuery(renderPlaylist(list), new URLSearchParams())).toBe(renderPlaylist(list));
  });
});

test.each(["index.m3u8", "init.mp4", "seg_0.m4s", "seg_123456.ts"])("S1: %s may be served", (name) => {
  expect(SERVED_NAME.test(name)).toBeTrue();
});

test.each([
  "",
  ".",
  "..",
  "../x",
  "seg_0.m4s/",
  "seg_0.m4s\n",
  "seg_1234567.ts",
  "owner.json",
  "ffmpeg.m3u8",
  "Init.mp4",
])("S1: %j may not be served", (name) => {
  expect(SERVED_NAME.test(name)).toBeFalse();
});
