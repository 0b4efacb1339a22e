import { expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { openSource } from "../../../../plugins/hls/byte-source.ts";
import { audioFacts } from "../../../../plugins/hls/codec/facts.ts";
import { audioSamples } from "../../../../plugins/hls/copy/audio.ts";
import { copyInit } from "../../../../plugins/hls/copy/segment.ts";
import { mediaSegment } from "../../../../plugins/hls/fmp4/fragment.ts";
import { openMatroska } from "../../../../plugins/hls/mkv/open.ts";
import { ffmpeg, newFolder } from "../fixtures.ts";
import { truthOf } from "../golden-truth.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(60_000);

const RATE = 48_000;
const SECS = 2;

/** A second of it, as ffmpeg decodes it. */
async function decoded(layout: string, ...encoder: string[]): Promise<Int32Array> {
  const path = join(newFolder(), "noise.mkv");
  const noise = ["-f", "lavfi", "-i", `anoisesrc=d=0.2:r=${RATE}`, "-af", `aformat=channel_layouts=${layout}`];
  await ffmpeg(...noise, ...encoder, path);
  const source = await openSource(path);
  const { index } = await openMatroska(source);
  await source.close();
  const track = { ...index.tracks[0]!, start: 0 };
  const facts = audioFacts(track)!;
  const made = audioSamples(track, facts, [], { start: 0, end: SECS * 1e9 });
  const file = join(newFolder(), "silence.mp4");
  await Bun.write(file, Buffer.concat([copyInit(track, facts, 0), mediaSegment(1, made)]));
  const [found] = await truthOf([{ path: file, index: 0, type: "audio" }]);
  const { buffer, byteOffset, length } = found!.samples;
  return new Int32Array(buffer, byteOffset, length / 4);
}

const CHANNELS: Record<string, number> = { mono: 1, stereo: 2, "3.0": 3, "4.0": 4, "5.0": 5, "5.1": 6, "7.1": 8 };

const CASES: [codec: string, layout: string, options?: string[]][] = [
  ["aac", "mono"],
  ["aac", "stereo"],
  ["aac", "3.0"],
  ["aac", "4.0"],
  ["aac", "5.0"],
  ["aac", "5.1"],
  ["flac", "mono"],
  ["flac", "stereo"],
  ["flac", "5.1"],
  ["flac", "7.1"],
  ["flac", "stereo", ["-sample_fmt", "s32"]],
  ["libopus", "mono"],
  ["libopus", "stereo"],
  ["libopus", "5.1", ["-mapping_family", "1"]],
  ["libopus", "7.1", ["-mapping_family", "1"]],
];

test.each(CASES)(
  "silence of %s %s is nothing but zeros, and as long as it says",
  async (codec, layout, options = []) => {
    const pcm = await decoded(layout, "-c:a", codec, ...options);
    expect(Math.max(...new Set(pcm))).toBe(0);
    expect(Math.min(...new Set(pcm))).toBe(0);
    expect(Math.abs(pcm.length / CHANNELS[layout]! / RATE - SECS)).toBeLessThan(0.03);
  },
);

test("AAC of a layout that is not known has frames that decoders pass over", async () => {
  expect(await decoded("6.1", "-c:a", "aac")).toHaveLength(0);
});
