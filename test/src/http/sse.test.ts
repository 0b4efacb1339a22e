import { afterEach, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { type EventStreamOptions, eventStream } from "../../../src/http/sse.ts";
import { openEvents } from "../../helpers/event-source.ts";
import { until } from "../../helpers/until.ts";

type Send = Parameters<EventStreamOptions["run"]>[0];

let server: Bun.Server<undefined> | undefined;
afterEach(() => server?.stop(true));

/** Serves one stream on a real socket; the test pulls its strings. */
async function serveStream(options: Partial<EventStreamOptions> = {}) {
  const shutdown = new AbortController();
  const looks = new Set<() => void>();
  const over = Promise.withResolvers<void>();
  const running = Promise.withResolvers<Send>();
  const finish = Promise.withResolvers<void>();
  server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) =>
      eventStream({
        request,
        signal: shutdown.signal,
        run: (send, signal) => {
          signal.addEventListener("abort", () => over.resolve());
          running.resolve(send);
          return finish.promise;
        },
        allowed: async () => true,
        recheck: (look) => {
          looks.add(look);
          return () => looks.delete(look);
        },
        ...options,
      }),
  });
  const url = server.url.href;
  const open = () => openEvents((signal) => fetch(url, { signal }));
  const recheck = () => {
    for (const look of looks) look();
  };
  return { url, shutdown, looks, over: over.promise, running: running.promise, finish, open, recheck };
}

describe("an event stream", () => {
  test("brings events as they are sent, line breaks included, and ends with its source", async () => {
    const stream = await serveStream();
    const client = stream.open();
    const send = await stream.running;
    send("running", '{"a":1}');
    const { events, headers, ended } = await client;
    await until(() => events.length === 1);
    send("text", "two\nlines\r\nthree");
    stream.finish.resolve();
    await ended;
    expect(events).toEqual([
      { event: "running", data: '{"a":1}' },
      { event: "text", data: "two\nlines\nthree" },
    ]);
    expect(headers.get("content-type")).toStartWith("text/event-stream");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test("pings while nothing happens", async () => {
    const stream = await serveStream({ pingMs: 5 });
    const client = await stream.open();
    await until(() => client.text().split(": ping\n\n").length > 3);
    expect(client.events).toEqual([]);
    client.close();
  });

  test("ends at once when the client leaves, though its source waits, and lets go of everything", async () => {
    const stream = await serveStream();
    const opening = stream.open();
    (await stream.running)("running", "{}");
    const client = await opening;
    client.close();
    await stream.over;
    expect(stream.looks.size).toBe(0);
    // What comes too late goes nowhere and breaks nothing.
    (await stream.running)("running", "{}");
    stream.finish.resolve();
  });

  test("ends at once on shutdown, though its source waits", async () => {
    const stream = await serveStream();
    const opening = stream.open();
    (await stream.running)("running", "{}");
    const client = await opening;
    stream.shutdown.abort();
    await client.ended;
    await stream.over;
  });

  test("is empty when the shutdown came first", async () => {
    const stream = await serveStream();
    stream.shutdown.abort();
    const client = await stream.open();
    await client.ended;
    expect(client.text()).toBe("");
  });

  test("ends when its caller may not read any more: when told to look, and by itself at a ping", async () => {
    let allowed = true;
    const told = await serveStream({ allowed: async () => allowed });
    const opening = told.open();
    (await told.running)("running", "{}");
    const first = await opening;
    told.recheck();
    allowed = false;
    told.recheck();
    await first.ended;
    server?.stop(true);

    const pinging = await serveStream({ allowed: async () => false, pingMs: 5 });
    const second = await pinging.open();
    await second.ended;
    expect(second.text()).not.toContain("ping");
  });

  test("ends when its source fails", async () => {
    const stream = await serveStream();
    const opening = stream.open();
    (await stream.running)("running", "{}");
    const client = await opening;
    stream.finish.reject(new Error("the database is away"));
    await client.ended;
  });

  test("cuts a client that does not read, instead of collecting for it", async () => {
    const stream = await serveStream();
    const socket = connect(new URL(stream.url).port as unknown as number, "127.0.0.1");
    socket.pause();
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    const send = await stream.running;
    let isOver = false;
    void stream.over.then(() => {
      isOver = true;
    });
    const large = "x".repeat(64 * 1024);
    let sent = 0;
    while (!isOver && sent < 4096) {
      send("large", large);
      sent += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(isOver).toBe(true);
    socket.destroy();
    stream.finish.resolve();
  });
});
