/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) that end when they should. */

export interface EventStreamOptions {
  request: Request;
  /** Ends the stream: the shutdown of the process. */
  signal: AbortSignal;
  /**
   * Feeds the stream; it ends when the returned promise settles. `signal` is aborted when the stream is over, for whatever reason.
   */
  run(send: (event: string, data: string) => void, signal: AbortSignal): Promise<void>;
  /** Whether the caller may go on reading; asked before every ping and whenever `recheck` says so. Must not reject. */
  allowed(): Promise<boolean>;
  /** @returns a function that ends the subscription */
  recheck(look: () => void): () => void;
  /** Milliseconds between two pings. Bun cuts a connection that is silent for 12 s. */
  pingMs?: number;
}

const PING_MS = 10_000;
/** Bytes that may wait for a client that does not read; then it is cut off, and finds the present state when it comes back. */
const BACKLOG = 256 * 1024;

const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  // nginx would collect events until a buffer is full.
  "x-accel-buffering": "no",
};

/**
 * Answers with a stream of events. A pushed stream and not a generator: the `finally` of a generator waits for its pending
 * await, so that a client's leaving and a shutdown would be noticed only at the next event.
 */
export function eventStream(options: EventStreamOptions): Response {
  const over = new AbortController();
  const end = () => over.abort();
  const encoder = new TextEncoder();

  const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const push = (text: string) => {
      if (over.signal.aborted) return;
      controller.enqueue(encoder.encode(text));
      if ((controller.desiredSize ?? 0) < 0) end();
    };
    const recheck = async () => {
      if (!(await options.allowed())) end();
    };
    const ping = setInterval(() => void recheck().then(() => push(": ping\n\n")), options.pingMs ?? PING_MS);
    const unsubscribe = options.recheck(recheck);
    const sources = [options.request.signal, options.signal];
    for (const source of sources) source.addEventListener("abort", end);

    over.signal.addEventListener("abort", () => {
      clearInterval(ping);
      unsubscribe();
      for (const source of sources) source.removeEventListener("abort", end);
      // A client that left has closed it already.
      if (controller.desiredSize !== null) controller.close();
    });
    if (sources.some((source) => source.aborted)) end();
    const send = (event: string, data: string) => push(`event: ${event}\n${dataLines(data)}\n`);
    void options.run(send, over.signal).then(end, end);
  };
  return new Response(
    new ReadableStream({ start, cancel: end }, new ByteLengthQueuingStrategy({ highWaterMark: BACKLOG })),
    {
      headers: HEADERS,
    },
  );
}

/** A line break inside the data would end the field. */
const dataLines = (data: string): string =>
  data
    .split(/\r\n|\r|\n/)
    .map((line) => `data: ${line}\n`)
    .join("");
