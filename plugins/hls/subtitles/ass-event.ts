/** A line of an ASS track as Matroska keeps it: `ReadOrder,Layer,Style,Name,MarginL,MarginR,MarginV,Effect,Text`. */

export interface AssEvent {
  /** Its place in the script it came from. */
  order: number;
  /** All but the times, by the names that a `Format:` line gives them, in lower case. */
  fields: Record<string, string | undefined>;
  text: string;
}

/** In front of the text. */
const COMMAS = 8;

/** @returns null when it is no such line */
export function parseAssEvent(frame: string): AssEvent | null {
  const parts: string[] = [];
  let at = 0;
  for (let i = 0; i < COMMAS; i++) {
    const comma = frame.indexOf(",", at);
    if (comma === -1) return null;
    parts.push(frame.slice(at, comma));
    at = comma + 1;
  }
  const [order, layer, style, name, marginl, marginr, marginv, effect] = parts as [string, ...string[]];
  if (!/^\s*\d{1,9}$/.test(order)) return null;
  return {
    order: Number(order),
    fields: { layer, style, name, marginl, marginr, marginv, effect },
    text: frame.slice(at),
  };
}
