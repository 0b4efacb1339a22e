import { expect, test } from "bun:test";
import { parseSprites } from "../../../../plugins/hls/page/sprites.ts";
import { thumbnailList } from "../../../../plugins/hls/thumbnails/list.ts";

test("names the part of a picture for each ten seconds, ten by ten on each", () => {
  const lines = thumbnailList(101, 180).split("\n\n");
  expect(lines[0]).toBe("WEBVTT");
  expect(lines[1]).toBe("00:00:00.000 --> 00:00:10.000\nthumbnails_0.jpg#xywh=0,0,320,180");
  expect(lines[100]).toBe("00:16:30.000 --> 00:16:40.000\nthumbnails_0.jpg#xywh=2880,1620,320,180");
  expect(lines[101]).toBe("00:16:40.000 --> 00:16:50.000\nthumbnails_1.jpg#xywh=0,0,320,180\n");
});

test("the player's page reads it", () => {
  const sprites = parseSprites(thumbnailList(12, 180), "http://x/hls/t/id/thumbnails.vtt");
  expect(sprites).toHaveLength(12);
  expect(sprites[11]).toEqual({
    ...{ start: 110, end: 120, url: "http://x/hls/t/id/thumbnails_0.jpg" },
    ...{ x: 320, y: 180, width: 320, height: 180 },
  });
});
