/**
 * Runs `ask` once for all who ask at the same time. Who comes while it runs waits for the next run, which begins after
 * they came: so nobody is told what was true before they asked, and yet only one runs at a time.
 */
export function shareNext<T>(ask: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  const start = (): Promise<T> => {
    const run = ask();
    running = run;
    const end = () => {
      if (running === run) running = undefined;
    };
    run.then(end, end);
    return run;
  };
  return () => {
    if (next) return next;
    if (!running) return start();
    next = running.then(nothing, nothing).then(() => {
      next = undefined;
      return start();
    });
    return next;
  };
}

const nothing = () => {};
