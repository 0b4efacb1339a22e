/** The `Range` header (RFC 9110, section 14). Pure. */

/** First and last byte, both included. */
export interface ByteRange {
  first: number;
  last: number;
}

const SPECIFIER = /^bytes=([^,]*)$/i;

/**
 * @param size bytes of the whole
 * @returns null to send the whole: no range, one that means nothing, or several at once, which a server need not take;
 *   `"unsatisfiable"` when nothing of it exists
 */
export function parseRange(header: string | null, size: number): ByteRange | "unsatisfiable" | null {
  const range = SPECIFIER.exec(header ?? "")?.[1]?.trim();
  const [, from, to] = /^(\d*)-(\d*)$/.exec(range ?? "") ?? [];
  if (from === undefined || to === undefined || from + to === "") return null;
  if (from === "") return between(Math.max(0, size - Number(to)), size - 1);
  if (to !== "" && Number(to) < Number(from)) return null;
  return between(Number(from), to === "" ? size - 1 : Math.min(Number(to), size - 1));
}

const between = (first: number, last: number) => (first <= last ? { first, last } : "unsatisfiable");
