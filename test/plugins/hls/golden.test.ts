/**
 * The heart of copying: in whatever order segments are asked for, what comes out is the source, picture for picture and sample
 * for sample.
 */
import { expect, setDefaultTimeout, test } from "bun:test";
import { leadOf } from "../../../plugins/hls/copy/delay.ts";
import { silenceOf } from "../../../plugins/hls/copy/silence.ts";
import { ticks } from "../../../plugins/hls/fmp4/timescale.ts";
import type { SourceTrack } from "../../../plugins/hls/reader/model.ts";
import { GOLDEN_NAMES, type GoldenName, golden } from "./fixtures-golden.ts";
import { type CutTrack, cut } from "./golden-cut.ts";
import { endOf, readFragment } from "./golden-segment.ts";
import { type Found, truthOf } from "./golden-truth.ts";

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

/** With the one to make while it is read. */
const NAMES = GOLDEN_NAMES.map((name, i) => [name, GOLDEN_NAMES[i + 1]] as const);

test.each(NAMES)("%s comes out as it went in", async (name, next) => {
  const path = await golden(name);
  // The test of it tells when it fails.
  if (next) void golden(next).catch(() => {});
  const { tracks, container, grid } = await cut(path);
  expect(grid.length).toBeGreaterThan(3);
  expect(tracks.map(({ track }) => track.type)).toContain("video");
  const [found, recorded] = await Promise.all([
    truthOf(tracks.map(({ track, playlist }) => ({ path: playlist, index: 0, type: typeOf(track) }))),
    truthOf(tracks.map(({ track }) => ({ path, index: track.index, type: typeOf(track) }))),
  ]);
  for (const [i, one] of tracks.entries()) {
    const [ours, source] = [found[i]!, recorded[i]!];
    expect(source.packets.length).toBeGreaterThan(100);
    if (one.track.number === container.index.video) expectPictures(one, ours, source);
    else if (WITH_HOLES.includes(name)) expectFilled(one, ours, source);
    else expectSound(one, ours, source);
  }
});

const typeOf = ({ type }: SourceTrack) => (type === "video" ? type : "audio");

function expectPictures({ segments }: CutTrack, ours: Found, source: Found): void {
  expect(ours.packets.map(({ hash }) => hash)).toEqual(source.packets.map(({ hash }) => hash));
  // Matroska's milliseconds are undone where it is known how long a frame is (copy/cadence.ts).
  expect(furthest(ours.packets.map(({ time }, i) => time - source.packets[i]!.time))).toBeLessThan(0.00102);
  expect(ours.pictures.length).toBeGreaterThan(0);
  expect(ours.pictures).toEqual(source.pictures);
  const fragments = segments.map(readFragment);
  expect(fragments.slice(0, -1).map(endOf)).toEqual(fragments.slice(1).map(({ start }) => start));
  expect(Math.min(...fragments.flatMap(({ offsets }) => offsets))).toBeGreaterThanOrEqual(0);
  expect(Math.min(...fragments.flatMap(({ durations }) => durations))).toBeGreaterThan(0);
}

function expectSound({ track, facts, segments }: CutTrack, ours: Found, source: Found): void {
  expect(ours.packets.map(({ hash }) => hash)).toEqual(source.packets.map(({ hash }) => hash));
  expect(furthest(ours.packets.map(({ time }, i) => time - source.packets[i]!.time))).toBeLessThan(ROUNDED_SECS);
  // Players leave out what lies before zero, ffmpeg does so in files alone. Of Opus the decoder drops it.
  const early = facts.type === "audio" && track.codec === "aac" ? ticks(leadOf(track), facts.sampleRate) : 0;
  const heard = ours.samples.subarray(early * track.channels * 4);
  const recorded = source.samples;
  expect(recorded.length).toBeGreaterThan(0);
  // What the last frame of Opus has too much of is said by Matroska alone.
  expect(heard.subarray(0, recorded.length).equals(recorded)).toBeTrue();
  const fragments = segments.map(readFragment);
  expect(fragments.slice(0, -1).map(endOf)).toEqual(fragments.slice(1).map(({ start }) => start));
}

function expectFilled({ track, facts, segments }: CutTrack, { packets: all }: Found, source: Found): void {
  if (facts.type === "video") throw new Error("not a sound");
  const hash = new Bun.CryptoHasher("md5").update(silenceOf(track, facts).frame).digest("hex");
  const ours = all.filter((packet) => packet.hash !== hash);
  expect(ours.map((packet) => packet.hash)).toEqual(source.packets.map((packet) => packet.hash));
  expect(furthest(ours.map(({ time }, i) => time - source.packets[i]!.time))).toBeLessThan(ROUNDED_SECS);
  expect(all.length).toBeGreaterThan(ours.length);
  // No hole that players would stop at is left, neither inside nor between segments; nothing is there twice.
  const fragments = segments.map(readFragment);
  const longest = Math.max(...fragments.flatMap(({ durations }) => durations)) / facts.sampleRate;
  expect(longest).toBeLessThan(0.15);
  const seams = fragments.slice(1).map(({ start }, i) => (start - endOf(fragments[i]!)) / facts.sampleRate);
  expect(furthest(seams)).toBeLessThan(0.05);
}

const furthest = (values: number[]): number => Math.max(...values.map(Math.abs));
