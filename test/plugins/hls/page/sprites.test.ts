import { expect, test } from "bun:test";
import { parseSprites, spriteAt } from "../../../../plugins/hls/page/sprites.ts";

const BASE = "http://127.0.0.1/hls/t/0123456789abcdef/thumbnails.vtt";
const LIST = `WEBVTT

00:00:00.000 --> 00:00:10.000
thumbnails_0.jpg#xywh=0,0,320,180

00:10.000 --> 00:20.000
thumbnails_0.jpg#xywh=320,0,320,180

01:00:00.000 --> 01:00:04.500
thumbnails_1.jpg#xywh=0,180,320,180
`;

test("a list names a part of a picture for each span of time", () => {
  const sprites = parseSprites(LIST, BASE);
  expect(sprites).toHaveLength(3);
  expect(sprites[1]).toEqual({
    ...{ start: 10, end: 20, x: 320, y: 0, width: 320, height: 180 },
    url: "http://127.0.0.1/hls/t/0123456789abcdef/thumbnails_0.jpg",
  });
  expect(sprites[2]).toMatchObject({ start: 3600, end: 3604.5, y: 180 });
});

test("the same with the line ends of Windows", () => {
  expect(parseSprites(LIST.replaceAll("\n", "\r\n"), BASE)).toEqual(parseSprites(LIST, BASE));
});

test.each(["", "not a list", "WEBVTT\n\n00:00:00.000 --> 00:00:10.000\nwhole.jpg\n", "a.jpg#xywh=0,0,1,1"])(
  "%p has no pictures",
  (text) => {
    expect(parseSprites(text, BASE)).toEqual([]);
  },
);

test("a time has the picture that it lies in, or the nearest one", () => {
  const sprites = parseSprites(LIST, BASE);
  expect(spriteAt(sprites, 5)).toBe(sprites[0]!);
  expect(spriteAt(sprites, 10)).toBe(sprites[1]!);
  expect(spriteAt(sprites, 1000)).toBe(sprites[1]!);
  expect(spriteAt(sprites, 9999)).toBe(sprites[2]!);
  expect(spriteAt(sprites.slice(1), 0)).toBe(sprites[1]!);
  expect(spriteAt([], 0)).toBeUndefined();
});
