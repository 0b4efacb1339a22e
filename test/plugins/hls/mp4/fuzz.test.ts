/** Damaged files, the same ones in every run: each call on them ends, and throws nothing but `Damaged`. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { audioFacts, videoFacts } from "../../../../plugins/hls/codec/facts.ts";
import { openMp4, resumeMp4 } from "../../../../plugins/hls/mp4/open.ts";
import { type Container, type ContainerIndex, Damaged } from "../../../../plugins/hls/reader/model.ts";
import { type Random, randomOf } from "../random.ts";
import { changed, contentAt, type FilmName, memory } from "./films.ts";

setDefaultTimeout(600_000);
/** More of them by hand: `FUZZ_ROUNDS=100000 bun test test/plugins/hls/mp4/fuzz.test.ts`. */
const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 150);

test.each<FilmName>(["plain.mp4", "fragments.mp4", "av1-flac.mp4"])(
  "whatever happens to %s, it is read or found to be damaged",
  async (name) => {
    const whole = await changed(name, () => {});
    const { index } = await openMp4(memory(whole));
    const seen = { read: 0, damaged: 0 };
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const random = randomOf(seed);
      const source = memory(hurt(whole, random));
      const attempt = async (use: () => Promise<unknown>) => {
        try {
          await use();
          seen.read++;
        } catch (error) {
          if (!(error instanceof Damaged)) throw new Error(`seed ${seed}`, { cause: error });
          seen.damaged++;
        }
      };
      await attempt(async () => useAll(await openMp4(source)));
      await attempt(() => useAll(resumeMp4(source, index)));
    }
    expect(seen.read).toBeGreaterThan(ROUNDS / 10);
    expect(seen.damaged).toBeGreaterThan(ROUNDS / 10);
  },
);

/** Everything that can be done with a file, and what callers count on. */
async function useAll(container: Container): Promise<void> {
  const { keyframes, tracks, video, obstacle }: ContainerIndex = container.index;
  for (const track of tracks) {
    videoFacts(track, null);
    audioFacts(track);
  }
  const count = keyframes.times.length;
  if (obstacle || count === 0) return;
  for (const from of [0, count >> 1]) {
    const { frames } = await container.part(
      from,
      Math.min(count, from + 2),
      tracks.map(({ number }) => number),
    );
    expect(frames.get(video!)![0]!.time).toBe(keyframes.times[from]!);
    await container.keyframe(from);
  }
}

const BOXES = [
  "ftyp",
  "moov",
  "mvhd",
  "trak",
  "mdhd",
  "elst",
  "stsd",
  "stsz",
  "stsc",
  "stts",
  "ctts",
  "stss",
  "moof",
  "trun",
];

/** Where the file describes itself, mostly: in pictures nobody notices. */
function hurt(whole: Buffer, random: Random): Buffer {
  const bytes = Buffer.from(whole);
  const present = BOXES.filter((type) => whole.includes(type, 0, "latin1"));
  const place = () => {
    if (random(4) === 0) return random(bytes.length);
    const content = contentAt(whole, present[random(present.length)]!);
    return Math.min(bytes.length - 1, content - 8 + random(120));
  };
  switch (random(6)) {
    case 0:
      return bytes.subarray(0, random(bytes.length));
    case 1:
      return Buffer.concat([bytes.subarray(0, place()), bytes.subarray(random(bytes.length))]);
    default:
      for (let left = 1 + random(4); left > 0; left--) {
        const at = place();
        if (random(2) === 0) bytes[at]! ^= 1 << random(8);
        else bytes.fill([0, 1, 0x7f, 0x80, 0xff][random(5)]!, at, at + 1 + random(8));
      }
      return bytes;
  }
}
