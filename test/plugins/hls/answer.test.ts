import { describe, expect, test } from "bun:test";
import { type Address, answerFor } from "../../../plugins/hls/answer.ts";
import { ANY_CODEC, type Capabilities, capabilitiesOf, EVERY_PLAYER } from "../../../plugins/hls/capabilities.ts";
import type { MediaIndex } from "../../../plugins/hls/media-index.ts";
import { audioTrack, containerIndex, mediaIndex, stream, subtitleTrack, videoTrack } from "./media.ts";

const MP4 = "mov,mp4,m4a,3gp,3g2,mj2";
const ID = "0123456789abcdef";
const files = `https://host:8000/hls/TOKEN/${ID}`;

const answer = (
  index: MediaIndex,
  capabilities: Capabilities = EVERY_PLAYER,
  { path = "Show/01.mkv", ...address }: Partial<Address> & { path?: string } = {},
  transcode = false,
) =>
  answerFor(
    { id: ID, path, file: `/media/${path}`, size: 1, version: "1" },
    stream(index, capabilities, { transcode }),
    capabilities,
    { origin: "https://host:8000", token: "TOKEN", codecs: undefined, ...address },
  );

describe("addresses", () => {
  test("lie under the host that was asked, and carry the token", () => {
    expect(answer(mediaIndex())).toMatchObject({
      id: ID,
      playlist_url: `${files}/index.m3u8`,
      direct_url: `https://host:8000/media/TOKEN/${ID}/01.mkv`,
      watch_url: `https://host:8000/watch/TOKEN/${ID}`,
      thumbnails_url: `${files}/thumbnails.vtt`,
    });
  });

  test("carry on what the player said that it takes", () => {
    const codecs = "hvc1.2.4.L120.90,fLaC,<script>";
    const { playlist_url } = answer(mediaIndex(), capabilitiesOf(codecs, null), { codecs });
    expect(playlist_url).toBe(`${files}/index.m3u8?codecs=h264,hevc,hevc-10,aac,flac`);
  });

  test.each([
    ["a/b/x.mkv", "x.mkv"],
    ["x.mkv", "x.mkv"],
    ["[Group] ショー #1 100%?.mkv", "%5BGroup%5D%20%E3%82%B7%E3%83%A7%E3%83%BC%20%231%20100%25%3F.mkv"],
  ])("name the file %s as %s", (path, name) => {
    expect(answer(mediaIndex(), EVERY_PLAYER, { path }).direct_url).toEndWith(`/${ID}/${name}`);
  });
});

describe("the mode", () => {
  const mp4 = (...args: Parameters<typeof mediaIndex>) => mediaIndex(args[0], { format: MP4, ...args[1] }, args[2]);

  test.each([
    ["a copy", mediaIndex(), "copy"],
    ["encoded sound", mediaIndex([videoTrack(), audioTrack({ codec: "dts" })]), "transcode_audio"],
    ["an encoded picture", mediaIndex([videoTrack({ codec: "mpeg4" })]), "transcode"],
  ])("of Matroska for a browser is %s", (_what, index, mode) => {
    expect(answer(index).mode).toBe(mode as "copy");
  });

  test("is direct for a player that brings all decoders, whatever the file is", () => {
    const odd = mediaIndex([videoTrack({ codec: "rv40" })], { format: "rm", cut: null });
    expect(answer(odd, ANY_CODEC).mode).toBe("direct");
  });

  test("is direct for MP4 that a browser takes", () => {
    expect(answer(mp4()).mode).toBe("direct");
    expect(answer(mp4([videoTrack()])).mode).toBe("direct");
  });

  test.each<[string, MediaIndex]>([
    ["there is a second sound to choose", mp4([videoTrack(), audioTrack(), audioTrack({ index: 2 })])],
    ["it does not take the picture", mp4([videoTrack({ codec: "hevc" }), audioTrack()])],
    ["it does not take the sound", mp4([videoTrack(), audioTrack({ codec: "ac3" })])],
    ["it would fail at the first seek, with open GOPs", mp4(undefined, {}, { randomAccess: false })],
  ])("is not direct for MP4 in a browser when %s", (_why, index) => {
    expect(answer(index).mode).not.toBe("direct");
  });

  test("is not direct in a browser when everything is to be encoded", () => {
    expect(answer(mp4(), EVERY_PLAYER, {}, true).mode).toBe("transcode");
  });
});

describe("what is in the file", () => {
  const index = mediaIndex(
    [
      videoTrack({ title: 'a "title"\n' }),
      audioTrack({ language: "jpn", default: true }),
      subtitleTrack({ index: 2, codec: "ass" }),
      subtitleTrack({ index: 3, codec: "hdmv_pgs_subtitle" }),
      subtitleTrack({ index: 4, codec: "dvd_subtitle" }),
    ],
    {
      duration: 1420.5,
      chapters: [
        { start: 0, end: 90e9, title: "Opening" },
        { start: 90e9, end: null, title: "" },
      ],
    },
    {
      container: containerIndex({
        attachments: [
          { name: "../../evil font.ttf", mediaType: "font/ttf", offset: 10, size: 1000 },
          { name: "cover.jpg", mediaType: "image/jpeg", offset: 2000, size: 1000 },
        ],
      }),
    },
  );

  test("is said in the words of the API", () => {
    expect(answer(index)).toMatchObject({
      duration: 1420.5,
      video: { index: 0, codec: "h264", title: 'a "title"\n', width: 1920, height: 1080 },
      audio: [{ index: 1, codec: "aac", language: "jpn", default: true, channels: 2, sample_rate: 48_000 }],
      chapters: [
        { start: 0, end: 90, title: "Opening" },
        { start: 90, end: null, title: "" },
      ],
    });
  });

  test("subtitles come in the form that keeps all, and as WebVTT where that can be", () => {
    expect(answer(index).subtitles.map(({ url, vtt_url }) => [url, vtt_url])).toEqual([
      [`${files}/subtitles_2.ass`, `${files}/subtitles_2.vtt`],
      [`${files}/subtitles_3.sup`, null],
      [null, null],
    ]);
  });

  test("fonts are served under names of ours", () => {
    const { fonts } = answer(index);
    expect(fonts).toHaveLength(1);
    expect(fonts[0]!.url).toBe(`${files}/fonts/${fonts[0]!.name}`);
    expect(fonts[0]!.name).toMatch(/^[\w-]+\.ttf$/);
  });

  test("may be as good as nothing", () => {
    const bare = mediaIndex([videoTrack({ codec: "mpeg4" })], { duration: null, cut: null });
    expect(answer(bare)).toMatchObject({ duration: null, audio: [], subtitles: [], fonts: [], chapters: [] });
  });

  test("is the same when it has been through JSON", () => {
    const said = answer(index);
    expect(JSON.parse(JSON.stringify(said))).toEqual(said);
  });
});
