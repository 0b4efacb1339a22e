/** Waits for a condition that announces itself in no other way. The test's own timeout is the limit. */
export async function until(condition: () => unknown): Promise<void> {
  while (!(await condition())) await Bun.sleep(5);
}
