/** Opus: its head and the first bytes of a packet (RFC 7845, 5.1; RFC 6716, 3.1 and 3.2.5). */
import type { AudioFacts } from "../reader/facts.ts";
import { Damaged } from "../reader/model.ts";

/** Whatever was encoded, Opus is decoded and counted at this rate. */
const RATE = 48_000;
const HEAD = 19;
const CHANNELS_AT = 9;
/** 120 ms. */
const LONGEST = 5760;

export function opusFacts(head: Uint8Array): AudioFacts | null {
  const channels = head[CHANNELS_AT] ?? 0;
  if (head.length < HEAD || !Buffer.from(head).toString("latin1").startsWith("OpusHead") || channels === 0) return null;
  return { type: "audio", codecString: "Opus", profile: null, sampleRate: RATE, channels, frameSamples: null };
}

/** @throws Damaged when it is no packet */
export function opusSamples(packet: Uint8Array): number {
  const [mode, second] = packet;
  if (mode === undefined || ((mode & 3) === 3 && second === undefined)) throw new Damaged("an Opus packet is empty");
  const frames = [1, 2, 2, (second ?? 0) & 0x3f][mode & 3]!;
  const samples = frames * frameSamples(mode >> 3);
  if (samples === 0 || samples > LONGEST) throw new Damaged("an Opus packet is longer than they may be");
  return samples;
}

/** Of one of the 32 configurations: SILK, hybrid, CELT. */
function frameSamples(configuration: number): number {
  if (configuration < 12) return [480, 960, 1920, 2880][configuration & 3]!;
  if (configuration < 16) return [480, 960][configuration & 1]!;
  return 120 << (configuration & 3);
}
