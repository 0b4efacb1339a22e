/** Who may ask what: every route of the whole app against every kind of caller. A new route without a line here fails. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createTokens } from "../../src/http/tokens.ts";
import { type TestApp, testApp } from "../helpers/app.ts";

type Who = "anyone" | "user" | "admin" | "file token" | "itself";

/** `itself`: the handler decides, by more than a role; its own tests say how. */
const ROUTES: Record<string, Who> = {
  "GET /": "anyone",
  "GET /api/bangumi/search": "user",
  "GET /api/bangumi/subjects/:id": "user",
  "GET /api/health": "anyone",
  "GET /api/jobs": "admin",
  "GET /api/jobs/:id": "user",
  "GET /api/jobs/:id/stream": "user",
  "GET /api/library": "user",
  "GET /api/library/:id": "user",
  "GET /api/matches/:id": "user",
  "GET /api/matches/:id/candidates": "user",
  "GET /api/qbittorrent/torrents": "admin",
  "GET /api/series": "user",
  "GET /api/stream/:id": "user",
  "GET /api/users": "admin",
  "GET /hls/:first/:second": "file token",
  "GET /hls/:first/:second/:third": "file token",
  "GET /hls/:first/:second/:third/:fourth": "file token",
  "GET /media/:first/:second": "file token",
  "GET /media/:first/:second/:third": "file token",
  "GET /metrics": "itself",
  "GET /openapi": "anyone",
  "GET /openapi/json": "anyone",
  "GET /openapi/start.js": "anyone",
  "GET /openapi/swagger-ui-bundle.js": "anyone",
  "GET /openapi/swagger-ui.css": "anyone",
  "GET /watch/:token/:id": "file token",
  "POST /api/auth/login": "itself",
  "POST /api/jobs/:id/cancel": "admin",
  "POST /api/jobs/auto-match": "admin",
  "POST /api/jobs/hls/:id": "user",
  "POST /api/jobs/index": "admin",
  "POST /api/matches/:id": "admin",
  "POST /api/matches/auto": "admin",
  "POST /api/qbittorrent/completed": "itself",
  "POST /api/qbittorrent/sync": "admin",
  "POST /api/qbittorrent/torrents": "admin",
  "POST /api/users": "itself",
  "PUT /api/users/:id/password": "user",
  "DELETE /api/matches/:id": "admin",
  "DELETE /api/users/:id": "user",
};

let app: TestApp;
const tokens: Record<string, string> = {};

async function login(userId: string): Promise<string> {
  const answer = await app.request("/api/auth/login", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user_id: userId, password: "password-of-them" }),
  });
  return ((await answer.json()) as { token: string }).token;
}

beforeAll(async () => {
  // Nobody listens there: what a route would ask of others is out of reach at once.
  const nobody = "http://127.0.0.1:9";
  app = await testApp({ env: { ANICARGO_BANGUMI_BASE_URL: nobody, ANICARGO_QBITTORRENT_BASE_URL: nobody } });
  for (const user_id of ["mika", "gone"]) {
    await app.request("/api/users", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ user_id, password: "password-of-them", invite_code: "let-me-in" }),
    });
    tokens[user_id] = await login(user_id);
  }
  await app.request("/api/users/gone", { method: "DELETE" });
  const foreign = createTokens({ secret: new Uint8Array(32).fill(7), loginTtlSecs: 3600 });
  tokens.forged = await foreign.signLogin({ userId: "admin", version: "1" });
});
afterAll(() => app.remove());

/** A request that reaches the route, with a well-formed id where there is one. */
async function ask(route: string, token?: string): Promise<number> {
  const [method, path] = route.split(" ") as [string, string];
  const address = path
    .replace("/hls/:first/:second/:third/:fourth", `/hls/${token ?? "x"}/0123456789abcdef/fonts/0.ttf`)
    .replace("/hls/:first/:second/:third", `/hls/${token ?? "x"}/0123456789abcdef/index.m3u8`)
    .replace("/hls/:first/:second", "/hls/0123456789abcdef/index.m3u8")
    .replace("/media/:first/:second/:third", `/media/${token ?? "x"}/0123456789abcdef/a.mkv`)
    .replace("/media/:first/:second", "/media/0123456789abcdef/a.mkv")
    .replace("/watch/:token/:id", `/watch/${token ?? "x"}/0123456789abcdef`)
    .replace("/api/users/:id", "/api/users/admin")
    .replace("/api/jobs/:id", "/api/jobs/01a20437-e01a-767f-a78d-4bd7d217f46e")
    .replace(/:\w+/g, "0123456789abcdef");
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : { authorization: "" };
  const body = method === "POST" || method === "PUT" ? "{}" : undefined;
  if (body) headers["content-type"] = "application/json";
  const answer = await app.request(address, { method, body, headers });
  await answer.body?.cancel();
  return answer.status;
}

test("every route that is served has a line, and every line is served", () => {
  const served = app.http.routes.map(({ method, path }) => `${method} ${path.replace(/(?<=.)\/$/, "")}`);
  expect([...new Set(served)].sort()).toEqual(expect.arrayContaining(Object.keys(ROUTES).sort()));
  expect([...new Set(served)].filter((route) => !ROUTES[route] && !route.startsWith("GET /watch/"))).toEqual([]);
});

describe.each(Object.entries(ROUTES).filter(([, who]) => who !== "itself"))("%s is for %s", (route, who) => {
  if (who === "anyone") {
    test("no token is needed", async () => {
      expect(await ask(route)).toBe(200);
    });
    return;
  }
  test("without a token: 401", async () => {
    expect(await ask(route)).toBe(401);
  });
  test("with a token of another secret: 401", async () => {
    expect(await ask(route, tokens.forged)).toBe(401);
  });
  test("with the token of a user who was removed: 401", async () => {
    expect(await ask(route, tokens.gone)).toBe(401);
  });
  test(`as a user: ${who === "admin" ? "403" : "let in"}`, async () => {
    const status = await ask(route, tokens.mika);
    // Another user's account is refused by its own rule.
    if (who === "admin" || route.includes("/api/users/")) expect([403, 422]).toContain(status);
    else expect([401, 403]).not.toContain(status);
  });
  if (who === "admin") {
    test("as an admin: let in", async () => {
      expect([401, 403]).not.toContain(await ask(route, app.token));
    });
  }
});
