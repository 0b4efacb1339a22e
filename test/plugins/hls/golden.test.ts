/**
 * The heart of copying: in whatever order segments are asked for, what comes out is the source, picture for picture and sample
 * for sample.
 */
import { expect, setDefaultTimeout, test } from "bun:test";
import { leadOf } from "../../../plugins/hls/copy/delay.ts";
import { silenceOf } from "../../../plugins/hls/copy/silence.ts";
import { ticks } from "../../../plugins/hls/fmp4/timescale.ts";
import { GOLDEN_NAMES, type GoldenName, golden } from "./fixtures-golden.ts";
import { type CutTrack, cut } from "./golden-cut.ts";
import { endOf, readFragment } from "./golden-segment.ts";
import { packetsOf, picturesOf, samplesOf } from "./golden-truth.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(120_000);

/** Matroska rounds to milliseconds, and for ffmpeg each of the eight frames of a laced block lasts a whole number of them. */
const ROUNDED_SECS = 0.003;

/** Sound that begins late, ends early or stops in between. */
const WITH_HOLES: GoldenName[] = [
  "shifted.mkv",
  "late-picture.mkv",
  "late-sound.mkv",
  "late-sound.mp4",
  "gap-aac.mkv",
  "gap-flac.mkv",
  "gap-opus51.mkv",
];

test.each(GOLDEN_NAMES)("%s comes out as it went in", async (name) => {
  const path = await golden(name);
  const { tracks, container, grid } = await cut(path);
  expect(grid.length).toBeGreaterThan(3);
  expect(tracks.map(({ track }) => track.type)).toContain("video");
  for (const one of tracks) {
    if (one.track.number === container.index.video) await expectPictures(path, one);
    else if (WITH_HOLES.includes(name)) await expectFilled(path, one);
    else await expectSound(path, one);
  }
});

async function expectPictures(path: string, { track, segments, playlist }: CutTrack): Promise<void> {
  const [ours, source] = [await packetsOf(playlist, 0), await packetsOf(path, track.index)];
  expect(ours.map(({ hash }) => hash)).toEqual(source.map(({ hash }) => hash));
  // Matroska's milliseconds are undone where it is known how long a frame is (copy/cadence.ts).
  expect(furthest(ours.map(({ time }, i) => time - source[i]!.time))).toBeLessThan(0.00102);
  expect(await picturesOf(playlist, 0)).toEqual(await picturesOf(path, track.index));
  const fragments = segments.map(readFragment);
  expect(fragments.slice(0, -1).map(endOf)).toEqual(fragments.slice(1).map(({ start }) => start));
  expect(Math.min(...fragments.flatMap(({ offsets }) => offsets))).toBeGreaterThanOrEqual(0);
  expect(Math.min(...fragments.flatMap(({ durations }) => durations))).toBeGreaterThan(0);
}

async function expectSound(path: string, { track, facts, segments, playlist }: CutTrack): Promise<void> {
  const [ours, source] = [await packetsOf(playlist, 0), await packetsOf(path, track.index)];
  expect(ours.map(({ hash }) => hash)).toEqual(source.map(({ hash }) => hash));
  expect(furthest(ours.map(({ time }, i) => time - source[i]!.time))).toBeLessThan(ROUNDED_SECS);
  // Players leave out what lies before zero, ffmpeg does so in files alone. Of Opus the decoder drops it.
  const early = facts.type === "audio" && track.codec === "aac" ? ticks(leadOf(track), facts.sampleRate) : 0;
  const heard = (await samplesOf(playlist, 0)).subarray(early * track.channels * 4);
  const recorded = await samplesOf(path, track.index);
  expect(recorded.length).toBeGreaterThan(0);
  // What the last frame of Opus has too much of is said by Matroska alone.
  expect(heard.subarray(0, recorded.length).equals(recorded)).toBeTrue();
  const fragments = segments.map(readFragment);
  expect(fragments.slice(0, -1).map(endOf)).toEqual(fragments.slice(1).map(({ start }) => start));
}

async function expectFilled(path: string, { track, facts, segments, playlist }: CutTrack): Promise<void> {
  if (facts.type === "video") throw new Error("not a sound");
  const hash = `MD5:${new Bun.CryptoHasher("md5").update(silenceOf(track, facts).frame).digest("hex")}`;
  const [all, source] = [await packetsOf(playlist, 0), await packetsOf(path, track.index)];
  const ours = all.filter((packet) => packet.hash !== hash);
  expect(ours.map((packet) => packet.hash)).toEqual(source.map((packet) => packet.hash));
  expect(furthest(ours.map(({ time }, i) => time - source[i]!.time))).toBeLessThan(ROUNDED_SECS);
  expect(all.length).toBeGreaterThan(ours.length);
  // No hole that players would stop at is left, neither inside nor between segments; nothing is there twice.
  const fragments = segments.map(readFragment);
  const longest = Math.max(...fragments.flatMap(({ durations }) => durations)) / facts.sampleRate;
  expect(longest).toBeLessThan(0.15);
  const seams = fragments.slice(1).map(({ start }, i) => (start - endOf(fragments[i]!)) / facts.sampleRate);
  expect(furthest(seams)).toBeLessThan(0.05);
}

const furthest = (values: number[]): number => Math.max(...values.map(Math.abs));
