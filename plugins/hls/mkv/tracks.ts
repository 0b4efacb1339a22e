/** Tracks, as the head of the file describes them. Pure. */
import { Damaged, type SourceTrack } from "../reader/model.ts";
import { ACM, codecName, KINDS, VFW } from "./codec-names.ts";
import { elementsOf, readFloat, readText, readUint } from "./ebml.ts";
import { type Packing, PLAIN, packingOf, type Unpack } from "./encodings.ts";
import { codecFrameDuration } from "./frame-duration.ts";
import { ID } from "./ids.ts";

/** A track, and what reading its blocks takes. */
export interface TrackEntry {
  track: SourceTrack;
  /** Nanoseconds that a decoder gives before the first one to be heard: blocks lie that much later than they sound. */
  codecDelay: number;
  /** Null where frames are stored as they are. */
  unpack: Unpack | null;
  /** Whether all frames of its codec last as long, as far as the standard goes and not only this file. */
  steady: boolean;
  /** Why the track cannot be taken from the file; null when it can. */
  obstacle: string | null;
}

interface Fields {
  number: number;
  type: number;
  codecId: string;
  codecPrivate: Uint8Array;
  codecDelay: number;
  defaultDuration: number;
  timestampScale: number;
  language: string;
  bcp47: string;
  name: string;
  enabled: boolean;
  default: boolean;
  forced: boolean;
  width: number;
  height: number;
  sampleRate: number;
  channels: number;
  bitDepth: number;
  packing: Packing;
}

const WEBM_SUBTITLES = "D_WEBVTT/";
const NEWLINE = 10;
const MOST_TRACKS = 500;
/** WAVEFORMATEX and BITMAPINFOHEADER; the codec's own bytes follow. */
const ACM_HEADER = 18;

/**
 * The tracks that a player could use. Disabled ones and those of no known kind are left out, and ffmpeg's numbers kept.
 * @param body of Tracks
 * @throws Damaged
 */
export function readTracks(body: Uint8Array): TrackEntry[] {
  const entries: TrackEntry[] = [];
  let index = 0;
  for (const element of elementsOf(body)) {
    if (element.id !== ID.trackEntry) continue;
    const fields = readFields(element.body);
    const kind = KINDS.get(fields.type);
    if (!kind?.prefix.test(fields.codecId)) continue;
    if (kind.type && fields.enabled) entries.push(entryOf(fields, kind.type, index));
    if (++index > MOST_TRACKS) throw new Damaged("it has more tracks than any file");
  }
  return entries;
}

function entryOf(fields: Fields, type: SourceTrack["type"], index: number): TrackEntry {
  const { codecId, bitDepth, packing, defaultDuration } = fields;
  const stored = packing.codecPrivate?.(fields.codecPrivate) ?? fields.codecPrivate;
  const track: SourceTrack = {
    number: fields.number,
    index,
    type,
    codec: codecName(codecId, stored, bitDepth),
    // A copy, or the whole head of the file would stay in memory with it.
    codecPrivate: stored.slice(codecId === ACM ? ACM_HEADER : 0),
    language: languageOf(fields),
    title: fields.name || null,
    default: fields.default,
    forced: fields.forced,
    width: type === "video" ? fields.width : 0,
    height: type === "video" ? fields.height : 0,
    sampleRate: type === "audio" ? fields.sampleRate : 0,
    channels: type === "audio" ? fields.channels : 0,
    bitDepth,
    frameDuration: null,
    start: null,
  };
  const ofCodec = codecFrameDuration(track);
  track.frameDuration = defaultDuration || ofCodec;
  return {
    track,
    codecDelay: fields.codecDelay,
    unpack: unpackerOf(fields),
    steady: ofCodec !== null,
    obstacle: obstacleOf(fields),
  };
}

function unpackerOf({ codecId, packing: { frames } }: Fields): Unpack | null {
  if (!codecId.startsWith(WEBM_SUBTITLES)) return frames;
  return frames ? (stored) => cueText(frames(stored)) : cueText;
}

/** WebM's frames of WebVTT begin with two lines, the cue's name and its settings. */
function cueText(frame: Uint8Array): Uint8Array {
  const first = frame.indexOf(NEWLINE);
  const second = frame.indexOf(NEWLINE, first + 1);
  return first < 0 || second < 0 ? frame : frame.subarray(second + 1);
}

/** `und` is what says that nobody knows. */
function languageOf({ bcp47, language }: Fields): string | null {
  const said = bcp47 || language;
  return said === "" || said === "und" ? null : said;
}

function obstacleOf({ codecId, timestampScale, packing }: Fields): string | null {
  if (packing.obstacle) return packing.obstacle;
  // Its times are those of decoding.
  if (codecId === VFW) return "its video is stored in the way of AVI";
  if (timestampScale !== 1) return "a track has a clock of its own";
  return null;
}

function readFields(body: Uint8Array): Fields {
  const fields: Fields = {
    number: 0,
    type: 0,
    codecId: "",
    codecPrivate: new Uint8Array(),
    codecDelay: 0,
    defaultDuration: 0,
    timestampScale: 1,
    language: "eng",
    bcp47: "",
    name: "",
    enabled: true,
    default: true,
    forced: false,
    width: 0,
    height: 0,
    sampleRate: 8000,
    channels: 1,
    bitDepth: 0,
    packing: PLAIN,
  };
  for (const { id, body: value } of elementsOf(body)) readField(fields, id, value);
  return fields;
}

function readField(fields: Fields, id: number, value: Uint8Array): void {
  switch (id) {
    case ID.trackNumber:
      fields.number = readUint(value);
      break;
    case ID.trackType:
      fields.type = readUint(value);
      break;
    case ID.codecId:
      fields.codecId = readText(value);
      break;
    case ID.codecPrivate:
      fields.codecPrivate = value;
      break;
    case ID.codecDelay:
      fields.codecDelay = readUint(value);
      break;
    case ID.defaultDuration:
      fields.defaultDuration = readUint(value);
      break;
    case ID.trackTimestampScale:
      fields.timestampScale = readFloat(value);
      break;
    case ID.language:
      fields.language = readText(value);
      break;
    case ID.languageBcp47:
      fields.bcp47 = readText(value);
      break;
    case ID.name:
      fields.name = readText(value);
      break;
    case ID.flagEnabled:
      fields.enabled = readUint(value) !== 0;
      break;
    case ID.flagDefault:
      fields.default = readUint(value) !== 0;
      break;
    case ID.flagForced:
      fields.forced = readUint(value) !== 0;
      break;
    case ID.contentEncodings:
      fields.packing = packingOf(value);
      break;
    case ID.video:
    case ID.audio:
      for (const inner of elementsOf(value)) readDetail(fields, inner.id, inner.body);
      break;
  }
}

function readDetail(fields: Fields, id: number, value: Uint8Array): void {
  switch (id) {
    case ID.pixelWidth:
      fields.width = readUint(value);
      break;
    case ID.pixelHeight:
      fields.height = readUint(value);
      break;
    case ID.samplingFrequency:
      fields.sampleRate = hertz(readFloat(value));
      break;
    case ID.channels:
      fields.channels = readUint(value);
      break;
    case ID.bitDepth:
      fields.bitDepth = readUint(value);
      break;
  }
}

/** 0 for what is no rate. */
const hertz = (value: number): number => (value > 0 && value < 2 ** 31 ? Math.round(value) : 0);
