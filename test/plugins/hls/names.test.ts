import { describe, expect, test } from "bun:test";
import {
  initName,
  MASTER,
  parseName,
  playlistName,
  segmentName,
  subtitlesName,
  VIDEO,
  type Wanted,
} from "../../../plugins/hls/names.ts";

test.each<[string, Wanted]>([
  [MASTER, { what: "master" }],
  [VIDEO, { what: "playlist", track: "video" }],
  [playlistName("video"), { what: "playlist", track: "video" }],
  [playlistName(12), { what: "playlist", track: 12 }],
  [initName("video"), { what: "init", track: "video" }],
  [initName(0), { what: "init", track: 0 }],
  [segmentName("video", 0), { what: "segment", track: "video", number: 0 }],
  [segmentName(999, 999_999), { what: "segment", track: 999, number: 999_999 }],
  [subtitlesName(3, "m3u8"), { what: "subtitles", track: 3, format: "m3u8" }],
  [subtitlesName(3, "ass"), { what: "subtitles", track: 3, format: "ass" }],
  [subtitlesName(3, "vtt"), { what: "subtitles", track: 3, format: "vtt" }],
  [subtitlesName(3, "sup"), { what: "subtitles", track: 3, format: "sup" }],
  ["thumbnails.vtt", { what: "thumbnails", name: "thumbnails.vtt" }],
  ["thumbnails_0.jpg", { what: "thumbnails", name: "thumbnails_0.jpg" }],
])("%s is read as it is written", (name, wanted) => {
  expect(parseName(name)).toEqual(wanted);
});

describe("S1: nothing else is ever served", () => {
  test.each([
    ...["", ".", "..", "../index.m3u8", "/index.m3u8", "index.m3u8/", "index.m3u8\n", "\nindex.m3u8", "INDEX.m3u8"],
    ...[
      "source.mkv",
      "owner.json",
      "video_0.m4s.tmp",
      "video_-1.m4s",
      "video_1e3.m4s",
      "video_.m4s",
      "video_1000000.m4s",
    ],
    ...["audio.m3u8", "audio_1000.m3u8", "audio_video.m3u8", "init_.mp4", "init_audio_x.mp4", "subtitles_1.srt"],
    ...["thumbnails_.jpg", "thumbnails_10000.jpg", "thumbnails.jpg", "video_0.m4s\0", "video_%30.m4s", "video_٣.m4s"],
    ...["__proto__", "constructor"],
  ])("%j", (name) => {
    expect(parseName(name)).toBeNull();
  });

  test.each([
    "audio_01.m3u8",
    "init_audio_00.mp4",
    "video_007.m4s",
    "audio_01_0.m4s",
    "subtitles_02.ass",
    "thumbnails_00.jpg",
  ])("%s: a file has one name", (name) => {
    expect(parseName(name)).toBeNull();
  });
});
