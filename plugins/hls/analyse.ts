/** Finds out all that {@link MediaIndex} holds: with our own readers where they can, else with ffprobe. */
import { stat } from "node:fs/promises";
import { openSource } from "./byte-source.ts";
import { isRandomAccess } from "./codec/frames.ts";
import { delayOf } from "./copy/delay.ts";
import { factsOf, indexFrom } from "./describe.ts";
import { probeFile, Unreadable } from "./ffprobe.ts";
import type { MediaIndex } from "./media-index.ts";
import { openMatroska } from "./mkv/open.ts";
import { openMp4 } from "./mp4/open.ts";
import { type ByteSource, type Container, Damaged } from "./reader/model.ts";
import type { Tools } from "./tools.ts";

/** Keyframes that are looked at for open GOPs, spread over the file: encoders that make such make many. */
const LOOKS = 6;

/**
 * @param file absolute path
 * @param tools for what our readers do not take; throws where ffprobe is missing
 * @throws Unreadable
 */
export async function analyse(file: string, tools: () => Tools): Promise<MediaIndex> {
  return (await readOurselves(file)) ?? probeFile(tools(), file);
}

/** @returns null for what our readers do not take */
export async function readOurselves(file: string): Promise<MediaIndex | null> {
  // Opening a pipe waits for ever (HARDENING S6).
  if (!(await stat(file)).isFile()) throw new Unreadable("this is not a regular file");
  const source = await openSource(file);
  try {
    const container = await openContainer(source);
    return container && !container.index.obstacle ? await read(container) : null;
  } catch (error) {
    if (error instanceof Damaged) return null;
    throw error;
  } finally {
    await source.close();
  }
}

/** By what the file begins with, whatever it is called. */
async function openContainer(source: ByteSource): Promise<Container | null> {
  const head = Buffer.from(await source.read(0, 12));
  if (head.length < 12) throw new Unreadable("this file is too short to be a video");
  if (head.readUInt32BE(0) === 0x1a45dfa3) return openMatroska(source);
  return ["ftyp", "moov", "mdat", "wide", "free", "skip"].includes(head.toString("latin1", 4, 8))
    ? openMp4(source)
    : null;
}

async function read(container: Container): Promise<MediaIndex | null> {
  const { video, keyframes, tracks } = container.index;
  const picture = tracks.find(({ number }) => number === video);
  if (!picture || keyframes.times.length === 0) return null;
  const looks = await Promise.all(places(keyframes.times.length).map((number) => look(container, number)));
  const seen = looks.filter((data) => data !== null);
  if (seen.length === 0) return null;
  return indexFrom(container.index, {
    facts: factsOf(tracks, picture, seen[0]!),
    delay: await delayOf(container),
    randomAccess: seen.every((data) => isRandomAccess(picture, data)),
  });
}

/** @returns null where the file is damaged: around it, it plays */
async function look(container: Container, number: number): Promise<Uint8Array | null> {
  try {
    return (await container.keyframe(number)).data;
  } catch (error) {
    if (error instanceof Damaged) return null;
    throw error;
  }
}

/** The first, the last and some between. */
const places = (count: number): number[] => [
  ...new Set(Array.from({ length: LOOKS }, (_, i) => Math.round((i * (count - 1)) / (LOOKS - 1)))),
];
