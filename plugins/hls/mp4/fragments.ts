/** Movie fragments: frames that are told of piece by piece (ISO 14496-12, 8.8). */
import { Damaged } from "../reader/model.ts";
import { boxesIn, find, viewOf } from "./box.ts";
import { emptySamples, MOST_SAMPLES, type Samples } from "./samples.ts";

/** What holds for a frame when its fragment does not say. */
interface Defaults {
  duration: number;
  size: number;
  flags: number;
}

export interface Fragments {
  /** @param offset of the box in the file. @throws Damaged, RangeError */
  add(moof: Uint8Array, offset: number): void;
  /** By track number. */
  samples: Map<number, Samples[]>;
}

const IS_NO_KEYFRAME = 0x1_0000;
const DEPENDS_ON_OTHERS = 0x100_0000;

/** @param mvex the content of that box, which says that there are fragments */
export function createFragments(mvex: Uint8Array): Fragments {
  const defaults = new Map<number, Defaults>();
  for (const { type, content } of boxesIn(mvex)) if (type === "trex") defaults.set(...readDefaults(content));
  const samples = new Map<number, Samples[]>();
  /** Of all tracks. */
  let count = 0;
  /** By track: when the next frame is decoded if it does not say. */
  const ends = new Map<number, number>();

  return {
    samples,
    add(moof, offset) {
      let end = offset;
      for (const { type, content } of boxesIn(moof)) {
        if (type !== "traf") continue;
        const tfhd = find(content, "tfhd");
        if (!tfhd) throw new Damaged("a fragment does not say what track it is of");
        const head = readFragmentHeader(tfhd, defaults);
        const base = head.base ?? (head.fromMoof ? offset : end);
        const tfdt = find(content, "tfdt");
        let decoded = tfdt ? readTime(tfdt) : (ends.get(head.track) ?? 0);
        end = base;
        for (const { type, content: trun } of boxesIn(content)) {
          if (type !== "trun") continue;
          const run = readRun(trun, { ...head, decoded, base, end, room: MOST_SAMPLES - count });
          count += run.samples.keys.length;
          const known = samples.get(head.track);
          if (known) known.push(run.samples);
          else samples.set(head.track, [run.samples]);
          ({ decoded, end } = run);
        }
        ends.set(head.track, decoded);
      }
    },
  };
}

function readDefaults(trex: Uint8Array): [number, Defaults] {
  const view = viewOf(trex);
  return [view.getUint32(4), { duration: view.getUint32(12), size: view.getUint32(16), flags: view.getUint32(20) }];
}

const readTime = (tfdt: Uint8Array): number =>
  tfdt[0] === 1 ? Number(viewOf(tfdt).getBigUint64(4)) : viewOf(tfdt).getUint32(4);

interface FragmentHeader extends Defaults {
  track: number;
  /** Where offsets count from, in the file; null when it does not say. */
  base: number | null;
  fromMoof: boolean;
}

function readFragmentHeader(tfhd: Uint8Array, all: ReadonlyMap<number, Defaults>): FragmentHeader {
  const view = viewOf(tfhd);
  const says = view.getUint32(0);
  const track = view.getUint32(4);
  const { duration, size, flags } = all.get(track) ?? { duration: 0, size: 0, flags: 0 };
  let place = 8;
  const next = (flag: number, otherwise: number): number => {
    if (!(says & flag)) return otherwise;
    place += 4;
    return view.getUint32(place - 4);
  };
  const base = says & 0x1 ? Number(view.getBigUint64(place)) : null;
  if (base !== null) place += 8;
  next(0x2, 0);
  return {
    ...{ track, base, fromMoof: (says & 0x2_0000) !== 0 },
    ...{ duration: next(0x8, duration), size: next(0x10, size), flags: next(0x20, flags) },
  };
}

interface RunStart extends Defaults {
  decoded: number;
  base: number;
  /** Where the run before ended. */
  end: number;
  /** Frames that there may still be. */
  room: number;
}

function readRun(trun: Uint8Array, start: RunStart): { samples: Samples; decoded: number; end: number } {
  const view = viewOf(trun);
  const says = view.getUint32(0);
  const count = view.getUint32(4);
  if (count > start.room) throw new Damaged("the file has more frames than can be");
  let place = 8;
  const next = (flag: number, otherwise: number): number => {
    if (!(says & flag)) return otherwise;
    place += 4;
    return view.getUint32(place - 4);
  };
  let end = says & 0x1 ? start.base + (next(0x1, 0) | 0) : start.end;
  const first = next(0x4, start.flags);
  let { decoded } = start;
  const samples = emptySamples(count);
  for (let sample = 0; sample < count; sample++) {
    const duration = next(0x100, start.duration);
    const size = next(0x200, start.size);
    const flags = next(0x400, sample === 0 ? first : start.flags);
    samples.shown[sample] = decoded + (next(0x800, 0) | 0);
    samples.durations[sample] = duration;
    samples.sizes[sample] = size;
    samples.offsets[sample] = end;
    samples.keys[sample] = flags & (IS_NO_KEYFRAME | DEPENDS_ON_OTHERS) ? 0 : 1;
    end += size;
    decoded += duration;
  }
  return { samples, decoded, end };
}
