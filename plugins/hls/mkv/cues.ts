/** The index that a file carries of itself. Pure. */
import { elementsOf, readUint } from "./ebml.ts";
import { ID } from "./ids.ts";

export interface Cue {
  track: number;
  /** Of the block, in ticks. */
  ticks: number;
  /** From the begin of the segment. */
  cluster: number;
  /** Of the block, from the begin of the cluster's body; null when it is not told. */
  relative: number | null;
}

/** @throws Damaged */
export function readCues(body: Uint8Array): Cue[] {
  const cues: Cue[] = [];
  for (const point of elementsOf(body)) {
    if (point.id !== ID.cuePoint) continue;
    let ticks = 0;
    for (const { id, body: value } of elementsOf(point.body)) {
      if (id === ID.cueTime) ticks = readUint(value);
      else if (id === ID.cueTrackPositions) cues.push(readPosition(value, ticks));
    }
  }
  return cues;
}

function readPosition(body: Uint8Array, ticks: number): Cue {
  const cue: Cue = { track: 0, ticks, cluster: 0, relative: null };
  for (const { id, body: value } of elementsOf(body)) {
    if (id === ID.cueTrack) cue.track = readUint(value);
    else if (id === ID.cueClusterPosition) cue.cluster = readUint(value);
    else if (id === ID.cueRelativePosition) cue.relative = readUint(value);
  }
  return cue;
}
