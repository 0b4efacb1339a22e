/** Writes Matroska by hand, for files that no program makes. */
import { ID } from "../../../../plugins/hls/mkv/ids.ts";

const SIZE_UNKNOWN = Buffer.from("01ffffffffffffff", "hex");

export function idBytes(id: number): Uint8Array {
  const hex = id.toString(16);
  return Buffer.from(hex.length % 2 ? `0${hex}` : hex, "hex");
}

/** A length as all eight bytes of it. */
export function sizeBytes(size: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(size) | (1n << 56n));
  return bytes;
}

export function el(id: number, ...body: Uint8Array[]): Uint8Array {
  const whole = Buffer.concat(body);
  return Buffer.concat([idBytes(id), sizeBytes(whole.length), whole]);
}

/** An element that says nothing of its length. */
export const endless = (id: number, ...body: Uint8Array[]): Uint8Array =>
  Buffer.concat([idBytes(id), SIZE_UNKNOWN, ...body]);

export function uint(id: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return el(id, bytes);
}

export function float(id: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return el(id, bytes);
}

export const text = (id: number, value: string): Uint8Array => el(id, Buffer.from(value));

export const VIDEO = 1;
export const AUDIO = 2;
export const SUBTITLE = 17;

/** A track with what it needs to be one, and more. */
export const track = (number: number, type: number, codec: string, ...more: Uint8Array[]): Uint8Array =>
  el(ID.trackEntry, uint(ID.trackNumber, number), uint(ID.trackType, type), text(ID.codecId, codec), ...more);

export interface BlockOptions {
  key?: boolean;
  lacing?: 0 | 1 | 2 | 3;
}

/** The body of a block: its head and what it carries. */
export function blockBody(
  number: number,
  ticks: number,
  data: string | Uint8Array,
  options: BlockOptions = {},
): Uint8Array {
  const head = Buffer.alloc(4);
  head[0] = 0x80 | number;
  head.writeInt16BE(ticks, 1);
  head[3] = (options.key ? 0x80 : 0) | ((options.lacing ?? 0) << 1);
  return Buffer.concat([head, Buffer.from(data as Uint8Array)]);
}

/** @param ticks from the cluster's time */
export const block = (number: number, ticks: number, data: string | Uint8Array, options?: BlockOptions): Uint8Array =>
  el(ID.simpleBlock, blockBody(number, ticks, data, options));
export const key = (number: number, ticks: number, data: string): Uint8Array =>
  block(number, ticks, data, { key: true });

export const cluster = (ticks: number, ...blocks: Uint8Array[]): Uint8Array =>
  el(ID.cluster, uint(ID.timestamp, ticks), ...blocks);

export interface Film {
  /** Replaces what says that this is Matroska. */
  ebml?: Uint8Array;
  info?: Uint8Array[];
  tracks: Uint8Array[];
  /** What lies between the tracks and the clusters. */
  before?: Uint8Array[];
  clusters: Uint8Array[];
  /** @param places of the clusters, from the begin of the segment */
  cues?: (places: number[]) => Uint8Array[];
  behind?: Uint8Array[];
  /** Whether the segment says nothing of its length. */
  endless?: boolean;
}

export const EBML = el(ID.ebml, text(ID.docType, "matroska"));

export function film({
  ebml = EBML,
  info = [],
  tracks,
  before = [],
  clusters,
  cues,
  behind = [],
  ...rest
}: Film): Uint8Array {
  const head = Buffer.concat([el(ID.info, ...info), el(ID.tracks, ...tracks), ...before]);
  const places = clusters.map((_, i) => clusters.slice(0, i).reduce((sum, { length }) => sum + length, head.length));
  const body = [head, ...clusters, ...(cues ? [el(ID.cues, ...cues(places))] : []), ...behind];
  return Buffer.concat([ebml, rest.endless ? endless(ID.segment, ...body) : el(ID.segment, ...body)]);
}

/** @param place from the begin of the segment */
export const cue = (number: number, ticks: number, place: number, ...more: Uint8Array[]): Uint8Array =>
  el(
    ID.cuePoint,
    uint(ID.cueTime, ticks),
    el(ID.cueTrackPositions, uint(ID.cueTrack, number), uint(ID.cueClusterPosition, place), ...more),
  );

export const video = track(1, VIDEO, "V_MPEG4/ISO/AVC");
export const sound = track(2, AUDIO, "A_VORBIS");
