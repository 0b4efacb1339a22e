/** AAC: what the AudioSpecificConfig says (ISO 14496-3, 1.6.2.1 and 4.4.1). */
import type { AudioFacts } from "../reader/facts.ts";
import { type Bits, readBits } from "./bits.ts";

const LC = 2;
const SBR = 5;
const PS = 29;
/** Players know these object types, whatever the others hold. */
const PROFILES: Record<number, string> = { [LC]: "LC", [SBR]: "HE-AAC", [PS]: "HE-AACv2" };

const RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];
/** By channel configuration; 0 means that a list of them follows. */
const CHANNELS = [0, 1, 2, 3, 4, 5, 6, 8, 0, 0, 0, 7, 8, 0, 8];

/**
 * Rate and samples are those of the core, which frames are counted in: with SBR, a decoder gives twice as many.
 * SBR that nothing announces is not known from here; such a track stays `mp4a.40.2`, which players take.
 * @param channels as the container says, for configurations that give no number
 * @throws Damaged
 */
export function aacFacts(config: Uint8Array, channels: number): AudioFacts | null {
  const bits = readBits(config);
  let object = readObject(bits);
  const sampleRate = readRate(bits);
  const configuration = bits.take(4);
  let extension = object;
  if (object === SBR || object === PS) {
    readRate(bits);
    object = readObject(bits);
  }
  if (object !== LC || !sampleRate) return null;
  const short = bits.flag();
  if (bits.flag()) bits.skip(14);
  bits.skip(1);
  if (extension === LC && configuration > 0) extension = readExtension(bits);
  return {
    type: "audio",
    codecString: `mp4a.40.${extension}`,
    profile: PROFILES[extension] ?? null,
    sampleRate,
    channels: extension === PS ? 2 : CHANNELS[configuration] || channels,
    frameSamples: short ? 960 : 1024,
  };
}

function readObject(bits: Bits): number {
  const ESCAPE = 31;
  const object = bits.take(5);
  return object === ESCAPE ? 32 + bits.take(6) : object;
}

function readRate(bits: Bits): number {
  const EXPLICIT = 15;
  const index = bits.take(4);
  return index === EXPLICIT ? bits.take(24) : (RATES[index] ?? 0);
}

/** Extensions announced at the end, where old players do not look. */
function readExtension(bits: Bits): number {
  const SBR_FOLLOWS = 0x2b7;
  const PS_FOLLOWS = 0x548;
  if (bits.left() < 17 || bits.take(11) !== SBR_FOLLOWS || readObject(bits) !== SBR || !bits.flag()) return LC;
  if (bits.left() < 4) return SBR;
  readRate(bits);
  return bits.left() >= 12 && bits.take(11) === PS_FOLLOWS && bits.flag() ? PS : SBR;
}
