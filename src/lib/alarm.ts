/** A sleep that can be cut short. */
export interface Alarm {
  /** Ends the current wait, or the next one if nobody waits: a ring is never lost. */
  ring(): void;
  /** Resolves after `ms` milliseconds or at a ring. One waiter at a time. */
  wait(ms: number): Promise<void>;
}

/** Longest delay that a timer takes: beyond it, it would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export function createAlarm(): Alarm {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async wait(ms) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(ms, MAX_DELAY_MS));
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        wake = undefined;
      }
      rung = false;
    },
  };
}
