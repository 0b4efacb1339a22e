/** Which head serves a request, and which one makes room for it. Pure. */
import type { MadeName } from "./cutter.ts";
import type { Head } from "./head.ts";
import type { Work } from "./work.ts";

type Known = Pick<Head, "work" | "range" | "next" | "wanted" | "abandoned" | "usedAt">;

/** Nanoseconds that a reader waits for a head to come by, rather than for a new one. */
const REACH_NS = { video: 10e9, audio: 60e9 };
/** Milliseconds in which whoever got a segment asks for the next one: until then nobody takes the place. */
const GRACE_MS = 1_000;

export function headFor<H extends Known>(heads: Iterable<H>, work: Work, name: MadeName): H | undefined {
  for (const head of heads) if (head.work.key === work.key && reaches(head, name)) return head;
  return undefined;
}

function reaches({ work, range, next }: Known, name: MadeName): boolean {
  // What comes first of all.
  if (name === "init") return next === range.first;
  if (name < next || name >= range.end) return false;
  return name === next || work.spans[name]!.start <= work.spans[next]!.start + REACH_NS[work.track.type];
}

/** The head longest without a viewer; one that only a job waits for has none. @param now `performance.now()` */
export function victimOf<H extends Known>(heads: readonly H[], now: number): H | undefined {
  return heads
    .filter(
      ({ wanted, abandoned, usedAt }) =>
        wanted === "later" || (wanted === null && (abandoned || now - usedAt >= GRACE_MS)),
    )
    .sort((a, b) => a.usedAt - b.usedAt)[0];
}

/** Milliseconds until a head may have to make room; null when viewers wait for all. */
export function roomIn(heads: readonly Known[], now: number): number | null {
  const ends = heads.filter(({ wanted }) => wanted === null).map(({ usedAt }) => usedAt + GRACE_MS - now);
  return ends.length > 0 ? Math.max(1, Math.min(...ends)) : null;
}
