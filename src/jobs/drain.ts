/** Ending the work of a process that stops. */
import { within } from "../lib/within.ts";
import type { Attempt } from "./attempt.ts";
import type { Loop } from "./loop.ts";
import type { Timing } from "./timing.ts";

/**
 * Lets what is running end by itself for a moment, then aborts it: an aborted attempt hands its job back. The leases are kept
 * until then. Every wait has an end, also when a run is deaf or the database silent.
 */
export async function drain(
  held: ReadonlyMap<string, Attempt>,
  claims: Loop | undefined,
  loops: readonly Loop[],
  timing: Timing,
): Promise<void> {
  const ended = () => [...held.values()].map((attempt) => attempt.ended);
  await within(Promise.all([claims?.stop(), ...ended()]), timing.shortWorkMs);
  for (const attempt of held.values()) attempt.abort("stopping");
  const rest = Promise.all([...ended(), ...loops.map((loop) => loop.stop())]);
  await within(rest, timing.graceMs + timing.lastWritesMs);
}
