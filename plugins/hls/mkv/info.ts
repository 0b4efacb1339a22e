/** What a file says of itself as a whole. Pure. */
import { Damaged } from "../reader/model.ts";
import { elementsOf, readFloat, readText, readUint } from "./ebml.ts";
import { ID } from "./ids.ts";

export interface Info {
  /** Nanoseconds of a tick, the unit of every time in the file. */
  scale: number;
  /** Nanoseconds; null when it does not say. */
  duration: number | null;
  writingApp: string;
}

const MILLISECOND = 1_000_000;
const HOUR = 3_600_000_000_000;
const LONGEST = 1000 * HOUR;

/** @throws Damaged */
export function readInfo(body: Uint8Array): Info {
  let scale = MILLISECOND;
  let ticks = 0;
  let writingApp = "";
  for (const { id, body: value } of elementsOf(body)) {
    if (id === ID.timestampScale) scale = readUint(value);
    else if (id === ID.duration) ticks = readFloat(value);
    else if (id === ID.writingApp) writingApp = readText(value);
  }
  if (scale < 1 || scale > HOUR) throw new Damaged("its clock does not tick");
  const duration = Math.round(ticks * scale);
  return { scale, duration: duration > 0 && duration <= LONGEST ? duration : null, writingApp };
}
