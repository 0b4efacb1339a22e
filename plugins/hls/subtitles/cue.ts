/** A line of subtitles on its way to WebVTT. */
import { mapInTurns } from "./in-turns.ts";
import type { Span } from "./spans.ts";

/** Nanoseconds. */
export interface Cue {
  start: number;
  end: number;
  /** WebVTT cue text: escaped, no empty line. */
  text: string;
  /** WebVTT cue settings: `line:0 align:left`; mostly empty. */
  settings: string;
}

/** What a format's reader finds in a frame; null when there is nothing to be seen. */
export type CueText = Pick<Cue, "text" | "settings"> | null;

/** Nanoseconds between two lines that are one to the eye: a frame. */
const GAP = 45e6;

export async function cuesOf(spans: readonly Span[], read: (frame: Uint8Array) => CueText): Promise<Cue[]> {
  const cues = await mapInTurns(spans, ({ frame, start, end }): Cue | null => {
    const found = end > start ? read(frame.data) : null;
    return found && { start, end, ...found };
  });
  return merged(cues.filter((cue) => cue !== null).sort((a, b) => a.start - b.start));
}

/** Typesetting shows one text in many layers, and frame by frame where it moves: without the styles that is one cue. */
function merged(cues: readonly Cue[]): Cue[] {
  const kept: Cue[] = [];
  const latest = new Map<string, Cue>();
  for (const cue of cues) {
    const key = `${cue.settings}\n${cue.text}`;
    const before = latest.get(key);
    if (before && cue.start <= before.end + GAP) before.end = Math.max(before.end, cue.end);
    else {
      latest.set(key, cue);
      kept.push(cue);
    }
  }
  return kept;
}
