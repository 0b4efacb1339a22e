/** Work for the end of the whole test run; `test/setup.ts` calls it, since no hook of a test file runs that late. */
const ends: (() => Promise<void>)[] = [];

export const atEnd = (end: () => Promise<void>): void => void ends.push(end);

export async function runEnds(): Promise<void> {
  while (ends.length > 0) await ends.pop()!();
}
