/** The initialization segment of one track: what a player reads once, before any segment of it (CMAF, ISO/IEC 23000-19). */
import type { AudioFacts, VideoFacts } from "../reader/facts.ts";
import type { SourceTrack } from "../reader/model.ts";
import { box, concat, fullBox, text, u8, u16, u32, zeros } from "./boxes.ts";
import { sampleEntry } from "./sample-entry.ts";
import { ticks, timescaleOf } from "./timescale.ts";

/** Every segment holds one track, under this number. */
export const TRACK_ID = 1;

/** Not turned, not scaled. */
const MATRIX = u32(1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30);
/** `und` in three times five bits. */
const UNDETERMINED = 0x55c4;

/**
 * @param delay nanoseconds by which the samples' times are later than they are shown; an edit list takes them away
 * @throws Damaged for a codec that is not copied, or one without its header
 */
export function initSegment(track: SourceTrack, facts: VideoFacts | AudioFacts, delay: number): Uint8Array {
  return concat([
    box("ftyp", text("iso6"), u32(0), text("iso6cmfcmp41")),
    box("moov", movieHeader(), trackBox(track, facts, delay), box("mvex", trackExtends())),
  ]);
}

function movieHeader(): Uint8Array {
  return fullBox(
    "mvhd",
    0,
    0,
    u32(0, 0, 1000, 0, 1 << 16),
    u16(0x100),
    zeros(10),
    MATRIX,
    zeros(24),
    u32(TRACK_ID + 1),
  );
}

const trackExtends = (): Uint8Array => fullBox("trex", 0, 0, u32(TRACK_ID, 1, 0, 0, 0));

function trackBox(track: SourceTrack, facts: VideoFacts | AudioFacts, delay: number): Uint8Array {
  const timescale = timescaleOf(facts);
  const video = facts.type === "video";
  const media = box(
    "mdia",
    fullBox("mdhd", 0, 0, u32(0, 0, timescale, 0), u16(UNDETERMINED, 0)),
    fullBox("hdlr", 0, 0, u32(0), text(video ? "vide" : "soun"), zeros(12), u8(0)),
    box(
      "minf",
      video ? fullBox("vmhd", 0, 1, zeros(8)) : fullBox("smhd", 0, 0, zeros(4)),
      box("dinf", fullBox("dref", 0, 0, u32(1), fullBox("url ", 0, 1))),
      sampleTable(sampleEntry(track, facts)),
    ),
  );
  return box("trak", trackHeader(track, video), editList(ticks(delay, timescale)), media);
}

function trackHeader(track: SourceTrack, video: boolean): Uint8Array {
  return fullBox(
    "tkhd",
    0,
    // Enabled, and part of the film.
    3,
    ...[u32(0, 0, TRACK_ID, 0, 0), zeros(8), u16(0, 0, video ? 0 : 0x100, 0), MATRIX],
    ...(video ? [u16(track.width, 0, track.height, 0)] : [zeros(8)]),
  );
}

/** @param delay ticks */
function editList(delay: number): Uint8Array {
  if (delay === 0) return zeros(0);
  return box("edts", fullBox("elst", 0, 0, u32(1, 0, delay, 1 << 16)));
}

/** Without a sample: those are in the segments. */
function sampleTable(entry: Uint8Array): Uint8Array {
  return box(
    "stbl",
    fullBox("stsd", 0, 0, u32(1), entry),
    fullBox("stts", 0, 0, u32(0)),
    fullBox("stsc", 0, 0, u32(0)),
    fullBox("stsz", 0, 0, u32(0, 0)),
    fullBox("stco", 0, 0, u32(0)),
  );
}
