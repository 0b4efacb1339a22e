/** Encoded sound: exact to the sample, silent where there is none, and in step with the picture. */
import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { encodeGrid } from "../../../../plugins/hls/encode/grid.ts";
import type { Work } from "../../../../plugins/hls/encode/work.ts";
import { closeAll, film, heads, heard, joined, shown, stamps, worksOf } from "./works.ts";

setDefaultTimeout(120_000);
afterEach(closeAll);

const RATE = 48_000;

/** A segment of an encoder that begins there. */
async function alone(work: Work, number: number): Promise<Uint8Array> {
  const pool = heads();
  const segment = await pool.segment(work, number);
  await pool.close();
  return segment;
}

/** Samples by which `other` comes later than `sound`; the best of a few hundred. */
function lag(
  sound: Float32Array,
  other: Float32Array,
  from: number,
  length: number,
): { lag: number; likeness: number } {
  let best = { lag: 0, likeness: Number.NEGATIVE_INFINITY };
  for (let shift = -300; shift <= 300; shift++) {
    let [product, power, otherPower] = [0, 0, 0];
    for (let i = from; i < from + length; i++) {
      const [a, b] = [sound[i]!, other[i + shift]!];
      product += a * b;
      power += a * a;
      otherPower += b * b;
    }
    const likeness = product / Math.sqrt(power * otherPower);
    if (likeness > best.likeness) best = { lag: shift, likeness };
  }
  return best;
}

test("segments of several encoders are one sound: every frame once, none moved by a sample", async () => {
  const { audio } = await worksOf(await film("moving.mkv"));
  const parts = [await heads().init(audio)];
  for (const number of [0, 1, 2, 3, 4]) parts.push(await alone(audio, number));
  const file = joined(...parts);
  const samples = await stamps(file);
  expect(samples.map(({ dts }) => Math.round(dts * RATE))).toEqual(samples.map((_, i) => i * 1024));
  expect(samples).toHaveLength(Math.ceil((14 * RATE) / 1024));

  const [ours, source] = [await heard(file), await heard(await film("moving.mkv"))];
  // At each border and in the middle between two.
  for (const secs of [1.5, 2, 3, 4, 5, 6, 8, 10, 12]) {
    const found = lag(source, ours, Math.round((secs - 0.1) * RATE), 0.2 * RATE);
    expect(Math.abs(found.lag)).toBeLessThan(2);
    expect(found.likeness).toBeGreaterThan(0.98);
  }
});

test("two encoders that begin at two places make the same sound", async () => {
  const { audio } = await worksOf(await film("moving.mkv"));
  const init = await heads().init(audio);
  const pool = heads();
  await pool.segment(audio, 3);
  const going = await heard(joined(init, await pool.segment(audio, 4)));
  const begun = await heard(joined(init, await alone(audio, 4)));
  expect(begun.length).toBe(going.length);
  const found = lag(begun, going, 48_000, 48_000);
  expect(found.lag).toBe(0);
  expect(found.likeness).toBeGreaterThan(0.999);
});

test("sound that begins late, has a hole and ends early is silent there, and stays in its place", async () => {
  const { audio } = await worksOf(await film("gaps.mkv"));
  const pool = heads();
  const parts = [await pool.init(audio)];
  for (let number = 0; number < audio.spans.length; number++) parts.push(await pool.segment(audio, number));
  const sound = await heard(joined(...parts));
  const rate = 44_100;
  const loudness = (from: number, to: number) =>
    Math.max(...sound.subarray(Math.round(from * rate), Math.round(to * rate)).map(Math.abs));
  expect(sound.length / rate).toBeCloseTo(audio.spans.at(-1)!.end / 1e9, 1);
  for (const [from, to] of [
    [0, 2.9],
    [11.2, 12.3],
    [23.2, 23.9],
  ]) {
    expect(loudness(from!, to!)).toBeLessThan(0.001);
  }
  for (const [from, to] of [
    [3.1, 10.8],
    [12.7, 22.8],
  ]) {
    for (let at = from!; at < to!; at += 0.1) expect(loudness(at, at + 0.1)).toBeGreaterThan(0.1);
  }
});

test("a segment where there is no sound any more is silent", async () => {
  const { audio } = await worksOf(await film("gaps.mkv"), { duration: 40 });
  const sound = await heard(joined(await heads().init(audio), await heads().segment(audio, audio.spans.length - 1)));
  expect(sound.length).toBeGreaterThan(44_100);
  expect(Math.max(...sound.map(Math.abs))).toBeLessThan(0.001);
});

test("flash and beep come together, in segments of any encoder", async () => {
  const { video, audio } = await worksOf(await film("flash.mkv"));
  for (const number of [0, 2, 5, 9]) {
    const pool = heads();
    const picture = joined(await pool.init(video, number), await pool.segment(video, number));
    const soundFile = joined(await pool.init(audio), await pool.segment(audio, number));
    const pictures = await shown(picture);
    const flash = pictures.find(({ light }, i) => light > 128 && (i === 0 || pictures[i - 1]!.light < 128))!;
    const sound = await heard(soundFile);
    const begin = (await stamps(soundFile))[0]!.dts;
    const from = Math.max(0, Math.round((flash.time - begin - 0.1) * RATE));
    const beep = begin + (from + sound.subarray(from).findIndex((value) => Math.abs(value) > 0.2)) / RATE;
    expect(Math.abs(flash.time - beep)).toBeLessThan(0.045);
    await pool.close();
  }
});

test("segments follow the borders of a copied picture, however short they are", async () => {
  const { audio } = await worksOf(await film("moving.mkv"));
  const borders = [0.021, 2.9, 2.91, 5, 9.7].map((secs) => secs * 1e9);
  const spans = borders.slice(1).map((end, i) => ({ start: borders[i]!, end }));
  const pool = heads();
  const work = { ...audio, key: "short", spans };
  const starts = [];
  for (const number of spans.keys()) {
    const [first] = await stamps(joined(await pool.init(work), await pool.segment(work, number)));
    starts.push(first!.dts);
  }
  for (const [i, start] of starts.entries()) expect(Math.abs(start - borders[i]! / 1e9)).toBeLessThan(1024 / RATE);
});

test("a film that begins before zero is moved there as a whole", async () => {
  const works = await worksOf(await film("flash.mkv"));
  const spans = encodeGrid(-0.5, 20, 6);
  const [video, audio] = [works.video, works.audio].map((work) => ({ ...work, key: `${work.key} early`, spans }));
  const pool = heads();
  // The flash at 5 s is now at 5.5 s: in segment 2.
  const pictures = await shown(joined(await pool.init(video!), await pool.segment(video!, 2)));
  const flash = pictures.find(({ light }) => light > 128)!.time;
  expect(flash).toBeCloseTo(5.5, 1);
  const file = joined(await pool.init(audio!), await pool.segment(audio!, 2));
  const sound = await heard(file);
  const beep = (await stamps(file))[0]!.dts + sound.findIndex((value) => Math.abs(value) > 0.2) / RATE;
  expect(Math.abs(flash - beep)).toBeLessThan(0.045);
  // Nothing stands before zero, and nothing is missing there.
  const begin = await shown(joined(await pool.init(video!), await pool.segment(video!, 0)));
  expect(begin[0]!.time).toBeCloseTo(0, 3);
});
