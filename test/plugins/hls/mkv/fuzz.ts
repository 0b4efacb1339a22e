/** Damages files in a way that a number can repeat, and does everything with them that can be done. */
import { createFrameParser } from "../../../../plugins/hls/mkv/frame-parser.ts";
import { openMatroska, resumeMatroska } from "../../../../plugins/hls/mkv/open.ts";
import { type ByteSource, type Container, type ContainerIndex, Damaged } from "../../../../plugins/hls/reader/model.ts";
import { type Random, randomOf } from "../random.ts";

export interface Sample {
  name: string;
  bytes: Uint8Array;
  /** Of the whole file. */
  index: ContainerIndex;
}

export interface Outcome {
  /** How it was damaged. */
  damage: string;
  /** Calls that gave something. */
  good: number;
  /** Calls that found damage. */
  damaged: number;
  /** Milliseconds of the slowest call. */
  slowest: number;
  /** Bytes read by the greediest call, for each byte of the file. */
  greediest: number;
}

/** Reads of what is in memory. */
export function memory(bytes: Uint8Array): ByteSource & { taken: number } {
  return {
    size: bytes.length,
    taken: 0,
    async read(offset, length) {
      if (!(Number.isSafeInteger(offset) && offset >= 0 && length >= 0))
        throw new RangeError(`${length} from ${offset}`);
      const read = bytes.slice(offset, offset + length);
      this.taken += read.length;
      return read;
    },
  };
}

/**
 * One round.
 * @param seed the same one does the same again
 * @throws whatever a reader threw that is not Damaged
 */
export async function fuzz(sample: Sample, seed: number): Promise<Outcome> {
  const random = randomOf(seed);
  const { bytes, damage } = hurt(sample.bytes, random);
  const source = memory(bytes);
  const outcome: Outcome = { damage, good: 0, damaged: 0, slowest: 0, greediest: 0 };

  const call = async <T>(run: () => T | Promise<T>): Promise<T | null> => {
    const began = performance.now();
    source.taken = 0;
    try {
      const result = await run();
      outcome.good++;
      return result;
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      outcome.damaged++;
      return null;
    } finally {
      outcome.slowest = Math.max(outcome.slowest, performance.now() - began);
      outcome.greediest = Math.max(outcome.greediest, source.taken / Math.max(bytes.length, 1));
    }
  };

  const opened = await call(() => openMatroska(source));
  // Its index was made, and then the file was damaged or replaced.
  for (const container of [opened, resumeMatroska(source, sample.index)])
    if (container) await useAll(container, call, random);
  await call(() => stream(bytes, random));
  return outcome;
}

type Call = <T>(run: () => Promise<T>) => Promise<T | null>;

async function useAll(container: ReturnType<typeof resumeMatroska>, call: Call, random: Random): Promise<void> {
  const { keyframes, tracks } = container.index;
  const count = keyframes.times.length;
  const numbers = tracks.map(({ number }) => number);
  if (container.index.obstacle === null && count > 0) {
    for (let i = 0; i < 3; i++) {
      const from = random(count);
      await call(() => checkedPart(container, from, from + 1 + random(count - from), numbers));
      await call(() => container.keyframe(from));
    }
  }
  for (const { number, type } of tracks) if (type === "subtitle") await call(() => container.track(number));
  await call(() => container.firstFrames());
}

/** What comes must keep the promises that callers build on. */
async function checkedPart(container: Container, from: number, to: number, tracks: number[]): Promise<void> {
  const { keyframes, video } = container.index;
  const part = await container.part(from, to, tracks);
  const [first] = part.frames.get(video!) ?? [];
  if (first && !keyframes.times.slice(from, to).includes(first.time)) throw new Error("the part begins elsewhere");
  const begin = from === 0 ? Number.NEGATIVE_INFINITY : keyframes.times[from]!;
  const end = keyframes.times[to] ?? Number.POSITIVE_INFINITY;
  for (const [track, frames] of part.frames)
    for (const { time } of frames)
      if (track !== video && !(time >= begin && time < end)) throw new Error("a frame belongs to another part");
}

function stream(bytes: Uint8Array, random: Random): void {
  const parser = createFrameParser();
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + random(100_000);
    parser.push(bytes.subarray(at, at + length));
    at += length;
  }
  parser.end();
}

type Damage = (bytes: Uint8Array, random: Random) => Uint8Array;

/** Most damage in the middle of a picture hurts nobody: half of it goes where the file describes itself. */
const place = (bytes: Uint8Array, random: Random): number => {
  const tail = Math.max(0, bytes.length - 2000);
  return [random(bytes.length), random(Math.min(bytes.length, 6000)), tail + random(bytes.length - tail)][random(3)]!;
};

const DAMAGES: Record<string, Damage> = {
  flips(bytes, random) {
    for (let left = 1 + random(20); left > 0; left--) bytes[place(bytes, random)]! ^= 1 << random(8);
    return bytes;
  },
  bytes(bytes, random) {
    for (let left = 1 + random(20); left > 0; left--) bytes[place(bytes, random)] = random(256);
    return bytes;
  },
  truncation: (bytes, random) => bytes.slice(0, place(bytes, random)),
  garbage(bytes, random) {
    const at = place(bytes, random);
    for (let i = at; i < Math.min(bytes.length, at + random(5000)); i++) bytes[i] = random(256);
    return bytes;
  },
  zeros: (bytes, random) => {
    const at = place(bytes, random);
    return bytes.fill(0, at, Math.min(bytes.length, at + random(50_000)));
  },
  hole(bytes, random) {
    const at = place(bytes, random);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random(20_000))]);
  },
  splice(bytes, random) {
    const at = place(bytes, random);
    const from = place(bytes, random);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, from + random(20_000)), bytes.subarray(at)]);
  },
  /** Lengths, numbers and places are small elements, which these values make lie the most. */
  lies(bytes, random) {
    for (let left = 1 + random(3); left > 0; left--) {
      const at = place(bytes, random);
      bytes.fill([0x00, 0x01, 0x7f, 0x80, 0xff][random(5)]!, at, Math.min(bytes.length, at + 1 + random(8)));
    }
    return bytes;
  },
  /** The head of an element of this kind, wherever one is, gets another length. */
  sizes(bytes, random) {
    const id = IDS[random(IDS.length)]!;
    const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(id, random(bytes.length));
    const size = at < 0 ? random(bytes.length) : at + id.length;
    if (random(2) === 0) bytes[size] = random(256);
    else for (let i = size; i < Math.min(size + 1 + random(8), bytes.length); i++) bytes[i] = random(256);
    return bytes;
  },
};

const IDS = [
  ...["1a45dfa3", "18538067", "114d9b74", "1549a966", "1654ae6b", "1c53bb6b", "1f43b675", "1043a770", "1941a469"],
  ...["ae", "bb", "b7", "e7", "a3", "a0", "a1", "6d80", "63a2", "4255", "61a7", "465c", "53ac", "f1", "f0", "b3"],
].map((hex) => Buffer.from(hex, "hex"));

function hurt(whole: Uint8Array, random: Random): { bytes: Uint8Array; damage: string } {
  const names = Object.keys(DAMAGES);
  const chosen = Array.from({ length: 1 + random(3) }, () => names[random(names.length)]!);
  let bytes: Uint8Array = whole.slice();
  for (const name of chosen) if (bytes.length > 0) bytes = DAMAGES[name]!(bytes, random);
  return { bytes, damage: chosen.join("+") };
}

/** What rounds came to, for a person to read. */
export interface Account {
  rounds: number;
  good: number;
  damaged: number;
  slowest: number;
  greediest: number;
}

export function add(account: Account, outcome: Outcome): void {
  account.rounds++;
  account.good += outcome.good;
  account.damaged += outcome.damaged;
  account.slowest = Math.max(account.slowest, outcome.slowest);
  account.greediest = Math.max(account.greediest, outcome.greediest);
}

export const newAccount = (): Account => ({ rounds: 0, good: 0, damaged: 0, slowest: 0, greediest: 0 });

/** Files to be damaged. */
export async function sampleOf(path: string): Promise<Sample> {
  const bytes = await Bun.file(path).bytes();
  return { name: path.split("/").at(-1)!, bytes, index: (await openMatroska(memory(bytes))).index };
}
