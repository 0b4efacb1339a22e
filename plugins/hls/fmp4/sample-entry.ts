/** What MP4 says of a track's codec: the one box of `stsd`, made from what the source's container says of it. */
import type { AudioFacts, VideoFacts } from "../reader/facts.ts";
import { Damaged, type SourceTrack } from "../reader/model.ts";
import { box, fullBox, u8, u16, u32, zeros } from "./boxes.ts";
import { decoderConfig } from "./esds.ts";

/**
 * @returns an `avc1`, `hvc1`, `av01`, `vp09`, `mp4a`, `fLaC` or `Opus` box
 * @throws Damaged for a codec that is not copied, or one without its header
 */
export function sampleEntry(track: SourceTrack, facts: VideoFacts | AudioFacts): Uint8Array {
  return facts.type === "video" ? videoEntry(track, facts) : audioEntry(track, facts);
}

function videoEntry(track: SourceTrack, facts: VideoFacts): Uint8Array {
  switch (track.codec) {
    case "h264":
      return visual("avc1", track, box("avcC", header(track)));
    case "hevc":
      // Apple's players take HEVC under this name only.
      return visual("hvc1", track, box("hvcC", header(track)));
    case "av1":
      return visual("av01", track, box("av1C", header(track)));
    case "vp9":
      return visual("vp09", track, vpcC(facts));
    default:
      throw new Damaged(`${track.codec} is not a codec that MP4 takes as it is`);
  }
}

function audioEntry(track: SourceTrack, facts: AudioFacts): Uint8Array {
  switch (track.codec) {
    case "aac":
      return sound("mp4a", facts, 16, fullBox("esds", 0, 0, decoderConfig(header(track))));
    case "flac": {
      const info = streamInfo(track);
      // The number of bits less one: 5 bits over the border of two bytes.
      const bits = (((info[12]! & 1) << 4) | (info[13]! >> 4)) + 1;
      // Of the metadata blocks only this one, marked as the last: the others are names and pictures.
      return sound("fLaC", facts, bits, fullBox("dfLa", 0, 0, u8(0x80, 0, 0, info.length), info));
    }
    case "opus":
      return sound("Opus", facts, 16, dOps(track));
    default:
      throw new Damaged(`${track.codec} is not a codec that MP4 takes as it is`);
  }
}

function visual(type: string, track: SourceTrack, config: Uint8Array): Uint8Array {
  return box(
    type,
    ...[zeros(6), u16(1), zeros(16)],
    ...[u16(track.width, track.height), u32(72 << 16, 72 << 16), u32(0), u16(1)],
    ...[zeros(32), u16(24, 0xffff)],
    config,
  );
}

function sound(type: string, facts: AudioFacts, bits: number, config: Uint8Array): Uint8Array {
  // 16 bits hold it; of a higher one stands here what divides it (FLAC in ISOBMFF, 3.3.2), and the codec's header rules.
  let rate = facts.sampleRate;
  while (rate > 0xffff) rate /= 2;
  return box(type, zeros(6), u16(1), zeros(8), u16(facts.channels, bits), u32(0), u16(Math.floor(rate), 0), config);
}

/** VP9 has no header in Matroska; the string for players says the same. */
function vpcC({ codecString, pixelFormat }: VideoFacts): Uint8Array {
  const [, profile = 0, level = 0, depth = 8] = codecString.split(".").map(Number);
  // Colours "unspecified": every keyframe carries its own.
  return fullBox("vpcC", 1, 0, u8(profile, level, (depth << 4) | (chroma(pixelFormat) << 1), 2, 2, 2), u16(0));
}

/** As `vpcC` counts it. 4:2:0 is 1: with the sample beside the brightness, as in H.264. */
function chroma(pixelFormat: string): number {
  if (/444|gbr/.test(pixelFormat)) return 3;
  return pixelFormat.includes("422") ? 2 : 1;
}

/** The first metadata block of FLAC, 34 bytes, from behind `fLaC` and its own head. */
function streamInfo(track: SourceTrack): Uint8Array {
  const info = track.codecPrivate.subarray(8, 42);
  if (info.length < 34) throw new Damaged("a FLAC track has no header");
  return info;
}

/** OpusHead as MP4 writes it: the numbers turned around, without its name. */
function dOps(track: SourceTrack): Uint8Array {
  const head = track.codecPrivate;
  if (head.length < 19) throw new Damaged("an Opus track has no header");
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const channels = head[9]!;
  const family = head[18]!;
  const mapping = family === 0 ? zeros(0) : head.subarray(19, 21 + channels);
  return box(
    "dOps",
    u8(0, channels),
    u16(view.getUint16(10, true)),
    u32(view.getUint32(12, true)),
    u16(view.getInt16(16, true)),
    u8(family),
    mapping,
  );
}

function header(track: SourceTrack): Uint8Array {
  if (track.codecPrivate.length === 0) throw new Damaged(`a track of ${track.codec} has no header`);
  return track.codecPrivate;
}
