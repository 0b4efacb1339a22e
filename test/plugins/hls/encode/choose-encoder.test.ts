/** Encoders in hardware: tried before they are used, and left when they fail. None is here: scripts play their part. */
import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { createEncoderChoice, tryEncoder } from "../../../../plugins/hls/encode/choose-encoder.ts";
import { ENCODERS, type EncoderName } from "../../../../plugins/hls/encode/encoders.ts";
import { pictureArgs } from "../../../../plugins/hls/encode/picture-args.ts";
import { findTools } from "../../../../plugins/hls/tools.ts";
import { silentLogger } from "../../../helpers/silent-logger.ts";
import { script } from "../script.ts";
import { closeAll, film, heads, joined, shown, worksOf } from "./works.ts";

setDefaultTimeout(60_000);
afterEach(closeAll);

const SETTINGS = { transcode_preset: "ultrafast", transcode_height: 1080, transcode_bitrate: 6000 } as const;
/** What a trial of a good encoder gives. */
const GOOD = "ffmpeg -v error -f lavfi -i testsrc2=s=64x64:r=10:d=2 -pix_fmt yuv420p -c:v libx264 -bf 0";
const trial = (options: string) => `exec ${GOOD} ${options} -f matroska pipe:1`;
/** ffmpeg with a VAAPI of its own. */
const withVaapi = (trialBody: string, useBody: string) =>
  script(
    `case "$*" in *h264_vaapi*) case "$*" in *testsrc2*) ${trialBody};; *) ${useBody};; esac;; esac; exec ffmpeg "$@"`,
  );

async function choose(wanted: Exclude<EncoderName, "software"> | "auto" | "none", program: string) {
  const warnings: string[] = [];
  const log = { info() {}, warn: (_: string, facts?: { why?: string }) => void warnings.push(facts?.why ?? "") };
  const choice = createEncoderChoice({ ...SETTINGS, hardware_encoder: wanted }, log);
  return { name: (await choice.current(program)).name, warnings };
}

test("without the setting nothing is tried", async () => {
  expect(await choose("none", await script("exit 1"))).toEqual({ name: "software", warnings: [] });
});

test("an encoder that sets keyframes where it is told is used", async () => {
  const program = await withVaapi(trial("-force_key_frames 1"), "exit 1");
  expect(await choose("vaapi", program)).toEqual({ name: "vaapi", warnings: [] });
  expect(await choose("auto", program)).toEqual({ name: "vaapi", warnings: [] });
});

test("one that is asked for and does not work is told, and libx264 takes its place", async () => {
  const { name, warnings } = await choose("nvenc", findTools("ffmpeg").ffmpeg);
  expect(name).toBe("software");
  expect(warnings[0]).toStartWith("exit code 1: ");
});

test("auto takes what there is without a word", async () => {
  expect(await choose("auto", findTools("ffmpeg").ffmpeg)).toEqual({ name: "software", warnings: [] });
});

test("an encoder that makes something else is not used", async () => {
  const tried = async (body: string) => tryEncoder(await script(body), ENCODERS.vaapi, SETTINGS);
  expect(await tried(trial("-g 250"))).toBe("it sets no keyframe where it is told");
  expect(await tried("exec cat /dev/zero")).toStartWith("Damaged");
  expect(await tried("exit 0")).toBe("it does not say its parameter sets");
  expect(await tried("echo 'no device' >&2; exit 1")).toBe("exit code 1: no device");
});

test("one that fails at a film is left, and the viewer does not notice", async () => {
  const { video } = await worksOf(await film("moving.mkv"));
  const warnings: string[] = [];
  const pool = heads({
    config: { hardware_encoder: "vaapi" },
    log: { ...silentLogger, warn: (message: string) => void warnings.push(message) },
    tools: () => ({ ...findTools("ffmpeg"), ffmpeg: program }),
  });
  const program = await withVaapi(trial("-force_key_frames 1"), "exit 1");
  expect(await shown(joined(await pool.init(video), await pool.segment(video, 0)))).toHaveLength(48);
  await pool.segment(video, 9);
  expect(warnings).toEqual(["vaapi failed: from now on libx264 encodes"]);
});

test("what an encoder needs stands in its place of the command", async () => {
  const { video } = await worksOf(await film("moving.mkv"));
  const line = (name: EncoderName) => pictureArgs(video, { first: 1, end: 2 }, ENCODERS[name], SETTINGS).join(" ");
  expect(line("vaapi")).toMatch(/-vaapi_device \S+ .*-i file:.*,format=nv12,hwupload\[out\].*-c:v h264_vaapi/);
  expect(line("qsv")).toMatch(/-init_hw_device qsv=hw .*-i file:.*,format=nv12\[out\].*-c:v h264_qsv.*-forced_idr 1/);
  expect(line("nvenc")).toMatch(/,format=yuv420p\[out\].*-c:v h264_nvenc.*-forced-idr 1.*-maxrate 6000k/);
  expect(line("v4l2m2m")).toMatch(/-c:v h264_v4l2m2m -b:v 6000k/);
  for (const name of ["software", "vaapi", "qsv", "nvenc", "v4l2m2m"] as const) {
    expect(line(name)).toContain("-force_key_frames 2.000000,4.000000 ");
  }
});
