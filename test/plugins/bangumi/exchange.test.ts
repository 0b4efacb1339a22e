import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { type Deadlines, exchange } from "../../../plugins/bangumi/exchange.ts";
import { Trouble } from "../../../plugins/bangumi/trouble.ts";
import { endless, type FakeBangumi, fakeBangumi, redirect, silence, text } from "../../helpers/fake-bangumi.ts";

/** Longer than any test. */
const NEVER = 3_600_000;

let fake: FakeBangumi;
beforeEach(() => {
  fake = fakeBangumi();
});
afterEach(() => fake.stop());

const get = (deadlines: Partial<Deadlines> = {}, signal = new AbortController().signal, path = "/x") =>
  exchange(
    new URL(fake.url + path),
    { method: "GET", headers: { "user-agent": "someone/test" } },
    { proxy: "", deadlines: { begin: NEVER, whole: NEVER, ...deadlines }, signal },
  );

async function troubleOf(promise: Promise<unknown>): Promise<Trouble> {
  const error = await promise.catch((thrown) => thrown);
  if (!(error instanceof Trouble)) throw error;
  return error;
}

describe("time", () => {
  test("an answer that does not begin is given up", async () => {
    fake.fail("/x", silence);
    expect(await troubleOf(get({ begin: 20 }))).toMatchObject({
      passing: true,
      what: "Bangumi did not answer within 0.02 s",
    });
  });

  test("an answer that drips without end is given up, although it began in time", async () => {
    fake.fail("/x", endless(1, 1));
    expect(await troubleOf(get({ whole: 50 }))).toMatchObject({
      passing: true,
      what: "Bangumi did not answer within 0.05 s",
    });
  });

  test("the end of the process hangs up", async () => {
    fake.fail("/x", silence);
    const stopping = new AbortController();
    const asked = get({}, stopping.signal);
    stopping.abort(new Error("the end"));
    await expect(asked).rejects.toThrow("the end");
  });
});

describe("size", () => {
  test("more than 4 MiB is not read, and not asked for again", async () => {
    fake.fail("/x", endless(1 << 16));
    expect(await troubleOf(get())).toMatchObject({ passing: false, what: "Bangumi's answer is longer than 4 MiB" });
  });

  test("what is small on the way and large when unpacked counts as large", async () => {
    const packed = Bun.gzipSync(new Uint8Array(5 << 20));
    fake.fail("/x", () => new Response(packed, { headers: { "content-encoding": "gzip" } }));
    expect((await troubleOf(get())).what).toContain("longer than 4 MiB");
  });

  test("just below is read", async () => {
    fake.fail("/x", text("x".repeat(4 << 20)));
    expect((await get()).body.length).toBe(4 << 20);
  });
});

test("a letter that comes in two parts stays whole", async () => {
  const bytes = new TextEncoder().encode('"葬"');
  fake.fail("/x", () => {
    const parts = [bytes.slice(0, 2), bytes.slice(2)];
    return new Response(
      new ReadableStream({
        async pull(controller) {
          const part = parts.shift();
          if (!part) return controller.close();
          controller.enqueue(part);
          await Bun.sleep(1);
        },
      }),
    );
  });
  expect((await get()).body).toBe('"葬"');
});

test("a redirect is an answer like any other", async () => {
  fake.fail("/x", redirect("http://elsewhere.example/"));
  expect(await get()).toMatchObject({ status: 302 });
});

test("a connection that breaks in the middle of an answer is trouble that may pass", async () => {
  const server = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      data(socket) {
        socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{");
      },
    },
  });
  const line = { proxy: "", deadlines: { begin: NEVER, whole: NEVER }, signal: new AbortController().signal };
  const asked = exchange(new URL(`http://127.0.0.1:${server.port}/`), { method: "GET", headers: {} }, line);
  expect(await troubleOf(asked)).toMatchObject({
    passing: true,
    what: "Bangumi cannot be reached (the connection broke)",
  });
  server.stop(true);
});

test("nobody listening is trouble that may pass, and the words hold no address", async () => {
  await fake.stop();
  const trouble = await troubleOf(get());
  expect(trouble).toMatchObject({ passing: true, what: "Bangumi cannot be reached (connection refused)" });
  expect(trouble.message).not.toContain("127.0.0.1");
});
