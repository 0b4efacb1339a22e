/** Signals a process that leads a group, and all it started; nothing happens when none is left. */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody there.
  }
}
