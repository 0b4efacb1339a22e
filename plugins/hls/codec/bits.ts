/** Bits of a codec's header, most significant first. */
import { Damaged } from "../reader/model.ts";

export interface Bits {
  /** An unsigned number of up to 32 bits. @throws Damaged where the bytes end */
  take(count: number): number;
  flag(): boolean;
  skip(count: number): void;
  /** An unsigned Exp-Golomb number: `ue(v)` of H.264 and HEVC. */
  golomb(): number;
  /** A signed one: `se(v)`. */
  signedGolomb(): number;
  /** How many bits are left. */
  left(): number;
}

export function readBits(bytes: Uint8Array): Bits {
  const end = bytes.length * 8;
  let place = 0;
  const skip = (count: number) => {
    if (place + count > end) throw new Damaged("a codec's header ends too early");
    place += count;
  };
  const take = (count: number): number => {
    const from = place;
    skip(count);
    let value = 0;
    for (let bit = from; bit < place; bit++) value = value * 2 + ((bytes[bit >> 3]! >> (7 - (bit & 7))) & 1);
    return value;
  };
  const flag = () => take(1) === 1;
  const golomb = () => {
    let zeros = 0;
    while (!flag()) if (++zeros > 32) throw new Damaged("a codec's header holds a number that is too long");
    return 2 ** zeros - 1 + take(zeros);
  };
  return {
    take,
    flag,
    skip,
    golomb,
    signedGolomb() {
      const code = golomb();
      return code % 2 ? (code + 1) / 2 : -code / 2;
    },
    left: () => end - place,
  };
}

/** Two hexadecimal digits for each byte. */
export const hex = (...bytes: number[]): string => bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
