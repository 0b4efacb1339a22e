import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { audioFacts, videoFacts } from "../../../../plugins/hls/codec/facts.ts";
import type { SourceTrack } from "../../../../plugins/hls/reader/model.ts";
import { type Encode, encodes, sound } from "./encodes.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

const picture = ["-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=0.32"];
const x264 = (...more: string[]) => ["-c", "libx264", "-preset", "ultrafast", ...more];
const x265 = (params: string, ...more: string[]) => [
  ...["-c", "libx265", "-preset", "ultrafast", ...more],
  ...["-x265-params", `log-level=error:pools=none:frame-threads=1:${params}`],
];
const av1 = (...more: string[]) => [
  "-c",
  "libaom-av1",
  "-cpu-used",
  "8",
  "-usage",
  "realtime",
  "-frames",
  "1",
  ...more,
];
const vp9 = (...more: string[]) => [
  ...["-c", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-frames", "1"],
  ...more,
];

describe("the picture is what ffprobe says it is:", () => {
  const RECIPES: [codecString: string, args: string[]][] = [
    ["avc1.42c00a", x264("-profile", "baseline")],
    ["avc1.4d400a", x264("-profile", "main", "-preset", "fast")],
    ["avc1.64000a", x264("-profile", "high", "-bf", "2", "-preset", "medium")],
    ["avc1.6e000a", x264("-pix_fmt", "yuv420p10le")],
    ["avc1.7a000a", x264("-pix_fmt", "yuv422p")],
    ["avc1.7a100a", x264("-pix_fmt", "yuv422p10le", "-g", "1")],
    ["avc1.f4000a", x264("-pix_fmt", "yuv444p")],
    ["avc1.f4000a", x264("-pix_fmt", "yuv444p10le", "-x264-params", "cqm=jvt")],
    ["avc1.64000a", x264("-pix_fmt", "gray")],
    ["avc1.6e000a", x264("-pix_fmt", "gray10le")],
    ["avc1.42c00a", x264("-pix_fmt", "yuvj420p")],
    ["avc1.42c00a", x264("-aspect", "7:5", "-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709")],
    ["avc1.f4000a", ["-c", "libx264rgb", "-preset", "ultrafast"]],
    ["avc1.4d4015", x264("-flags", "+ildct+ilme", "-top", "1", "-preset", "fast", "-profile", "main")],
    ["avc1.4d4015", x264("-flags", "+ildct+ilme", "-top", "0", "-preset", "fast", "-profile", "main")],
    ["avc1.4d4015", x264("-x264-params", "fake-interlaced=1", "-preset", "fast", "-profile", "main")],
    ["hvc1.1.6.L30.90", x265("crf=28")],
    ["hvc1.2.4.L30.90", x265("crf=28", "-pix_fmt", "yuv420p10le", "-preset", "medium")],
    ["hvc1.1.6.L30.90", x265("range=full:colormatrix=bt709:scaling-list=default", "-pix_fmt", "yuv420p")],
    ["hvc1.4.10.L30.9d.8", x265("sar=5", "-pix_fmt", "yuv422p10le")],
    ["hvc1.4.10.L30.9e.8", x265("range=full", "-pix_fmt", "yuv444p")],
    ["hvc1.4.10.L30.9e.8", x265("colormatrix=gbr", "-pix_fmt", "gbrp")],
    ["hvc1.4.10.L30.9f.c8", x265("crf=28", "-pix_fmt", "gray")],
    ["hvc1.1.6.L30.90", x265("temporal-layers=2:bframes=3:b-adapt=0", "-preset", "medium")],
    ["hvc1.1.6.L30.40", x265("interlace=tff", "-preset", "medium")],
    ["av01.0.00M.08", av1()],
    ["av01.0.00M.10", av1("-pix_fmt", "yuv420p10le")],
    ["av01.1.00M.08", av1("-pix_fmt", "yuv444p")],
    ["av01.2.00M.10", av1("-pix_fmt", "yuv422p10le")],
    ["av01.0.00M.08", av1("-pix_fmt", "gray")],
    ["vp09.00.10.08", vp9()],
    ["vp09.01.10.08", vp9("-pix_fmt", "yuv444p")],
    ["vp09.01.10.08", vp9("-pix_fmt", "yuv440p")],
    ["vp09.01.10.08", vp9("-pix_fmt", "gbrp")],
    ["vp09.02.10.10", vp9("-pix_fmt", "yuv420p10le")],
    ["vp09.03.10.12", vp9("-pix_fmt", "yuv422p12le")],
  ];
  let made: Encode[];
  beforeAll(async () => {
    made = await encodes(
      picture,
      RECIPES.map(([, args]) => args),
    );
  });

  test.each(RECIPES.map(([codecString, args], i) => [codecString, args, i] as const))(
    "%s of %j",
    (codecString, _args, i) => {
      const { track, frames, said } = made[i]!;
      expect(videoFacts(track, frames[0]!.data)).toEqual({
        type: "video",
        codecString,
        profile: said.profile!,
        pixelFormat: said.pix_fmt!,
        bitDepth: Number(/(\d+)le/.exec(said.pix_fmt!)?.[1] ?? 8),
        interlaced: said.field_order !== undefined && said.field_order !== "progressive",
      });
    },
  );
});

const aac = (rate: number, channels: number, ...more: string[]) => [
  ...["-ar", `${rate}`, "-ac", `${channels}`, "-c", "aac"],
  ...more,
];
const layout = (name: string) => ["-filter", `aformat=channel_layouts=${name}`];
const FLAC = ["-c", "flac"];
const OPUS = ["-c", "libopus"];

describe("the sound is what ffprobe says it is:", () => {
  const RECIPES: [codecString: string, frameSamples: number | null, args: string[]][] = [
    ["mp4a.40.2", 1024, aac(48_000, 2)],
    ["mp4a.40.2", 1024, aac(44_100, 1)],
    ["mp4a.40.2", 1024, aac(22_050, 6)],
    ["mp4a.40.2", 1024, [...layout("7.1"), "-c", "aac"]],
    ["mp4a.40.2", 1024, [...layout("2.1"), "-c", "aac"]],
    ["fLaC", null, FLAC],
    ["fLaC", null, [...FLAC, "-ar", "96000", "-ac", "6", "-sample_fmt", "s32"]],
    ["Opus", null, OPUS],
    ["Opus", null, [...OPUS, "-ac", "6", "-mapping_family", "1"]],
  ];
  let made: Encode[];
  beforeAll(async () => {
    made = await encodes(
      sound,
      RECIPES.map(([, , args]) => args),
    );
  });

  const CASES = RECIPES.map(([codecString, frameSamples, args], i) => [codecString, frameSamples, args, i] as const);
  test.each(CASES)("%s with frames of %j of %j", (codecString, frameSamples, _args, i) => {
    const { track, said } = made[i]!;
    expect(audioFacts(track)).toEqual({
      type: "audio",
      codecString,
      profile: said.profile ?? null,
      sampleRate: Number(said.sample_rate),
      channels: said.channels!,
      frameSamples,
    });
  });

  // No free encoder makes HE-AAC: its headers before plain AAC, of which decoders then make twice the rate, as they should.
  test.each([
    ["mp4a.40.5", "announced behind the header", "131056e598", 2],
    ["mp4a.40.5", "as the kind of AAC", "2b11880000", 2],
    ["mp4a.40.29", "with parametric stereo, as the kind of AAC", "eb09880000", 1],
  ])("%s, %s", async (codecString, _how, config, channels) => {
    const [made] = await encodes(sound, [aac(24_000, channels)], (file) => {
      const ENDS_WITH = Buffer.from("56e500", "hex");
      Buffer.from(config, "hex").copy(file, file.indexOf(ENDS_WITH) - 2);
    });
    const { track, said } = made!;
    const facts = audioFacts(track)!;
    expect(facts).toMatchObject({ codecString, sampleRate: 24_000, channels: 2, frameSamples: 1024 });
    expect(said).toMatchObject({ sample_rate: "48000", channels: 2 });
  });

  test("mp4a.40.29, announced behind the header", () => {
    const track = { codec: "aac", codecPrivate: Buffer.from("130856e59d4880", "hex"), channels: 1 };
    expect(audioFacts(track as unknown as SourceTrack)).toMatchObject({
      codecString: "mp4a.40.29",
      profile: "HE-AACv2",
      channels: 2,
    });
  });

  test("frames of 960 samples, as broadcasters use them", () => {
    const track = { codec: "aac", codecPrivate: Uint8Array.of(0x11, 0x94), channels: 2 } as SourceTrack;
    expect(audioFacts(track)).toMatchObject({ codecString: "mp4a.40.2", sampleRate: 48_000, frameSamples: 960 });
  });
});

describe("nothing that we copy is", () => {
  const SOUNDS = {
    ac3: ["-c", "ac3"],
    main: aac(48_000, 2, "-profile", "aac_main"),
    aac: aac(48_000, 2),
    flac: FLAC,
    opus: OPUS,
  };
  const PICTURES = {
    mpeg4: ["-c", "mpeg4", "-frames", "1"],
    h264: x264("-frames", "1", "-pix_fmt", "yuv422p10le"),
    hevc: x265("crf=28", "-frames", "1"),
    av1: av1(),
    vp9: vp9(),
  };
  const made: Record<string, Encode> = {};
  beforeAll(async () => {
    const all = [
      ...(await encodes(sound, Object.values(SOUNDS))),
      ...(await encodes(picture, Object.values(PICTURES))),
    ];
    for (const [i, name] of [...Object.keys(SOUNDS), ...Object.keys(PICTURES)].entries()) made[name] = all[i]!;
  });

  test.each([
    ["another codec", "ac3"],
    ["AAC of a kind that players do not know", "main"],
  ])("%s", (_kind, name) => {
    expect(audioFacts(made[name]!.track)).toBeNull();
  });

  test("a picture of another codec, or VP9 without its first frame", () => {
    const { track, frames } = made.mpeg4!;
    expect(videoFacts(track, frames[0]!.data)).toBeNull();
    expect(videoFacts(made.vp9!.track, null)).toBeNull();
  });

  test.each(["h264", "hevc", "av1", "vp9"])(
    "%s whose header is cut short anywhere or garbled, and nothing else happens",
    (name) => {
      const { track, frames } = made[name]!;
      const frame = frames[0]!.data;
      for (let length = 0; length < track.codecPrivate.length; length++)
        videoFacts({ ...track, codecPrivate: track.codecPrivate.subarray(0, length) }, frame);
      for (let place = 0; place < 8 * track.codecPrivate.length; place++) {
        const codecPrivate = track.codecPrivate.slice();
        codecPrivate[place >> 3]! ^= 128 >> (place & 7);
        videoFacts({ ...track, codecPrivate }, frame);
      }
      for (let length = 0; length < 40; length++) videoFacts(track, frame.subarray(0, length));
      expect(
        videoFacts({ ...track, codecPrivate: track.codecPrivate.subarray(0, 2) }, frame.subarray(0, 2)),
      ).toBeNull();
    },
  );

  test.each(["aac", "flac", "opus"])("%s whose header is cut short", (name) => {
    const { track } = made[name]!;
    expect(audioFacts({ ...track, codecPrivate: new Uint8Array() })).toBeNull();
    expect(audioFacts({ ...track, codecPrivate: track.codecPrivate.subarray(0, 1) })).toBeNull();
    expect(audioFacts(track)).not.toBeNull();
  });
});
