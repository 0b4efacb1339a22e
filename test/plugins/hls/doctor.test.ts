import { expect, test } from "bun:test";
import { checkFfmpeg, encoderCheckup, versionCheckup } from "../../../plugins/hls/doctor.ts";
import { script } from "./script.ts";

test("what is installed here is good", async () => {
  const checkups = await checkFfmpeg("ffmpeg");
  expect(checkups.map(({ name, ok }) => [name, ok])).toEqual([
    ["ffmpeg", true],
    ["ffprobe", true],
    ["ffmpeg encoders", true],
  ]);
});

test("a missing ffmpeg says which key to set", async () => {
  expect(await checkFfmpeg("/nowhere/ffmpeg")).toEqual([
    { name: "ffmpeg", ok: false, detail: "not found", fix: expect.stringContaining("hls.ffmpeg_path") },
  ]);
});

test("a program that does not run is not good", async () => {
  const [ffmpeg, , encoders] = await checkFfmpeg(await script("exit 127", "ffmpeg"));
  expect(ffmpeg).toMatchObject({ ok: false, detail: expect.stringContaining("does not run") });
  expect(encoders).toMatchObject({ ok: false, detail: "missing: libx264, aac" });
});

test.each([
  ["ffmpeg version 5.1.9-0+deb12u1 Copyright", true],
  ["ffmpeg version 7.0 Copyright", true],
  ["ffmpeg version n6.1 Copyright", true],
  ["ffmpeg version 10.0.1 Copyright", true],
  ["ffmpeg version N-117000-gabcdef Copyright", true],
  ["ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright", false],
  ["ffmpeg version 5.0.1 Copyright", false],
])("%s is good: %p", (answer, ok) => {
  expect(versionCheckup("ffmpeg", "/usr/bin/ffmpeg", answer).ok).toBe(ok);
});

test("a missing encoder is named, and one that only sounds alike does not count", () => {
  const answer = " V....D libx264rgb           libx264 H.264 RGB (codec h264)\n A..... aac                  AAC\n";
  expect(encoderCheckup(answer)).toMatchObject({ ok: false, detail: "missing: libx264" });
});
