/** Encoded pictures: what a player shows of segments that several encoders made. */
import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { endOf, readFragment } from "../golden-segment.ts";
import { closeAll, type Film, film, heads, joined, output, type Shown, shown, stamps, worksOf } from "./works.ts";

setDefaultTimeout(120_000);
afterEach(closeAll);

let moving: Promise<Shown[]> | undefined;
/** Every picture of `moving.mkv`. */
const wholeFilm = async (): Promise<Shown[]> => {
  moving ??= shown(await film("moving.mkv"));
  return moving;
};

/** Segments of a film, each of the numbers asked for in turn from a pool of its own, so that all come from different heads. */
async function apart(name: Film, numbers: number[]): Promise<{ file: string; segments: Uint8Array[] }> {
  const { video } = await worksOf(await film(name));
  const parts: Uint8Array[] = [];
  let init: Uint8Array | undefined;
  for (const number of numbers) {
    const pool = heads();
    init ??= await pool.init(video, number);
    parts.push(await pool.segment(video, number));
    await pool.close();
  }
  return { file: joined(init!, ...parts), segments: parts };
}

test("every picture of the film is shown once, at its own time, whichever encoder made its segment", async () => {
  const source = await wholeFilm();
  const { file } = await apart("moving.mkv", [0, 1, 2, 3, 4, 5]);
  const pictures = await shown(file);
  const expected = source.filter(({ time }) => time < 18);
  expect(pictures.length).toBe(expected.length);
  for (const [i, { time, light }] of pictures.entries()) {
    expect(Math.abs(time - expected[i]!.time)).toBeLessThan(0.0015);
    expect(Math.abs(light - expected[i]!.light / 4)).toBeLessThan(3);
  }
});

test("each segment begins with a keyframe on the grid and ends where the next one begins", async () => {
  const { video } = await worksOf(await film("moving.mkv"));
  const { file, segments } = await apart("moving.mkv", [2, 3, 4]);
  const [first, second, third] = segments.map(readFragment);
  expect(endOf(first!)).toBe(second!.start);
  expect(endOf(second!)).toBe(third!.start);
  const keys = (await stamps(file)).filter(({ key }) => key).map(({ pts }) => pts);
  expect(keys).toHaveLength(3);
  for (const [i, pts] of keys.entries()) {
    const { start } = video.spans[2 + i]!;
    expect(pts * 1e9).toBeWithin(start - 1e6, start + 45e6);
  }
});

test("one encoder goes on over borders as another one begins there", async () => {
  const { video } = await worksOf(await film("moving.mkv"));
  const pool = heads();
  const init = await pool.init(video);
  const inOne = [await pool.segment(video, 0), await pool.segment(video, 1), await pool.segment(video, 2)];
  const { file, segments } = await apart("moving.mkv", [0, 1, 2]);
  expect(inOne.map((bytes) => readFragment(bytes).start)).toEqual(segments.map((bytes) => readFragment(bytes).start));
  expect(inOne.map((bytes) => endOf(readFragment(bytes)))).toEqual(segments.map((bytes) => endOf(readFragment(bytes))));
  const pictures = async (path: string) => (await shown(path)).map(({ time }) => time);
  expect(await pictures(joined(init, ...inOne))).toEqual(await pictures(file));
});

test("the last segment ends with the film", async () => {
  const { video } = await worksOf(await film("moving.mkv"));
  const { file } = await apart("moving.mkv", [video.spans.length - 1]);
  const source = (await wholeFilm()).filter(({ time }) => time * 1e9 >= video.spans.at(-1)!.start - 1e6);
  expect((await shown(file)).length).toBe(source.length);
});

test("where no picture comes, the one before stays: no segment is empty", async () => {
  const { video } = await worksOf(await film("gaps.mkv"));
  const source = await shown(await film("gaps.mkv"));
  const { file } = await apart("gaps.mkv", [0, 1, 2, 3, 4, 5, 6, 7]);
  expect(video.spans).toHaveLength(8);
  const pictures = await shown(file);
  // Every picture of the source, and repetitions half a second apart.
  const times = new Set(pictures.map(({ time }) => Math.round(time * 1000)));
  expect(source.filter(({ time }) => !times.has(Math.round(time * 1000)))).toEqual([]);
  const steps = pictures.slice(1).map(({ time }, i) => time - pictures[i]!.time);
  expect(Math.max(...steps)).toBeLessThan(1);
  expect(Math.min(...steps)).toBeGreaterThan(0);
  const still = pictures.filter(({ time }) => time > 4.2 && time < 11.2);
  const before = pictures.findLast(({ time }) => time < 4.1)!;
  for (const { light } of still) expect(Math.abs(light - before.light)).toBeLessThan(1);
});

test("odd sides are made even, and tall pictures as tall as is wanted", async () => {
  const { video } = await worksOf(await film("gaps.mkv"));
  const size = async (transcode_height: number) => {
    const init = await heads({ config: { transcode_height } }).init(video);
    const fields = ["-show_entries", "stream=width,height,pix_fmt,codec_tag_string", "-of", "csv=p=0"];
    return (await output("ffprobe", "-v", "error", ...fields, joined(init))).toString().trim();
  };
  expect(await size(0)).toStartWith("avc1,320,180");
  expect(await size(90)).toStartWith("avc1,160,90");
});

for (const name of ["moving.avi", "moving.ts"] as const) {
  test(`${name}: a file without a list of keyframes is cut at the same places from anywhere`, async () => {
    const { video } = await worksOf(await film(name));
    const pool = heads();
    const init = await pool.init(video);
    const all = [];
    for (let number = 0; number < 6; number++) all.push(await pool.segment(video, number));
    const inOne = await shown(joined(init, ...all));
    const { file } = await apart(name, [4]);
    const from = video.spans[4]!.start / 1e9 - 0.001;
    const to = video.spans[4]!.end / 1e9 - 0.001;
    const expected = inOne.filter(({ time }) => time >= from && time < to);
    const alone = await shown(file);
    expect(alone.map(({ time }) => time)).toEqual(expected.map(({ time }) => time));
    expect(alone.length).toBe(96);
    for (const [i, { light }] of alone.entries()) expect(Math.abs(light - expected[i]!.light)).toBeLessThan(3);
  });
}
