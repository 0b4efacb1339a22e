import { describe, expect, test } from "bun:test";
import {
  ANY_CODEC,
  capabilitiesOf,
  capabilityNames,
  EVERY_PLAYER,
  type Kind,
} from "../../../plugins/hls/capabilities.ts";

const kinds = (codecs: string) => capabilityNames(capabilitiesOf(codecs, null));

test.each([
  "mpv 0.35.1",
  "libmpv",
  "Lavf/59.27.100",
  "VLC/3.0.18 LibVLC/3.0.18",
  "Kodi/20.1 (Linux; Android 11)",
  "Infuse-Direct/7.5",
])("%s says nothing and takes everything", (userAgent) => {
  expect(capabilitiesOf(undefined, userAgent)).toBe(ANY_CODEC);
});

test.each(["Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0", "", "mpvish", "curl/8.5", null])(
  "%j says nothing and gets what every player takes",
  (userAgent) => {
    expect(capabilitiesOf(undefined, userAgent)).toBe(EVERY_PLAYER);
  },
);

test("what a player says counts for more than its name", () => {
  expect(capabilityNames(capabilitiesOf("opus", "mpv 0.35.1"))).toBe("h264,aac,opus");
});

test.each<[string, Kind]>([
  ["avc1.6E0028", "h264-10"],
  ["avc3.6e0033", "h264-10"],
  ["hvc1.1.6.L120.90", "hevc"],
  ["hev1.1.6.L120.90", "hevc"],
  ["hvc1.2.4.L120.90", "hevc-10"],
  ["av01.0.08M.08", "av1"],
  ["av01.0.08M.10", "av1-10"],
  ["vp09.00.40.08", "vp9"],
  ["vp9", "vp9"],
  ["vp09.02.40.10", "vp9-10"],
  ["fLaC", "flac"],
  ["Opus", "opus"],
])("%s is %s", (codec, kind) => {
  expect(capabilitiesOf(codec, null).has(kind)).toBeTrue();
});

test("8 bit is not 10 bit", () => {
  expect(kinds("avc1.640028,hvc1.1.6.L120.90,av01.0.08M.08,vp09.00.40.08")).toBe("h264,hevc,av1,vp9,aac");
});

test.each(["hevc-10", "hvc1.2.4.L120.90"])("a player that takes 10 bits takes 8: %s", (codec) => {
  expect(kinds(codec)).toBe("h264,hevc,hevc-10,aac");
});

test("a list without H.264 and AAC has them all the same: an encoder makes nothing else", () => {
  expect(kinds("av01.0.08M.10,Opus")).toBe("h264,av1,av1-10,aac,opus");
});

test("spaces and capitals make no difference", () => {
  expect(kinds(" HVC1.2.4.L120.90 , FLAC ")).toBe("h264,hevc,hevc-10,aac,flac");
});

describe("garbage", () => {
  test.each(["", ",", ",,,", "mp4a.6b", "theora", "../../etc/passwd", '"><script>', "avc1\n", "constructor", "-10"])(
    "%j counts as nothing",
    (codecs) => {
      expect(kinds(codecs)).toBe("h264,aac");
    },
  );

  test("beyond what any browser says is not read", () => {
    expect(kinds(`${"x,".repeat(63)}flac`)).toBe("h264,aac,flac");
    expect(kinds(`${"x,".repeat(64)}flac`)).toBe("h264,aac");
  });
});

describe("the words of an address", () => {
  test.each(["", "avc1.6E0028,fLaC", "hvc1.2.4.L120.90,mp4a.40.2", "all", "open-gop"])(
    "of %j are read back as the same",
    (codecs) => {
      const before = capabilitiesOf(codecs, null);
      expect(capabilitiesOf(capabilityNames(before), null)).toEqual(before);
    },
  );

  test("are the same for two players that list the same in another order", () => {
    expect(kinds("Opus,av01.0.08M.10,fLaC")).toBe(kinds("fLaC,av01.0.08M.10,Opus"));
  });

  test("that name every kind stand for all", () => {
    expect(capabilitiesOf([...ANY_CODEC].join(","), null)).toBe(ANY_CODEC);
    expect(capabilityNames(ANY_CODEC)).toBe("all");
  });

  test("need no escaping", () => {
    for (const kind of ANY_CODEC) expect(encodeURIComponent(kind)).toBe(kind);
  });
});
