import { expect, test } from "bun:test";
import { addressesOf, local } from "../../../../plugins/hls/page/addresses.ts";

test.each(["/watch/a.b-_c/0123456789abcdef", "/watch/a.b-_c/0123456789abcdef/"])(
  "%s is fed from the files of its item, and says what it can decode",
  (pathname) => {
    expect(addressesOf(pathname, ["avc1.640028", "mp4a.40.2"])).toEqual({
      id: "0123456789abcdef",
      playlist: "/hls/a.b-_c/0123456789abcdef/index.m3u8?codecs=avc1.640028,mp4a.40.2",
      stream: "/hls/a.b-_c/0123456789abcdef/stream.json?codecs=avc1.640028,mp4a.40.2",
    });
  },
);

test("addresses of the server's answer are used from where the browser is", () => {
  expect(local("http://behind.proxy:3000/hls/t/i/fonts/a%20b.ttf?v=1")).toBe("/hls/t/i/fonts/a%20b.ttf?v=1");
  expect(local("/hls/t/i/subtitles_3.ass")).toBe("/hls/t/i/subtitles_3.ass");
});
