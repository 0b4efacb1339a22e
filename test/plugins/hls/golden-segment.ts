/** Reads a media segment back, as little of it as tests need. */

export interface Fragment {
  /** Ticks. */
  start: number;
  durations: number[];
  /** When samples are shown after they are decoded. */
  offsets: number[];
}

export function readFragment(bytes: Uint8Array): Fragment {
  const moof = find(bytes, "moof");
  const traf = find(moof, "traf");
  const tfdt = view(find(traf, "tfdt"));
  const trun = view(find(traf, "trun"));
  const samples = Array.from({ length: trun.getUint32(4) }, (_, i) => 12 + i * 16);
  return {
    start: Number(tfdt.getBigUint64(4)),
    durations: samples.map((at) => trun.getUint32(at)),
    offsets: samples.map((at) => trun.getInt32(at + 12)),
  };
}

export const endOf = ({ start, durations }: Fragment): number => durations.reduce((sum, one) => sum + one, start);

/** @returns the content of the first box of that type. @throws when there is none */
export function find(bytes: Uint8Array, type: string): Uint8Array {
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = view(bytes).getUint32(at);
    if (size < 8 || at + size > bytes.length) break;
    if (Buffer.from(bytes.subarray(at + 4, at + 8)).toString("latin1") === type)
      return bytes.subarray(at + 8, at + size);
    at += size;
  }
  throw new Error(`no ${type}`);
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
