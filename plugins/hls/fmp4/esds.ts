/** The descriptors of MPEG-4 (ISO/IEC 14496-1) that stand around an AudioSpecificConfig in MP4. */
import { concat, u8, u16, u32 } from "./boxes.ts";

const ES = 3;
const DECODER_CONFIG = 4;
const DECODER_SPECIFIC = 5;
const SYNC_LAYER = 6;
const MPEG4_AUDIO = 0x40;
/** Stream type "audio" in the upper six bits, and a bit that is always set. */
const AUDIO_STREAM = 0x15;

/** @param config the AudioSpecificConfig */
export function decoderConfig(config: Uint8Array): Uint8Array {
  const decoder = descriptor(
    DECODER_CONFIG,
    u8(MPEG4_AUDIO, AUDIO_STREAM, 0, 0, 0),
    // Bit rates, unknown.
    u32(0, 0),
    descriptor(DECODER_SPECIFIC, config),
  );
  return descriptor(ES, u16(0), u8(0), decoder, descriptor(SYNC_LAYER, u8(2)));
}

function descriptor(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const content = concat(parts);
  return concat([u8(tag, ...lengthOf(content.length)), content]);
}

/** Seven bits a byte, the first ones marked as going on. */
function lengthOf(length: number): number[] {
  const bytes = [length & 0x7f];
  for (let rest = length >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}
