/** MP4 keeps some codecs' headers in boxes of its own; these give them the form that they have everywhere else. */
import { readBits } from "../codec/bits.ts";
import { viewOf } from "./box.ts";

const FULL_BOX = 4;

/** The metadata blocks of FLAC behind their mark. */
export const dfLaHeader = (dfLa: Uint8Array): Uint8Array =>
  dfLa.length > FULL_BOX ? Buffer.concat([Buffer.from("fLaC"), dfLa.subarray(FULL_BOX)]) : new Uint8Array();

/** OpusHead: the same numbers, the least significant byte first (RFC 7845, 5.1). */
export function dOpsHeader(dOps: Uint8Array): Uint8Array {
  const FIXED = 11;
  if (dOps.length < FIXED) return new Uint8Array();
  const view = viewOf(dOps);
  const head = Buffer.alloc(18);
  head.write("OpusHead");
  head[8] = 1;
  head[9] = dOps[1]!;
  head.writeUInt16LE(view.getUint16(2), 10);
  head.writeUInt32LE(view.getUint32(4), 12);
  head.writeUInt16LE(view.getUint16(8), 16);
  return Buffer.concat([head, dOps.subarray(FIXED - 1)]);
}

/** WebM's rows of id, length and value. */
export function vpcCHeader(vpcC: Uint8Array): Uint8Array {
  const [profile, level] = vpcC.subarray(FULL_BOX);
  return level === undefined ? new Uint8Array() : Uint8Array.of(1, 1, profile!, 2, 1, level);
}

/** Channels of each coding mode of AC-3, but the one for effects. */
const AC3_CHANNELS = [2, 1, 2, 3, 3, 4, 4, 5];

/** What AC-3 and E-AC-3 say, whose sample entries say 2 whatever is in them (ETSI TS 102 366, F). */
export function dolbyChannels(dac3: Uint8Array, dec3: Uint8Array): number | null {
  const known = dac3.length >= 3 ? { box: dac3, before: 10 } : dec3.length >= 5 ? { box: dec3, before: 28 } : null;
  if (!known) return null;
  const bits = readBits(known.box);
  bits.skip(known.before);
  return AC3_CHANNELS[bits.take(3)]! + bits.take(1);
}
