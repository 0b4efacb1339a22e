import { describe, expect, test } from "bun:test";
import { planFor } from "../../../plugins/hls/plan.ts";
import type { AudioTrack, Probe, VideoTrack } from "../../../plugins/hls/probe.ts";

const track = { language: null, title: null, default: false, forced: false, start: 0, duration: 1420 };
const video: VideoTrack = {
  ...track,
  ...{ type: "video", index: 0, codec: "h264", profile: "High", pixelFormat: "yuv420p", width: 1920, height: 1080 },
  ...{ frameRate: 24000 / 1001, interlaced: false, tick: 0.001 },
};
const audio: AudioTrack = {
  ...track,
  type: "audio",
  index: 1,
  codec: "aac",
  profile: "LC",
  channels: 2,
  sampleRate: 48_000,
};

const plan = (
  picture: Partial<VideoTrack> = {},
  sound: Partial<AudioTrack> | null = {},
  { transcode = false, ...rest }: Partial<Probe> & { transcode?: boolean } = {},
) =>
  planFor(
    {
      ...{ container: "matroska,webm", start: 0, duration: 1421, subtitles: [] },
      video: [{ ...video, ...picture }],
      audio: sound ? [{ ...audio, ...sound }] : [],
      ...rest,
    },
    transcode,
  );

describe("the picture", () => {
  test.each([
    ["h264", "yuv420p"],
    ["h264", "yuv420p10le"],
    ["hevc", "yuv420p10le"],
    ["av1", "yuv420p10le"],
    ["vp9", "yuv420p"],
  ])("%s in %s is copied", (codec, pixelFormat) => {
    expect(plan({ codec, pixelFormat }).video).toMatchObject({ mode: "copy", codec });
  });

  test.each([
    ["h264", "yuv444p"],
    ["h264", "yuv422p10le"],
    ["hevc", "yuv420p12le"],
    ["mpeg4", "yuv420p"],
    ["vp8", "yuv420p"],
    ["wmv3", "yuv420p"],
    ["rv40", "yuv420p"],
    ["h264", null],
  ])("%s in %s is encoded", (codec, pixelFormat) => {
    expect(plan({ codec, pixelFormat }).video.mode).toBe("encode");
  });

  test.each(["avi", "asf", "rm", "ogg", "mpeg"])(
    "out of %s, which leaves times to be guessed, it is encoded",
    (container) => {
      expect(plan({}, {}, { container }).video.mode).toBe("encode");
    },
  );

  test.each(["mov,mp4,m4a,3gp,3g2,mj2", "mpegts", "flv"])("out of %s it is copied", (container) => {
    expect(plan({}, {}, { container }).video.mode).toBe("copy");
  });

  test("interlaced is copied out of Matroska, and encoded without the combs out of a transport stream", () => {
    expect(plan({ interlaced: true }).video.mode).toBe("copy");
    expect(plan({ interlaced: true }, {}, { container: "mpegts" }).video).toMatchObject({
      mode: "encode",
      deinterlace: true,
    });
  });

  test("of odd size is made even when it is encoded", () => {
    expect(plan({ codec: "mpeg4", width: 321 }).video).toMatchObject({ evenSize: true });
    expect(plan({ codec: "mpeg4" }).video).toMatchObject({ evenSize: false });
  });

  test("is the first one", () => {
    expect(
      plan(
        {},
        {},
        {
          video: [
            { ...video, index: 3 },
            { ...video, index: 0 },
          ],
        },
      ).video.index,
    ).toBe(3);
  });

  test("must be there", () => {
    expect(() => plan({}, {}, { video: [] })).toThrow("there is no video in this file");
  });
});

describe("the sound", () => {
  test.each(["aac", "flac", "opus"])("%s is copied", (codec) => {
    expect(plan({}, { codec, profile: null }).audio).toMatchObject({ mode: "copy", codec });
  });

  test.each(["mp3", "ac3", "eac3", "dts", "truehd", "pcm_s16le", "vorbis", "wmav2", "cook", "aac_latm"])(
    "%s is encoded",
    (codec) => {
      expect(plan({}, { codec, profile: null }).audio).toMatchObject({
        mode: "encode",
        channels: 2,
        sampleRate: 48_000,
      });
    },
  );

  test("AAC of a kind that players lack is encoded", () => {
    expect(plan({}, { profile: "Main" }).audio).toMatchObject({ mode: "encode" });
  });

  test("keeps up to six channels, and a rate of 44.1 kHz", () => {
    expect(plan({}, { codec: "dts", channels: 8, sampleRate: 96_000 }).audio).toMatchObject({
      channels: 6,
      sampleRate: 48_000,
    });
    expect(plan({}, { codec: "ac3", channels: 1, sampleRate: 44_100 }).audio).toMatchObject({
      channels: 1,
      sampleRate: 44_100,
    });
    expect(plan({}, { codec: "ac3", channels: 0, sampleRate: 0 }).audio).toMatchObject({
      channels: 2,
      sampleRate: 48_000,
    });
  });

  test("is the default track, or else the first", () => {
    const tracks = [1, 2, 3].map((index) => ({ ...audio, index, default: index === 2 }));
    expect(plan({}, {}, { audio: tracks }).audio?.index).toBe(2);
    expect(plan({}, {}, { audio: tracks.map((one) => ({ ...one, default: false })) }).audio?.index).toBe(1);
  });

  test("may be absent", () => {
    expect(plan({}, null).audio).toBeNull();
  });
});

test("transcode = true encodes everything, also what would play as it is", () => {
  const { video: picture, audio: sound } = plan({}, {}, { transcode: true });
  expect([picture.mode, sound?.mode]).toEqual(["encode", "encode"]);
});

describe("the length to check against", () => {
  test("is the picture's own where the file says it", () => {
    expect(plan({ duration: 1400 })).toMatchObject({ duration: 1400, exact: true });
  });

  test("else the longest track's, which proves less", () => {
    expect(plan({ duration: null })).toMatchObject({ duration: 1421, exact: false });
    expect(plan({ duration: null }, {}, { duration: null })).toMatchObject({ duration: null, exact: false });
  });
});

describe("a picture that begins half a frame after the sound, in whole milliseconds", () => {
  const delay = (...args: Parameters<typeof plan>) => {
    const { video: picture } = plan(...args);
    return picture.mode === "copy" ? picture.delayMs : null;
  };

  test("is moved off the edge", () => {
    expect(delay({ start: 0.021 })).toBe(4);
    expect(delay({ start: 0.021 + 1 / (24000 / 1001) })).toBe(4);
  });

  test("is left alone when it begins with the sound, or clearly elsewhere", () => {
    expect(delay({ start: 0 })).toBe(0);
    expect(delay({ start: 0.01 })).toBe(0);
    expect(delay({ start: 0.03 })).toBe(0);
  });

  test("is measured against encoded sound, which begins 1024 samples before the file", () => {
    expect(delay({ start: 0 }, { codec: "ac3" })).toBe(4);
    expect(delay({ start: 0.021 }, { codec: "ac3" })).toBe(0);
  });

  test("needs nothing where the clock is finer, the rate varies, or there is no sound", () => {
    expect(delay({ start: 0.021, tick: 1 / 90_000 })).toBe(0);
    expect(delay({ start: 0.021, frameRate: null })).toBe(0);
    expect(delay({ start: 0.021 }, null)).toBe(0);
  });
});
