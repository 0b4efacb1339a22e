/** What a `trak` box says of its track. */
import type { TrackType } from "../reader/model.ts";
import { boxesIn, find, textOf, viewOf } from "./box.ts";
import { type Edit, readEdits } from "./edits.ts";
import { readSampleEntry, type SampleEntry } from "./sample-entry.ts";

export interface Track {
  id: number;
  /** Among all tracks of the file, as ffmpeg counts them. */
  index: number;
  /** Null for time codes, chapters and the like. */
  type: TrackType | null;
  enabled: boolean;
  /** Ticks a second, and how many of them the track says it lasts. */
  timescale: number;
  duration: number;
  language: string | null;
  title: string | null;
  entry: SampleEntry;
  edits: Edit[];
  /** Tracks that hold the chapters of this one. */
  chapters: number[];
  /** The sample tables. */
  stbl: Uint8Array;
}

const TYPES: Record<string, TrackType> = {
  ...{ vide: "video", soun: "audio" },
  ...{ sbtl: "subtitle", subt: "subtitle", text: "subtitle", subp: "subtitle", clcp: "subtitle" },
};

/** @returns null when a part of it is missing. @throws RangeError */
export function readTrack(trak: Uint8Array, index: number): Track | null {
  const [tkhd, mdhd, hdlr] = [find(trak, "tkhd"), find(trak, "mdia", "mdhd"), find(trak, "mdia", "hdlr")];
  const stbl = find(trak, "mdia", "minf", "stbl");
  const stsd = stbl && find(stbl, "stsd");
  if (!tkhd || !mdhd || !hdlr || !stbl || !stsd) return null;
  const handler = textOf(hdlr.subarray(8, 12));
  const { timescale, duration, language } = readMediaHeader(mdhd);
  if (timescale === 0) return null;
  const elng = find(trak, "mdia", "elng");
  return {
    id: viewOf(tkhd).getUint32(tkhd[0] === 1 ? 20 : 12),
    index,
    type: TYPES[handler] ?? null,
    enabled: (tkhd[3]! & 1) === 1,
    timescale,
    duration,
    language: elng ? textOf(elng.subarray(4)).replaceAll("\0", "") || null : language,
    title: readTitle(trak),
    entry: readSampleEntry(stsd, handler),
    edits: readEdits(find(trak, "edts", "elst")),
    chapters: readReferences(find(trak, "tref", "chap")),
    stbl,
  };
}

function readMediaHeader(mdhd: Uint8Array): { timescale: number; duration: number; language: string | null } {
  const view = viewOf(mdhd);
  const long = mdhd[0] === 1;
  const timescale = view.getUint32(long ? 20 : 12);
  const duration = long ? Number(view.getBigUint64(24)) : view.getUint32(16);
  const packed = view.getUint16(long ? 32 : 20);
  // Three letters of five bits; less than that is a number of QuickTime's.
  const letters = [packed >> 10, packed >> 5, packed].map((letter) => String.fromCharCode(0x60 + (letter & 31)));
  const code = letters.join("");
  return { timescale, duration, language: packed >= 0x400 && /^[a-z]{3}$/.test(code) && code !== "und" ? code : null };
}

function readTitle(trak: Uint8Array): string | null {
  const name = find(trak, "udta", "name");
  return (name && textOf(name).replaceAll("\0", "").trim()) || null;
}

function readReferences(chap: Uint8Array | undefined): number[] {
  const ids: number[] = [];
  for (let place = 0; chap && place + 4 <= chap.length; place += 4) ids.push(viewOf(chap).getUint32(place));
  return ids;
}

/** Pictures in the tags, each of which is a stream to ffmpeg. */
export function countCovers(box: Uint8Array): number {
  const FULL_BOX = 4;
  const meta = find(box, "meta");
  // In QuickTime, `meta` is no full box.
  const tags = meta && (find(meta.subarray(FULL_BOX), "ilst") ?? find(meta, "ilst"));
  const covers = tags && find(tags, "covr");
  return covers ? [...boxesIn(covers)].filter(({ type }) => type === "data").length : 0;
}
