import { afterEach, describe, expect, test } from "bun:test";
import { once } from "node:events";
import { connect } from "node:net";
import { Elysia, t } from "elysia";
import { Conflict } from "../../../src/errors.ts";
import type { Auth } from "../../../src/http/auth.ts";
import { factsOf } from "../../../src/http/request-facts.ts";
import { jsonBody, startHttp, type TestHttp, type TestHttpOptions } from "../../helpers/http.ts";
import { until } from "../../helpers/until.ts";

let http: TestHttp;
afterEach(() => http.stop());

/** Requests that wait until they are let go, to look at what happens meanwhile. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  let arrived = 0;
  let changed = Promise.withResolvers<void>();
  return {
    open: resolve,
    pass: async () => {
      arrived++;
      changed.resolve();
      await promise;
    },
    /** Resolves when this many requests have come. */
    arrived: async (count: number) => {
      while (arrived < count) {
        changed = Promise.withResolvers();
        await changed.promise;
      }
    },
  };
}

const waiting = gate();
const leaving = Promise.withResolvers<void>();
const routes = (auth: Auth) =>
  new Elysia()
    .get("/fine", () => ({ fine: true }))
    .get("/where", ({ request }) => ({ address: factsOf(request).address, direct: factsOf(request).direct }))
    .get("/wait", async () => {
      await waiting.pass();
      return "done";
    })
    .get("/conflict", () => {
      throw new Conflict("it is taken");
    })
    .get("/bug", () => {
      throw new Error("select * from /etc/passwd");
    })
    .get("/give-up", async ({ request }) => {
      leaving.resolve();
      await once(request.signal, "abort");
      throw request.signal.reason;
    })
    .get("/unchanged", () => new Response(null, { status: 304 }))
    .get("/stream", () => {
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode(": hello\n\n")),
      });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    })
    .post("/form", async ({ request }) => [...(await request.formData()).keys()], { parse: () => null })
    .get("/misfit", () => ({ a: 1 }) as never, { response: t.Object({ a: t.String() }) })
    .get("/file/:name", ({ params }) => params.name, { params: t.Object({ name: t.String({ pattern: "^[a-z.]+$" }) }) })
    .use(
      new Elysia()
        .derive(auth.guards.user)
        .get("/mine", ({ caller }) => caller)
        .post("/mine", ({ body }) => body, { body: t.Object({ word: t.String({ maxLength: 3 }) }) }),
    );

const start = async (options: TestHttpOptions = {}) => {
  http = await startHttp({ routes, ...options });
  return http;
};

/** Sends bytes as they are and resolves with all that comes back, once it holds `until` or the connection ends. */
const raw = (url: string, text: string, until: RegExp): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(text));
    socket.on("data", (data) => {
      answer += data;
      if (until.test(answer)) socket.destroy();
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });

describe("every answer", () => {
  test.each(["/fine", "/conflict", "/bug", "/nowhere", "/unchanged", "/stream", "/mine", "/api/health", "/openapi"])(
    "%s carries the request's id and the careful headers",
    async (path) => {
      await start();
      const { headers, body } = await http.fetch(path, { headers: { "x-request-id": "mine-1" } });
      expect(headers.get("x-request-id")).toBe("mine-1");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      await body?.cancel();
    },
  );

  test("an id that is not harmless is replaced", async () => {
    await start();
    const { headers } = await http.fetch("/fine", { headers: { "x-request-id": "<b>" } });
    expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("S35 other sites are told nothing: no CORS, and no preflight is granted", async () => {
    await start();
    const headers = { origin: "http://evil.example", "access-control-request-method": "POST" };
    for (const method of ["GET", "OPTIONS"]) {
      const names = [...(await http.fetch("/mine", { method, headers })).headers.keys()];
      expect(names.filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  test("requests are logged at debug level only, with how long they took", async () => {
    await start();
    await http.fetch("/fine?x=1", { headers: { "x-request-id": "log-1" } });
    expect(http.log.lines).toEqual([
      {
        level: "debug",
        message: "request",
        fields: expect.objectContaining({
          request_id: "log-1",
          client: "127.0.0.1",
          status: 200,
          ms: expect.any(Number),
        }),
      },
    ]);
  });
});

describe("errors", () => {
  test.each([
    ["/conflict", 409, { error: "it is taken" }],
    ["/nowhere", 404, { error: "not found" }],
    ["/mine", 401, { error: "log in: the token is missing, expired or revoked" }],
    ["/file/UP", 422, { error: "params.name: expected string of the form ^[a-z.]+$" }],
  ])("%s is %i %p", async (path, status, body) => {
    await start();
    const response = await http.fetch(path);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toStartWith("application/json");
    expect(await response.json()).toEqual(body);
  });

  test.each(["/bug", "/misfit"])("S44 %s tells an id, under which the log has the story", async (path) => {
    await start();
    const response = await http.fetch(path, { headers: { "x-request-id": "bug-1" } });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ error: "internal error", request_id: "bug-1" });
    const [line] = http.log.lines.filter(({ level }) => level === "error");
    expect(line?.fields).toMatchObject({ request_id: "bug-1", error: expect.any(Error) });
  });

  test("what was given up because the client hung up is no bug, and no news", async () => {
    http = await startHttp({ routes });
    const client = new AbortController();
    const answer = http.fetch("/give-up", { signal: client.signal });
    await leaving.promise;
    client.abort();
    await expect(answer).rejects.toThrow();
    await until(() => http.log.lines.some(({ message }) => message === "a request was given up"));
    expect(http.log.lines.filter(({ level }) => level === "error" || level === "warn")).toEqual([]);
  });

  test("R12 a database that is away is 503, with a time to come back", async () => {
    const away = Object.assign(new Error("private"), { code: "ECONNREFUSED" });
    await start({ find: () => Promise.reject(away) });
    const response = await http.fetch("/mine", { as: "alice" });
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("2");
    expect(await response.text()).not.toContain("private");
  });
});

describe("bodies", () => {
  test("S28 neither the answer nor the log repeats what was sent", async () => {
    await start();
    const response = await http.fetch("/mine", { as: "alice", ...jsonBody({ word: "SuperSecret!" }) });
    expect(response.status).toBe(422);
    expect(await response.json()).toEqual({ error: "body.word: expected string of at most 3 characters" });
    expect(JSON.stringify(http.log.lines)).not.toContain("SuperSecret");
  });

  test("a stranger is told to log in before what is wrong with the body", async () => {
    await start();
    expect((await http.fetch("/mine", jsonBody({ word: 1 }))).status).toBe(401);
  });

  test("S35 a form is refused: 415", async () => {
    await start();
    const body = new URLSearchParams({ word: "abc" });
    expect((await http.fetch("/mine", { as: "alice", method: "POST", body })).status).toBe(415);
  });

  test("a route with a parser of its own takes what is no JSON", async () => {
    await start();
    const body = new FormData();
    body.set("file", new File(["x"], "x"));
    const response = await http.fetch("/form", { method: "POST", body });
    expect(await response.json()).toEqual(["file"]);
  });

  test("what is no JSON is 400", async () => {
    await start();
    const init = { ...jsonBody({}), body: "{" };
    const response = await http.fetch("/mine", { as: "alice", ...init });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: "the body is not valid JSON" });
  });

  test("S39 one that says it is too large is 413 in JSON, before anything is looked at", async () => {
    await start();
    const head =
      "POST /mine HTTP/1.1\r\nHost: nas\r\nContent-Type: application/json\r\nContent-Length: 1048577\r\n\r\n";
    const answer = await raw(http.url, head, /\}$/);
    expect(answer).toStartWith("HTTP/1.1 413");
    expect(answer).toEndWith('{"error":"the body is larger than 1048576 bytes"}');
  });

  test("S37 unknown fields are dropped, a prototype among them", async () => {
    await start();
    const body = '{"word":"abc","role":"admin","__proto__":{"role":"admin"}}';
    const init = { ...jsonBody({}), body };
    expect(await (await http.fetch("/mine", { as: "alice", ...init })).json()).toEqual({ word: "abc" });
  });
});

describe("routes are found by their own rules", () => {
  test.each([
    "/nowhere/%2e%2e/mine",
    "/MINE",
    "/mine;x",
    "/mine%00",
    "/mine?x=/api/health",
    "/mine/",
    "//mine",
    "/api/health/../../mine",
  ])("S2 %s does not get around the guard", async (path) => {
    await start();
    const answer = await raw(http.url, `GET ${path} HTTP/1.1\r\nHost: nas\r\nConnection: close\r\n\r\n`, /\}$/);
    expect(answer).toMatch(/^HTTP\/1\.1 40[014] /);
  });

  test("S2 an address of another host in the request line is no way around it either", async () => {
    await start();
    const head = "GET http://evil.example/mine HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    expect(await raw(http.url, head, /\}$/)).toMatch(/^HTTP\/1\.1 40[014] /);
  });

  test("a host of three letters is a host", async () => {
    await start();
    expect(await raw(http.url, "GET /file/a.b HTTP/1.1\r\nHost: nas\r\n\r\n", /a\.b$/)).toStartWith("HTTP/1.1 200");
  });

  test.each(["/fine", "/stream", "/openapi/start.js"])("HEAD %s is GET without a body, and ends", async (path) => {
    await start();
    const response = await http.fetch(path, { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(response.headers.has("x-request-id")).toBe(true);
    expect(await response.text()).toBe("");
  });
});

describe("S30 where a request comes from", () => {
  const where = async (headers: Record<string, string> = {}) => (await http.fetch("/where", { headers })).json();

  test("is the peer, and a loopback peer is direct", async () => {
    await start();
    expect(await where()).toEqual({ address: "127.0.0.1", direct: true });
  });

  test.each(["x-forwarded-for", "x-real-ip", "forwarded", "via", "cf-connecting-ip", "x-forwarded-proto"])(
    "a %s header makes it somebody else's, but is not believed",
    async (name) => {
      await start();
      expect(await where({ [name]: "127.0.0.1" })).toEqual({ address: "127.0.0.1", direct: false });
    },
  );

  test("a trusted proxy is believed, and still not direct", async () => {
    await start({ server: { trusted_proxies: ["127.0.0.0/8"] } });
    expect(await where({ "x-forwarded-for": "198.51.100.7, 192.0.2.1" })).toEqual({
      address: "192.0.2.1",
      direct: false,
    });
  });

  test("a request without a socket comes from nowhere", async () => {
    await start();
    const response = await http.app.handle(new Request("http://localhost/where"));
    expect(await response.json()).toEqual({ address: "unknown", direct: false });
  });
});

describe("limits", () => {
  test("S32 the request after the last slot is 503 at once, and the health check is not", async () => {
    await start({ server: { max_in_flight: 2 } });
    const held = [http.fetch("/wait"), http.fetch("/wait")];
    await waiting.arrived(2);
    const refused = await http.fetch("/fine");
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect((await http.fetch("/api/health")).status).toBe(200);
    waiting.open();
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await http.fetch("/fine")).status).toBe(200);
  });

  test("S32 slots come back after errors, refusals and unknown routes", async () => {
    await start({ server: { max_in_flight: 1 } });
    for (const path of ["/bug", "/conflict", "/nowhere", "/mine", "/file/UP"]) await http.fetch(path);
    await http.fetch("/mine", { ...jsonBody({}), body: "{" });
    expect((await http.fetch("/fine")).status).toBe(200);
  });

  test("S32 a client that leaves gives its slot back, whatever its request still waits for", async () => {
    const stuck = gate();
    const hang = () => new Elysia().get("/hang", stuck.pass).get("/fine", () => "fine");
    await start({ server: { max_in_flight: 1 }, routes: hang });
    const leaving = new AbortController();
    const left = http.fetch("/hang", { signal: leaving.signal }).catch(() => "left");
    await stuck.arrived(1);
    expect((await http.fetch("/fine")).status).toBe(503);
    leaving.abort();
    expect(await left).toBe("left");
    let status = 503;
    while (status === 503) ({ status } = await http.fetch("/fine"));
    expect(status).toBe(200);
    stuck.open();
  });

  test("S32 a stream holds no slot once it flows", async () => {
    await start({ server: { max_in_flight: 1 } });
    const streams = [await http.fetch("/stream"), await http.fetch("/stream")];
    expect((await http.fetch("/fine")).status).toBe(200);
    for (const { body } of streams) await body?.cancel();
  });

  test("S31 above the rate 429 comes; forged tokens and forwarding headers bring no fresh requests", async () => {
    await start({ server: { rate_limit_ip_per_minute: 2 } });
    const attempt = (token: string, address: string) =>
      http.fetch("/fine", { headers: { authorization: `Bearer ${token}`, "x-forwarded-for": address } });
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await attempt(`forged-${i}`, `192.0.2.${i}`)).status);
    expect(statuses).toEqual([200, 200, 429, 429]);
    const refused = await http.fetch("/fine");
    expect(await refused.json()).toEqual({ error: "rate limit exceeded" });
    expect(Number(refused.headers.get("retry-after"))).toBeWithin(1, 61);
    expect((await http.fetch("/fine", { as: "alice" })).status).toBe(200);
  });

  test("the health check is never limited, nor what a feature declares free", async () => {
    await start({
      server: { rate_limit_ip_per_minute: 1, rate_limit_block_users: [], max_in_flight: 1 },
      unlimited: (path) => path.startsWith("/file/"),
    });
    for (let i = 0; i < 3; i++) {
      expect((await http.fetch("/api/health")).status).toBe(200);
      expect((await http.fetch("/file/a.b")).status).toBe(200);
    }
    expect([(await http.fetch("/fine")).status, (await http.fetch("/fine")).status]).toEqual([200, 429]);
  });

  test("a blocked address is refused everywhere but at the health check", async () => {
    await start({ server: { rate_limit_block_ips: ["127.0.0.0/8"], rate_limit_allow_ips: ["127.0.0.1"] } });
    const refused = await http.fetch("/fine");
    expect([refused.status, await refused.json()]).toEqual([403, { error: "access denied" }]);
    expect((await http.fetch("/api/health")).status).toBe(200);
  });
});
