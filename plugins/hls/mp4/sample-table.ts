/** The sample tables of a track that is not in fragments (ISO 14496-12, 8.6 and 8.7). */
import { Damaged } from "../reader/model.ts";
import { find, viewOf } from "./box.ts";
import { emptySamples, MOST_SAMPLES, type Samples } from "./samples.ts";

/**
 * @param stbl the content of that box; each table may end early
 * @throws Damaged when a table is missing or frames come from elsewhere, RangeError
 */
export function readSampleTable(stbl: Uint8Array): Samples {
  const table = (type: string) => {
    const found = find(stbl, type);
    if (!found) throw new Damaged(`a track has no ${type} box`);
    return found;
  };
  const sizes = readSizes(stbl);
  const samples = emptySamples(sizes.length);
  samples.sizes.set(sizes);
  placeSamples(samples, table("stsc"), chunksOf(stbl));
  timeSamples(samples, table("stts"), find(stbl, "ctts"));
  markKeys(samples.keys, find(stbl, "stss"));
  return samples;
}

function readSizes(stbl: Uint8Array): Uint32Array {
  const stsz = find(stbl, "stsz");
  const table = stsz ?? find(stbl, "stz2");
  if (!table) throw new Damaged("a track has no stsz box");
  const view = viewOf(table);
  const count = view.getUint32(8);
  const bits = stsz ? 32 : table[7]!;
  const same = stsz ? view.getUint32(4) : 0;
  if (count > MOST_SAMPLES) throw new Damaged("a track has more frames than can be");
  if (same) return new Uint32Array(count).fill(same);
  if (![4, 8, 16, 32].includes(bits)) throw new Damaged("the sizes of a track's frames are of no known form");
  const there = Math.min(count, Math.floor(((table.length - 12) * 8) / bits));
  const sizes = new Uint32Array(there);
  for (let i = 0; i < there; i++) sizes[i] = readSize(view, bits, i);
  return sizes;
}

function readSize(view: DataView, bits: number, i: number): number {
  if (bits === 32) return view.getUint32(12 + 4 * i);
  if (bits === 16) return view.getUint16(12 + 2 * i);
  const byte = view.getUint8(12 + (bits === 8 ? i : i >> 1));
  return bits === 8 ? byte : i % 2 ? byte & 15 : byte >> 4;
}

/** Places of the chunks that frames are kept in, one after another. */
function chunksOf(stbl: Uint8Array): Float64Array {
  const long = find(stbl, "co64");
  const table = long ?? find(stbl, "stco");
  if (!table) throw new Damaged("a track has no stco box");
  const view = viewOf(table);
  const size = long ? 8 : 4;
  const count = Math.min(view.getUint32(4), Math.floor((table.length - 8) / size));
  return new Float64Array(count).map((_, i) =>
    long ? Number(view.getBigUint64(8 + 8 * i)) : view.getUint32(8 + 4 * i),
  );
}

function placeSamples(samples: Samples, stsc: Uint8Array, chunks: Float64Array): void {
  const view = viewOf(stsc);
  const rows = Math.min(view.getUint32(4), Math.floor((stsc.length - 8) / 12));
  let sample = 0;
  let before = -1;
  for (let row = 0; row < rows; row++) {
    const place = 8 + 12 * row;
    const end = row + 1 < rows ? view.getUint32(place + 12) - 1 : chunks.length;
    const each = view.getUint32(place + 4);
    const first = view.getUint32(place) - 1;
    // Chunks that come again would be gone through for ever.
    if (first <= before) throw new Damaged("the chunks of a track are not in order");
    before = first;
    if (view.getUint32(place + 8) !== 1) throw new Damaged("the codec's header changes in the middle of a track");
    for (let chunk = first; chunk < Math.min(end, chunks.length); chunk++) {
      let offset = chunks[chunk] ?? 0;
      for (let left = each; left > 0 && sample < samples.keys.length; left--, sample++) {
        samples.offsets[sample] = offset;
        offset += samples.sizes[sample]!;
      }
    }
  }
  if (sample < samples.keys.length) throw new Damaged("the file does not say where all frames of a track are");
}

/** Where the table of durations ends early, its last one goes on, as in ffmpeg. */
function timeSamples({ shown, durations }: Samples, stts: Uint8Array, ctts: Uint8Array | undefined): void {
  fillRuns(durations, stts, (duration) => duration);
  let decoded = 0;
  // Below zero in the table's version 1, and in many a file that says 0.
  if (ctts) fillRuns(shown, ctts, (offset) => offset | 0);
  for (let sample = 0; sample < shown.length; sample++) {
    shown[sample]! += decoded;
    decoded += durations[sample]!;
  }
}

/** From a table that gives each number with how often it stands there. */
function fillRuns(column: Float64Array, table: Uint8Array, numberOf: (value: number) => number): void {
  const view = viewOf(table);
  const rows = Math.min(view.getUint32(4), Math.floor((table.length - 8) / 8));
  let sample = 0;
  for (let row = 0; row < rows && sample < column.length; row++) {
    const last = row === rows - 1;
    const end = last ? column.length : sample + view.getUint32(8 + 8 * row);
    column.fill(numberOf(view.getUint32(12 + 8 * row)), sample, end);
    sample = end;
  }
}

/** Without that table, every frame is a keyframe. */
function markKeys(keys: Uint8Array, stss: Uint8Array | undefined): void {
  if (!stss) {
    keys.fill(1);
    return;
  }
  const view = viewOf(stss);
  const count = Math.min(view.getUint32(4), Math.floor((stss.length - 8) / 4));
  for (let i = 0; i < count; i++) {
    const sample = view.getUint32(8 + 4 * i) - 1;
    if (sample < keys.length) keys[sample] = 1;
  }
}
