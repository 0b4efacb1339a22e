/** Two lists of one: what passes the test, and the rest; both in the old order. */
export function split<T>(items: readonly T[], passes: (item: T) => boolean): [passed: T[], rest: T[]] {
  const passed: T[] = [];
  const rest: T[] = [];
  for (const item of items) (passes(item) ? passed : rest).push(item);
  return [passed, rest];
}
