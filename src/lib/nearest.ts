import { closest, distance } from "fastest-levenshtein";

/** The known name that a mistyped one most likely meant; undefined when none is close (over a third of it wrong). */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const best = closest(typed, known);
  return distance(typed, best) <= Math.max(2, Math.floor(best.length / 3)) ? best : undefined;
}
