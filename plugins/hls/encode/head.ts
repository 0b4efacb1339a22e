/** One ffmpeg that makes segments of a track, from one place onwards, for all who read there. */
import type { Cutter, Made, MadeName } from "./cutter.ts";
import type { Encoding } from "./process.ts";
import { mayRun } from "./throttle.ts";
import type { Range, Work } from "./work.ts";

/** The head came to its end before it made what was waited for. */
export class Lost extends Error {
  override name = "Lost";
  constructor(
    /** `exit code 1`, `SIGSEGV`, `stalled`. */
    readonly how: string,
    /** The last lines of its standard error. */
    readonly said: readonly string[],
  ) {
    super(`ffmpeg: ${how}`);
  }
}

/** It had to make room for a viewer: the request is to be made again. */
export class Displaced extends Error {
  override name = "Displaced";
}

export interface WaitOptions {
  /** Settles the wait when whoever asked has gone away. */
  signal?: AbortSignal;
  /** Viewers go before: for jobs. */
  patient?: boolean;
}

export interface HeadOptions {
  work: Work;
  range: Range;
  encoding: Encoding;
  cutter: Cutter;
  /** Milliseconds without output, while somebody waits, after which it hangs. */
  stallMs: number;
  /** Milliseconds after the last request at which it is ended. */
  idleMs: number;
  onMade(made: Made): void;
  /** Somebody began or ceased to wait, or there is something new. */
  onChange(): void;
  /** @param failure null when it made all it was to make, or was ended from here */
  onEnd(failure: Lost | null): void;
}

export interface Head {
  readonly work: Work;
  readonly range: Range;
  /** The segment that it is at. */
  readonly next: number;
  /** Who waits for it: a viewer, only a job, or nobody. */
  readonly wanted: "now" | "later" | null;
  /** Whether the last one who waited went away before it came. */
  readonly abandoned: boolean;
  /** When it was last asked, or gave; `performance.now()`. */
  readonly usedAt: number;
  /** Settles when nothing is left of the process. */
  readonly gone: Promise<unknown>;
  /** @throws Lost, Displaced, the signal's reason */
  wait(name: MadeName, options?: WaitOptions): Promise<Uint8Array>;
  /** A reader is at this segment, which came from elsewhere. */
  note(number: number): void;
  /** Stops it or lets it go on. @param contested somebody waits for another head */
  steer(contested: boolean): void;
  kill(): void;
}

interface Waiter {
  name: MadeName;
  patient: boolean;
  resolve(bytes: Uint8Array): void;
  reject(error: unknown): void;
}

export function startHead(options: HeadOptions): Head {
  const { work, range, encoding, cutter } = options;
  const waiters = new Set<Waiter>();
  let next = range.first;
  /** The first segment that nobody asked for. */
  let unread = range.first;
  let running = true;
  let alive = true;
  let abandoned = false;
  let usedAt = performance.now();
  let stall: Timer | undefined;
  let idle: Timer | undefined;

  const wanted = () => {
    if (waiters.size === 0) return null;
    return [...waiters].some(({ patient }) => !patient) ? "now" : "later";
  };
  const patience = () => {
    clearTimeout(stall);
    if (alive && running && wanted()) stall = setTimeout(() => finish(new Lost("stalled", [])), options.stallMs);
  };
  const use = () => {
    usedAt = performance.now();
    clearTimeout(idle);
    if (alive) idle = setTimeout(() => (wanted() ? use() : finish(null)), options.idleMs);
  };
  const settle = (waiter: Waiter) => {
    waiters.delete(waiter);
    use();
    patience();
  };
  /** @param failure null: ended from here, or complete */
  function finish(failure: Lost | null): void {
    if (!alive) return;
    alive = false;
    clearTimeout(stall);
    clearTimeout(idle);
    encoding.kill();
    for (const waiter of [...waiters]) {
      waiters.delete(waiter);
      waiter.reject(failure ?? new Displaced());
    }
    options.onEnd(failure);
  }
  function deliver(made: Made): void {
    if (made.name !== "init") next = made.name + 1;
    options.onMade(made);
    for (const waiter of [...waiters]) {
      if (waiter.name === made.name) waiter.resolve(made.bytes);
      else if (waiter.name !== "init" && waiter.name < next) waiter.reject(new Lost("nothing to show there", []));
      else continue;
      settle(waiter);
    }
    options.onChange();
  }
  async function follow(): Promise<void> {
    for await (const chunk of encoding.output) {
      if (!alive) break;
      patience();
      for (const made of cutter.push(chunk)) deliver(made);
    }
    const { ok, how, said } = await encoding.ended;
    if (!alive) return;
    if (ok) for (const made of cutter.end()) deliver(made);
    finish(ok && next >= range.end ? null : new Lost(how, said));
  }
  const gone = follow()
    // What comes out makes no sense.
    .catch((error) => finish(new Lost(`${error}`, [])))
    .then(() => encoding.ended);
  use();

  return {
    work,
    range,
    gone,
    get next() {
      return next;
    },
    get wanted() {
      return wanted();
    },
    get abandoned() {
      return abandoned;
    },
    get usedAt() {
      return usedAt;
    },
    wait(name, { signal, patient = false } = {}) {
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
      const waiter = { name, patient, resolve, reject };
      waiters.add(waiter);
      abandoned = false;
      if (name !== "init") unread = Math.max(unread, name + 1);
      const leave = () => {
        if (!waiters.has(waiter)) return;
        reject(signal?.reason);
        settle(waiter);
        abandoned = !wanted();
        options.onChange();
      };
      signal?.addEventListener("abort", leave, { once: true });
      use();
      patience();
      options.onChange();
      return promise.finally(() => signal?.removeEventListener("abort", leave));
    },
    note(number) {
      unread = Math.max(unread, number + 1);
      abandoned = false;
      use();
      options.onChange();
    },
    steer(contested) {
      if (!alive) return;
      const { spans } = work;
      const at = spans[next]?.start ?? spans.at(-1)!.end;
      const ahead = (at - spans[Math.max(range.first, unread - 1)]!.start) / 1e9;
      const go = mayRun({ wanted: wanted(), abandoned, ahead, contested, running });
      if (go === running) return;
      running = go;
      if (go) encoding.resume();
      else encoding.pause();
      patience();
    },
    kill: () => finish(null),
  };
}
