/** HEVC: what its parameter sets say (ITU-T H.265, 7.3; the hvcC box and `hvc1.…`: ISO 14496-15, 8.3 and E.3). */
import type { VideoFacts } from "../reader/facts.ts";
import { readSequence } from "./hevc-sequence.ts";
import { unitsOf } from "./nal.ts";
import { pixelFormat } from "./pixel-format.ts";

/** Up to the arrays of parameter sets. */
const HEAD = 23;
const SEQUENCE_SET = 33;
/** IRAP pictures, with which decoding may begin. */
const FIRST_RANDOM_ACCESS = 16;
const LAST_RANDOM_ACCESS = 23;
const FIRST_OTHER = 32;

/** @throws Damaged */
export function hevcFacts(hvcC: Uint8Array): VideoFacts | null {
  const set = hvcC.length > HEAD ? firstSequence(hvcC) : null;
  if (!set) return null;
  const sequence = readSequence(set);
  return {
    type: "video",
    codecString: codecString(hvcC),
    profile: PROFILES[hvcC[1]! & 0x1f] ?? null,
    // ffmpeg knows full range by name in this one form only.
    pixelFormat: pixelFormat({ ...sequence, full: sequence.full && sequence.chroma === "420" }),
    bitDepth: sequence.bitDepth,
    // Fields are pictures of their own here, of half the height: ffmpeg has nothing to take apart.
    interlaced: false,
  };
}

export function isRandomAccessPicture(hvcC: Uint8Array, frame: Uint8Array): boolean {
  for (const unit of unitsOf(frame, ((hvcC[21] ?? 3) & 3) + 1)) {
    const type = (unit[0]! >> 1) & 0x3f;
    if (type < FIRST_OTHER) return type >= FIRST_RANDOM_ACCESS && type <= LAST_RANDOM_ACCESS;
  }
  return false;
}

function firstSequence(hvcC: Uint8Array): Uint8Array | null {
  const number = (place: number) => (hvcC[place] ?? 0) * 256 + (hvcC[place + 1] ?? 0);
  let place = HEAD;
  for (let arrays = hvcC[HEAD - 1]!; arrays > 0 && place < hvcC.length; arrays--) {
    const type = hvcC[place]! & 0x3f;
    const count = number(place + 1);
    place += 3;
    for (let i = 0; i < count && place < hvcC.length; i++) {
      const length = number(place);
      if (type === SEQUENCE_SET) return hvcC.subarray(place + 2, place + 2 + length);
      place += 2 + length;
    }
  }
  return null;
}

const PROFILES: Record<number, string> = { 1: "Main", 2: "Main 10", 3: "Main Still Picture", 4: "Rext" };

/** `hvc1.2.4.L120.90`: profile, compatible profiles, tier and level, constraints without the zeros at their end. */
function codecString(hvcC: Uint8Array): string {
  const [, first = 0, ...rest] = hvcC.subarray(0, 13);
  const space = ["", "A", "B", "C"][first >> 6]!;
  const compatible = rest.slice(0, 4).reduce((word, byte) => word * 256 + byte, 0);
  const reversed = [...compatible.toString(2).padStart(32, "0")].reverse().join("");
  const constraints = rest.slice(4, 10);
  while (constraints.at(-1) === 0) constraints.pop();
  return [
    ...["hvc1", `${space}${first & 0x1f}`, Number.parseInt(reversed, 2).toString(16)],
    ...[`${first & 0x20 ? "H" : "L"}${rest[10]}`, ...constraints.map((byte) => byte.toString(16))],
  ].join(".");
}
