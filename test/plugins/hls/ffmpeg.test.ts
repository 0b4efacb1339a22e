import { describe, expect, test } from "bun:test";
import { renditionArgs } from "../../../plugins/hls/ffmpeg.ts";
import type { Plan } from "../../../plugins/hls/plan.ts";

const copied: Plan = {
  video: { index: 2, mode: "copy", codec: "hevc", delayMs: 0 },
  audio: { index: 1, mode: "copy", codec: "aac" },
  duration: 5,
  exact: true,
};
const encoded: Plan = {
  ...copied,
  video: { index: 0, mode: "encode", deinterlace: true, evenSize: true },
  audio: { index: 1, mode: "encode", channels: 6, sampleRate: 48_000 },
};
const args = (plan: Plan = copied, file = "/media/a.mkv", secs = 6) => renditionArgs(plan, file, secs);
const after = (list: string[], option: string) => list[list.indexOf(option) + 1];

test.each([0, 4])(
  "every input is behind the allow-lists, and under file: (S8, S14), with a delay of %i ms",
  (delayMs) => {
    const list = args({ ...copied, video: { index: 0, mode: "copy", codec: "h264", delayMs } }, "/-i odd:name.mkv");
    const inputs = list.flatMap((arg, at) => (arg === "-i" ? [at] : []));
    expect(inputs).toHaveLength(delayMs ? 2 : 1);
    for (const at of inputs) {
      expect(list[at + 1]).toBe("file:/-i odd:name.mkv");
      expect(list.slice(at - 4, at)).toEqual([
        "-protocol_whitelist",
        "file",
        "-format_whitelist",
        expect.stringContaining("matroska"),
      ]);
    }
  },
);

test("no playlist format is on the allow-list", () => {
  const formats = after(args(), "-format_whitelist")!.split(",");
  expect(formats.filter((format) => /hls|concat|dash|sdp|rtp|image|lavfi|tedcaptions|applehttp/.test(format))).toEqual(
    [],
  );
});

test("every output name is relative (S15)", () => {
  const list = args();
  expect([list.at(-1), after(list, "-hls_segment_filename"), after(list, "-hls_fmp4_init_filename")]).toEqual([
    "ffmpeg.m3u8",
    "seg_%d.m4s",
    "init.mp4",
  ]);
});

test("tracks are named by number, and nothing else is taken along", () => {
  const list = args();
  expect(list.filter((_, at) => list[at - 1] === "-map")).toEqual(["0:2", "0:1"]);
  expect(list).toContain("-dn");
  expect(list).toContain("-sn");
});

test("a file without sound has one track", () => {
  const list = args({ ...copied, audio: null });
  expect(list.filter((arg) => arg === "-map")).toHaveLength(1);
  expect(list).not.toContain("-c:a");
});

test("HEVC is tagged as Apple wants it", () => {
  expect(after(args(), "-tag:v")).toBe("hvc1");
});

test("a delay is the picture's alone", () => {
  const list = args({ ...copied, video: { index: 0, mode: "copy", codec: "h264", delayMs: 4 } });
  expect(after(list, "-itsoffset")).toBe("4ms");
  expect(list.filter((_, at) => list[at - 1] === "-map")).toEqual(["1:0", "0:1"]);
});

test("an encoded picture has a keyframe where each segment begins", () => {
  const list = args(encoded, "/a", 4);
  expect(after(list, "-force_key_frames")).toBe("expr:gte(t,n_forced*4)");
  expect(after(list, "-hls_time")).toBe("4");
  expect(after(list, "-filter:v")).toBe("yadif=deint=interlaced,scale=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p");
  expect(after(list, "-b:a")).toBe("480000");
});

describe("S17: nothing but whole numbers gets into an option", () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 1.5, "1 -f x" as never])("%p as a length", (secs) => {
    expect(() => args(copied, "/a", secs)).toThrow(RangeError);
  });

  test("nor as the number of a track", () => {
    expect(() => args({ ...copied, video: { ...copied.video, index: "0;" as never } })).toThrow(RangeError);
  });
});
