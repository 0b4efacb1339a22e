/** Frames by their places, in as few reads as their places allow. */
import { type ByteSource, Damaged } from "../reader/model.ts";
import type { Samples } from "./samples.ts";

/** Reading so much that nobody asked for is cheaper than asking twice. */
const GAP = 256 << 10;
/** Of one part: a GOP of ten seconds at 200 Mbit/s. */
const MOST_BYTES = 256 << 20;

interface Range {
  start: number;
  end: number;
}

/**
 * @param numbers of the samples, in any order
 * @returns their bytes, in that order
 * @throws Damaged when they are not in the file, or more than 256 MiB
 */
export async function readSamples(
  source: ByteSource,
  { offsets, sizes }: Pick<Samples, "offsets" | "sizes">,
  numbers: readonly number[],
): Promise<Uint8Array[]> {
  const wanted = numbers.map((number) => ({ start: offsets[number]!, end: offsets[number]! + sizes[number]! }));
  if (wanted.some(({ start, end }) => !(start >= 0 && end <= source.size))) throw cutShort();
  const ranges = mergeRanges(wanted);
  if (ranges.reduce((sum, { start, end }) => sum + end - start, 0) > MOST_BYTES)
    throw new Damaged("a part of the film has more bytes than can be");
  const read = await Promise.all(
    ranges.map(async (range) => ({ ...range, bytes: await source.read(range.start, range.end - range.start) })),
  );
  return wanted.map(({ start, end }) => {
    const range = read[lastAtOrBefore(ranges, start)]!;
    if (end > range.start + range.bytes.length) throw cutShort();
    return range.bytes.subarray(start - range.start, end - range.start);
  });
}

const cutShort = () => new Damaged("a frame is not in the file: it is cut short");

/** Ranges that hold all of these, ascending, none near another. */
export function mergeRanges(wanted: readonly Range[]): Range[] {
  const merged: Range[] = [];
  for (const { start, end } of wanted.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && start <= last.end + GAP) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

function lastAtOrBefore(ranges: readonly Range[], place: number): number {
  let [low, high] = [0, ranges.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (ranges[middle]!.start <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
