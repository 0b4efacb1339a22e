/** What a track's first sample entry says: codec, its header, sizes and rates (ISO 14496-12, 12; QuickTime File Format). */
import { boxesIn, find, viewOf } from "./box.ts";
import { dfLaHeader, dOpsHeader, dolbyChannels, vpcCHeader } from "./codec-header.ts";
import { type Descriptor, readDescriptor } from "./descriptor.ts";

export interface SampleEntry {
  /** ffmpeg's name; `unknown` for what is not worth telling apart. */
  codec: string;
  /** In the form that Matroska has, see `SourceTrack`. */
  codecPrivate: Uint8Array;
  width: number;
  height: number;
  sampleRate: number;
  channels: number;
  bitDepth: number;
}

const NONE: SampleEntry = {
  ...{ codec: "unknown", codecPrivate: new Uint8Array() },
  ...{ width: 0, height: 0, sampleRate: 0, channels: 0, bitDepth: 0 },
};

/** @param stsd the content of that box. @throws RangeError */
export function readSampleEntry(stsd: Uint8Array, handler: string): SampleEntry {
  const FULL_BOX_AND_COUNT = 8;
  const entry = boxesIn(stsd.subarray(FULL_BOX_AND_COUNT)).next().value;
  if (!entry) return NONE;
  if (handler === "vide") return readPicture(entry.type, entry.content);
  if (handler === "soun") return readSound(entry.type, entry.content, stsd[0] ?? 0);
  return { ...NONE, codec: CODECS[entry.type] ?? "unknown" };
}

function readPicture(type: string, content: Uint8Array): SampleEntry {
  const FIXED = 78;
  const view = viewOf(content);
  const size = { width: view.getUint16(24), height: view.getUint16(26) };
  return { ...NONE, ...size, ...codecOf(type, content.subarray(FIXED)) };
}

function readSound(type: string, content: Uint8Array, stsdVersion: number): SampleEntry {
  const view = viewOf(content);
  const version = view.getUint16(8);
  const sizes = { channels: view.getUint16(16), bitDepth: view.getUint16(18), sampleRate: view.getUint32(24) >>> 16 };
  // QuickTime has longer entries; MP4's own version 1 of the box around them has not.
  const longer = stsdVersion === 0 ? ([0, 16, 36][version] ?? 0) : 0;
  const boxes = content.subarray(28 + longer);
  const box = (name: string) => find(boxes, name) ?? new Uint8Array();
  const channels = dolbyChannels(box("dac3"), box("dec3")) ?? sizes.channels;
  // QuickTime wraps what MP4 has at this place.
  return { ...NONE, ...sizes, channels, ...codecOf(type, find(boxes, "wave", "esds") ? box("wave") : boxes) };
}

function codecOf(type: string, boxes: Uint8Array): Pick<SampleEntry, "codec" | "codecPrivate"> {
  const box = (name: string) => find(boxes, name) ?? new Uint8Array();
  const codec = CODECS[type];
  switch (codec) {
    case "h264":
      return { codec, codecPrivate: box("avcC") };
    case "hevc":
      return { codec, codecPrivate: box("hvcC") };
    case "av1":
      return { codec, codecPrivate: box("av1C") };
    case "vp9":
      return { codec, codecPrivate: vpcCHeader(box("vpcC")) };
    case "flac":
      return { codec, codecPrivate: dfLaHeader(box("dfLa")) };
    case "opus":
      return { codec, codecPrivate: dOpsHeader(box("dOps")) };
  }
  const described: Descriptor | null = type === "mp4a" || type === "mp4v" ? readDescriptor(box("esds")) : null;
  if (!described) return { codec: codec ?? "unknown", codecPrivate: new Uint8Array() };
  return { codec: OBJECTS[described.object] ?? "unknown", codecPrivate: described.config };
}

const CODECS: Record<string, string> = {
  ...{ avc1: "h264", avc3: "h264", hvc1: "hevc", hev1: "hevc", av01: "av1", vp08: "vp8", vp09: "vp9" },
  ...{ jpeg: "mjpeg", "png ": "png", apcn: "prores", apch: "prores", apcs: "prores", ap4h: "prores" },
  ...{ fLaC: "flac", Opus: "opus", "ac-3": "ac3", "ec-3": "eac3", alac: "alac", ".mp3": "mp3", dtsc: "dts" },
  ...{ sowt: "pcm_s16le", twos: "pcm_s16be", in24: "pcm_s24be", lpcm: "pcm_s16le", mlpa: "truehd" },
  ...{ tx3g: "mov_text", text: "mov_text", wvtt: "webvtt", stpp: "ttml", c608: "eia_608", mp4s: "dvd_subtitle" },
};

/** By the number that MPEG-4 gives it, of those that are met with. */
const OBJECTS: Record<number, string> = {
  ...{ 32: "mpeg4", 96: "mpeg2video", 97: "mpeg2video", 106: "mpeg1video", 108: "mjpeg" },
  ...{ 64: "aac", 102: "aac", 103: "aac", 104: "aac", 105: "mp3", 107: "mp3" },
  ...{ 165: "ac3", 166: "eac3", 169: "dts", 173: "opus", 221: "vorbis" },
};
