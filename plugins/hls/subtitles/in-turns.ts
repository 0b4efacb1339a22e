/** Work on long lists that lets everybody else who is served have their turn. */
import { setImmediate } from "node:timers/promises";

/** Milliseconds without a break: less than a frame. */
const TURN_MS = 10;

export async function mapInTurns<T, U>(items: readonly T[], map: (item: T) => U): Promise<U[]> {
  const mapped: U[] = [];
  let since = performance.now();
  for (const item of items) {
    mapped.push(map(item));
    if (performance.now() - since < TURN_MS) continue;
    await setImmediate();
    since = performance.now();
  }
  return mapped;
}
