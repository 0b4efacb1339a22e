import { describe, expect, test } from "bun:test";
import {
  ANY_CODEC,
  type Capabilities,
  capabilitiesOf,
  EVERY_PLAYER,
  type Kind,
} from "../../../plugins/hls/capabilities.ts";
import { audioKind, modeOf, planFor, videoKind, wantsRemux } from "../../../plugins/hls/plan.ts";
import type { AudioTrack, VideoTrack } from "../../../plugins/hls/track.ts";
import { audioTrack, mediaIndex, subtitleTrack, videoTrack } from "./media.ts";

const plan = (
  picture: Partial<VideoTrack> = {},
  sound: Partial<AudioTrack> = {},
  capabilities: Capabilities = ANY_CODEC,
  transcode = false,
) => planFor(mediaIndex([videoTrack(picture), audioTrack(sound)]), capabilities, transcode);

describe("the picture", () => {
  test.each<[string, string | null, Kind | null]>([
    ["h264", "yuv420p", "h264"],
    ["h264", "yuvj420p", "h264"],
    ["h264", "yuv420p10le", "h264-10"],
    ["hevc", "yuv420p", "hevc"],
    ["hevc", "yuv420p10le", "hevc-10"],
    ["av1", "yuv420p10le", "av1-10"],
    ["vp9", "yuv420p", "vp9"],
    ["h264", "yuv444p", null],
    ["h264", "yuv422p10le", null],
    ["hevc", "yuv420p12le", null],
    ["vp8", "yuv420p", null],
    ["mpeg4", "yuv420p", null],
    ["h264", null, null],
    ["constructor", "yuv420p", null],
  ])("%s in %s is %p", (codec, pixelFormat, kind) => {
    const track = { codec, pixelFormat };
    expect(videoKind(videoTrack(track))).toBe(kind);
    expect(plan(track).video.mode).toBe(kind ? "copy" : "encode");
  });

  test.each<[string, Partial<VideoTrack>, "copy" | "encode"]>([
    ["avc1.640028", {}, "copy"],
    ["avc1.640028", { pixelFormat: "yuv420p10le" }, "encode"],
    ["avc1.6E0028", { pixelFormat: "yuv420p10le" }, "copy"],
    ["hvc1.1.6.L120.90", { codec: "hevc", pixelFormat: "yuv420p10le" }, "encode"],
  ])("for a player that takes %s: %j is a %s", (codecs, track, mode) => {
    expect(plan(track, {}, capabilitiesOf(codecs, null)).video.mode).toBe(mode);
  });

  test("is the first one", () => {
    const index = mediaIndex([audioTrack({ index: 0 }), videoTrack({ index: 3 }), videoTrack({ index: 1 })]);
    expect(planFor(index, ANY_CODEC, false).video.track.index).toBe(3);
  });

  test("must be there", () => {
    expect(() => planFor(mediaIndex([audioTrack(), subtitleTrack()]), ANY_CODEC, false)).toThrow(
      "there is no video in this file",
    );
    expect(() => wantsRemux(mediaIndex([], { cut: null }), ANY_CODEC, false)).toThrow("there is no video");
  });

  test("that our reader cannot put into a segment is encoded", () => {
    const index = mediaIndex(undefined, {}, { facts: {} });
    expect(planFor(index, ANY_CODEC, false)).toMatchObject({ video: { mode: "encode" }, audio: [{ mode: "encode" }] });
  });

  test("with open GOPs is encoded for a player that cannot begin there", () => {
    const index = mediaIndex(undefined, {}, { randomAccess: false });
    expect(planFor(index, EVERY_PLAYER, false).video.mode).toBe("encode");
    expect(planFor(index, ANY_CODEC, false).video.mode).toBe("copy");
    expect(planFor(index, capabilitiesOf("avc1.640028,open-gop", null), false).video.mode).toBe("copy");
  });
});

describe("the sound", () => {
  test.each([
    ["aac", "LC"],
    ["aac", "HE-AAC"],
    ["aac", null],
    ["flac", null],
    ["opus", null],
  ])("%s %p is copied", (codec, profile) => {
    expect(plan({}, { codec, profile }).audio[0]?.mode).toBe("copy");
  });

  test.each(["mp3", "ac3", "eac3", "dts", "truehd", "pcm_s16le", "vorbis", "aac_latm", "unknown"])(
    "%s is encoded for everybody",
    (codec) => {
      expect(audioKind(audioTrack({ codec, profile: null }))).toBeNull();
      expect(plan({}, { codec, profile: null }).audio[0]?.mode).toBe("encode");
    },
  );

  test("AAC of a kind that players lack is encoded", () => {
    expect(plan({}, { profile: "Main" }).audio[0]?.mode).toBe("encode");
  });

  test("is decided track by track, in the order of the file", () => {
    const tracks = [
      audioTrack({ index: 4, codec: "flac" }),
      videoTrack(),
      audioTrack({ index: 1 }),
      audioTrack({ index: 2, codec: "dts" }),
    ];
    const { audio } = planFor(mediaIndex(tracks), EVERY_PLAYER, false);
    expect(audio.map(({ track, mode }) => [track.index, mode])).toEqual([
      [4, "encode"],
      [1, "copy"],
      [2, "encode"],
    ]);
  });

  test("may be absent", () => {
    expect(planFor(mediaIndex([videoTrack()]), ANY_CODEC, false).audio).toEqual([]);
  });
});

describe("what is done with the file as a whole", () => {
  test.each<[string, Partial<VideoTrack>, Partial<AudioTrack>, string]>([
    ["all copied", {}, {}, "copy"],
    ["one sound encoded", {}, { codec: "dts" }, "transcode_audio"],
    ["the picture encoded", { codec: "mpeg4" }, {}, "transcode"],
    ["everything encoded", { codec: "mpeg4" }, { codec: "dts" }, "transcode"],
  ])("%s", (_what, picture, sound, mode) => {
    expect(modeOf(plan(picture, sound))).toBe(mode as "copy");
  });

  test("a file without sound is copied", () => {
    expect(modeOf(planFor(mediaIndex([videoTrack()]), EVERY_PLAYER, false))).toBe("copy");
  });

  test("transcode = true encodes also what would play as it is", () => {
    expect(plan({}, {}, ANY_CODEC, true)).toMatchObject({ video: { mode: "encode" }, audio: [{ mode: "encode" }] });
  });
});

describe("a copy that our reader takes", () => {
  const wants = (format: string, picture: Partial<VideoTrack> = {}, capabilities = EVERY_PLAYER, transcode = false) =>
    wantsRemux(mediaIndex([videoTrack(picture)], { format, cut: null }), capabilities, transcode);

  test.each(["matroska,webm", "mov,mp4,m4a,3gp,3g2,mj2", "mpegts", "flv"])("is made of %s", (format) => {
    expect(wants(format)).toBeTrue();
  });

  test.each(["avi", "asf", "rm", "ogg", "mpeg", ""])(
    "is not made of %p, which leaves times to be guessed",
    (format) => {
      expect(wants(format)).toBeFalse();
    },
  );

  test("is not made of a file that is read as it is", () => {
    expect(wantsRemux(mediaIndex(), EVERY_PLAYER, false)).toBeFalse();
  });

  test("is not made when the picture is encoded all the same", () => {
    expect(wants("mpegts", { codec: "mpeg2video" })).toBeFalse();
    expect(wants("mpegts", { codec: "hevc" })).toBeFalse();
    expect(wants("mpegts", {}, EVERY_PLAYER, true)).toBeFalse();
  });

  test("is not made of the fields of a transport stream", () => {
    expect(wants("mpegts", { interlaced: true })).toBeFalse();
    expect(wants("flv", { interlaced: true })).toBeTrue();
  });
});
