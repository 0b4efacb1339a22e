import { describe, expect, test } from "bun:test";
import { ANY_CODEC, EVERY_PLAYER } from "../../../plugins/hls/capabilities.ts";
import {
  audioCodec,
  defaultOf,
  keysOf,
  listOf,
  masterOf,
  playlistOf,
  spansOf,
  streamOf,
  subtitlesPlaylist,
  trackMode,
  videoCodec,
} from "../../../plugins/hls/stream.ts";
import { audioTrack, containerIndex, mediaIndex, settings, stream, subtitleTrack, videoTrack } from "./media.ts";

const named = (text: string) => text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
const targetOf = (text: string) => Number(/TARGETDURATION:(\d+)/.exec(text)?.[1]);

describe("segments", () => {
  test("of what is copied lie between keyframes, the same for picture and sound", () => {
    const made = stream(mediaIndex());
    expect(spansOf(made, "video")).toHaveLength(10);
    expect(spansOf(made, 1)).toBe(spansOf(made, "video"));
    expect(named(playlistOf(made, 1))).toEqual(Array.from({ length: 10 }, (_, i) => `audio_1_${i}.m4s`));
  });

  test("of encoded sound follow a copied picture", () => {
    const made = stream(mediaIndex([videoTrack(), audioTrack({ codec: "dts" })]));
    expect(trackMode(made, 1)).toBe("encode");
    expect(spansOf(made, 1)).toBe(spansOf(made, "video"));
  });

  test("of copied sound beside an encoded picture still lie between keyframes", () => {
    const made = stream(mediaIndex([videoTrack({ codec: "mpeg4" }), audioTrack()]));
    expect(spansOf(made, 1)).toBe(made.copied);
    expect(spansOf(made, "video")).toBe(made.encoded);
  });

  test("of an encoded picture cover it from its begin to its end", () => {
    const made = stream(mediaIndex(undefined, { start: 100, duration: 5, cut: null }));
    const spans = spansOf(made, "video");
    expect(spans[0]?.start).toBe(100e9);
    expect(spans.at(-1)?.end).toBe(105e9);
    for (const [i, { start }] of spans.entries()) expect(start).toBe(i === 0 ? 100e9 : spans[i - 1]!.end);
  });

  test("of a track that is not there are none of its own", () => {
    expect(trackMode(stream(mediaIndex()), 7)).toBeNull();
  });

  test("all lists name one TARGETDURATION (RFC 8216, 6.2.4), also when one track has longer segments", () => {
    const keyframes = { times: [0, 9.5e9], offsets: [0, 1] };
    const index = mediaIndex(
      [videoTrack({ codec: "mpeg4" }), audioTrack()],
      {},
      { container: containerIndex({ keyframes }) },
    );
    const made = stream(index);
    expect(targetOf(playlistOf(made, "video"))).toBe(11);
    expect(targetOf(playlistOf(made, 1))).toBe(11);
  });

  test("are the last N with playlist_len, under their numbers", () => {
    const made = stream(mediaIndex(), EVERY_PLAYER, { playlist_len: 2 });
    expect(named(playlistOf(made, "video"))).toEqual(["video_8.m4s", "video_9.m4s"]);
    expect(playlistOf(made, "video")).toContain("#EXT-X-MEDIA-SEQUENCE:8\n");
  });
});

describe("a length that nobody knows", () => {
  test.each([null, 0])("%p is an error in words when something must be encoded", (duration) => {
    const made = stream(mediaIndex(undefined, { duration, cut: null }));
    expect(() => listOf(made, "video")).toThrow("nobody can tell how long this video is");
    // The file itself can still be played.
    expect(masterOf(made, 1e6)).toContain("video.m3u8");
  });

  test("does not keep a copy from playing", () => {
    const made = stream(mediaIndex(undefined, { duration: null }));
    expect(named(playlistOf(made, "video"))).toHaveLength(10);
    expect(masterOf(made, 20e6)).toContain("AVERAGE-BANDWIDTH=1,");
  });
});

describe("the key", () => {
  const key = (...args: Parameters<typeof stream>) => stream(...args).key;

  test("is the same for two players that get the same", () => {
    expect(key(mediaIndex(), ANY_CODEC)).toBe(key(mediaIndex(), EVERY_PLAYER));
  });

  test("is another for what is encoded, and for every setting of segments", () => {
    const hevc = mediaIndex([videoTrack({ codec: "hevc" }), audioTrack()]);
    const keys = [
      key(hevc, ANY_CODEC),
      key(hevc, EVERY_PLAYER),
      key(hevc, EVERY_PLAYER, { transcode_preset: "medium" }),
      key(hevc, EVERY_PLAYER, { transcode_height: 720 }),
      key(hevc, EVERY_PLAYER, { transcode_bitrate: 1000 }),
      key(hevc, EVERY_PLAYER, { hardware_encoder: "vaapi" }),
      key(hevc, ANY_CODEC, { segment_secs: 4 }),
      key(hevc, ANY_CODEC, { playlist_len: 4 }),
      streamOf("other", "file", hevc, ANY_CODEC, settings()).key,
      streamOf("version", "remux", hevc, ANY_CODEC, settings()).key,
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("of a copy does not depend on the encoder", () => {
    expect(key(mediaIndex(), ANY_CODEC, { transcode_height: 720 })).toBe(key(mediaIndex(), ANY_CODEC));
  });

  test("is among those that the file can have", () => {
    const tracks = [videoTrack({ codec: "hevc" }), audioTrack(), audioTrack({ index: 2, codec: "flac" })];
    const keys = keysOf("version", 2, settings());
    for (const capabilities of [ANY_CODEC, EVERY_PLAYER]) {
      expect(keys).toContain(key(mediaIndex(tracks), capabilities));
      const copy = streamOf("version", "remux", mediaIndex(tracks), capabilities, settings());
      expect(keys).toContain(copy.key);
    }
    expect(keys?.has(key(mediaIndex(tracks), ANY_CODEC, { segment_secs: 9 }))).toBeFalse();
  });

  test("is not counted up for a file with forty sounds", () => {
    expect(keysOf("version", 0, settings())?.size).toBe(4);
    expect(keysOf("version", 40, settings())).toBeNull();
  });
});

describe("the master playlist", () => {
  test("names codecs, size and channels of what is copied", () => {
    const text = masterOf(stream(mediaIndex([videoTrack(), audioTrack({ channels: 6 })])), 20e6);
    expect(text).toContain('CODECS="avc1.640028,mp4a.40.2",RESOLUTION=1920x1080,FRAME-RATE=23.976,AUDIO="audio"\n');
    expect(text).toContain('CHANNELS="6"');
  });

  test("names codecs, size and channels of what an encoder makes", () => {
    const tracks = [
      videoTrack({ codec: "hevc", width: 3840, height: 2160 }),
      audioTrack({ codec: "dts", channels: 6 }),
    ];
    const made = stream(mediaIndex(tracks), EVERY_PLAYER, { transcode_height: 720 });
    expect(videoCodec(made)).toBe("avc1.64001f");
    expect(audioCodec(made, 1)).toBe("mp4a.40.2");
    expect(masterOf(made, 20e6)).toContain("RESOLUTION=1280x720");
    expect(masterOf(made, 20e6)).toContain('CHANNELS="2"');
  });

  test("knows the segment with the most bits", () => {
    const text = masterOf(stream(mediaIndex()), 20e6);
    // 9 MB lie before the last keyframe, 11 MB behind it.
    expect(text).toContain("BANDWIDTH=44000000,AVERAGE-BANDWIDTH=8000000,");
  });

  test("writes whole numbers also of what makes no sense", () => {
    const made = stream(mediaIndex(undefined, { duration: 1e-9 }));
    expect(masterOf(made, 1e13)).toMatch(/:BANDWIDTH=\d+,AVERAGE-BANDWIDTH=\d+,/);
    const offsets = [9e6, 0, 9e6, 0, 9e6, 0, 9e6, 0, 9e6, 0];
    const keyframes = { times: containerIndex().keyframes.times, offsets };
    const odd = stream(mediaIndex(undefined, {}, { container: containerIndex({ keyframes }) }));
    expect(masterOf(odd, 1)).toMatch(/:BANDWIDTH=\d+,AVERAGE-BANDWIDTH=\d+,/);
  });

  test("plays the first sound that is marked, or else the first", () => {
    const tracks = [1, 2, 3].map((index) => audioTrack({ index, default: index > 1 }));
    expect(defaultOf(tracks)?.index).toBe(2);
    expect(defaultOf(tracks.map((track) => ({ ...track, default: false })))?.index).toBe(1);
    expect(defaultOf([])).toBeUndefined();
    const text = masterOf(stream(mediaIndex([videoTrack(), ...tracks])), 1);
    expect(text.match(/DEFAULT=YES/g)).toHaveLength(1);
    expect(text).toMatch(/DEFAULT=YES.*URI="audio_2\.m3u8"/);
  });

  test.each<[string, { title?: string; language?: string }, string]>([
    ["its title", { title: "Director", language: "jpn" }, 'NAME="Director",LANGUAGE="ja"'],
    ["its language", { language: "ger" }, 'NAME="German",LANGUAGE="de"'],
    ["its number, when it says nothing", {}, 'NAME="Audio 1",DEFAULT'],
    ["its language, when its title is empty", { title: "", language: "jpn" }, 'NAME="Japanese"'],
    ["its language, when its title is nothing to be seen", { title: ' "\n" ', language: "jpn" }, 'NAME="Japanese"'],
    ["its number, when its language is nonsense", { language: 'x"\n#' }, 'NAME="Audio 1",DEFAULT'],
    ["its language as it is written, when nobody knows it", { language: "ja-x-romaji" }, 'NAME="ja-x-romaji"'],
  ])("calls a sound by %s", (_what, track, shown) => {
    expect(masterOf(stream(mediaIndex([videoTrack(), audioTrack(track)])), 1)).toContain(shown);
  });

  test("shows no subtitle unasked, and none that is made of pictures", () => {
    const subtitles = [
      subtitleTrack({ index: 2, default: true }),
      subtitleTrack({ index: 3, codec: "hdmv_pgs_subtitle" }),
      subtitleTrack({ index: 4, codec: "subrip", forced: true }),
    ];
    const text = masterOf(stream(mediaIndex([videoTrack(), ...subtitles])), 1);
    const lines = text.split("\n").filter((line) => line.includes("TYPE=SUBTITLES"));
    expect(lines).toEqual([
      expect.stringMatching(/NAME="Subtitles 1",DEFAULT=NO.*URI="subtitles_2\.m3u8"$/),
      expect.stringMatching(/NAME="Subtitles 2",DEFAULT=NO.*FORCED=YES.*URI="subtitles_4\.m3u8"$/),
    ]);
  });
});

test("subtitles are one segment as long as the film", () => {
  const text = subtitlesPlaylist(stream(mediaIndex([videoTrack(), subtitleTrack()])), 2);
  expect(text).toContain("#EXT-X-TARGETDURATION:20\n");
  expect(text).toContain("#EXTINF:20.000000,\nsubtitles_2.vtt\n");
  expect(text).not.toContain("MAP");
});
