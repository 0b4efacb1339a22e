/** The HTTP server on a real socket, with users in memory: for tests of what happens around the routes. */
import type { AnyElysia } from "elysia";
import { type CoreConfig, coreSections } from "../../src/config/schema.ts";
import type { EventHub } from "../../src/core.ts";
import { type Auth, createAuth } from "../../src/http/auth.ts";
import type { CheckFunction } from "../../src/http/health.ts";
import { createHttp } from "../../src/http/server.ts";
import { createTokens, type Tokens } from "../../src/http/tokens.ts";
import { createUserDirectory, type KnownUser } from "../../src/http/user-directory.ts";
import { createEventHub } from "../../src/lib/event-hub.ts";
import type { Fields, Logger } from "../../src/log.ts";

type SectionName = "server" | "auth";

/** A section with all its defaults, and what the test wants otherwise. */
export function section<S extends SectionName>(name: S, overrides: Partial<CoreConfig[S]> = {}): CoreConfig[S] {
  const defaults = Object.entries(coreSections[name].properties).map(([key, schema]) => [
    key,
    (schema as { default?: unknown }).default,
  ]);
  return { ...Object.fromEntries(defaults), ...overrides } as CoreConfig[S];
}

export interface LogLine {
  level: string;
  message: string;
  fields: Fields;
}

export function recordingLogger(): Logger & { lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at =
    (level: string) =>
    (message: string, fields: Fields = {}) =>
      void lines.push({ level, message, fields });
  const log = {
    lines,
    error: at("error"),
    warn: at("warn"),
    info: at("info"),
    debug: at("debug"),
    trace: at("trace"),
    child: () => log,
  };
  return log;
}

export interface TestHttp {
  url: string;
  app: AnyElysia;
  auth: Auth;
  tokens: Tokens;
  events: EventHub;
  /** Who exists; change it and publish, as the database would. */
  people: Map<string, KnownUser>;
  log: ReturnType<typeof recordingLogger>;
  shutdown: AbortController;
  fetch(path: string, init?: RequestInit & { as?: string }): Promise<Response>;
  stop(): Promise<void>;
}

export interface TestHttpOptions {
  server?: Partial<CoreConfig["server"]>;
  routes?(auth: Auth): AnyElysia;
  database?: CheckFunction;
  checks?: Record<string, CheckFunction>;
  unlimited?(pathname: string): boolean;
  jobCounts?(): Promise<Record<string, number>>;
  find?(id: string): Promise<KnownUser | null>;
}

/** Serves on a free loopback port; `alice` is a user, `root` an admin. `as` in `fetch` sends that user's token. */
export async function startHttp(options: TestHttpOptions = {}): Promise<TestHttp> {
  const config = section("server", options.server);
  const log = recordingLogger();
  const events = createEventHub();
  const people = new Map<string, KnownUser>([
    ["alice", { role: "user", tokenVersion: "1" }],
    ["root", { role: "admin", tokenVersion: "1" }],
  ]);
  const find = options.find ?? (async (id: string) => people.get(id) ?? null);
  const tokens = createTokens({ secret: crypto.getRandomValues(new Uint8Array(32)), loginTtlSecs: 3600 });
  const users = createUserDirectory({ find, events });
  const auth = createAuth({ tokens, users, blockedUsers: config.rate_limit_block_users });
  const shutdown = new AbortController();
  const app = createHttp({
    config,
    log,
    auth,
    version: "1.2.3",
    routes: options.routes ? [options.routes(auth)] : [],
    database: options.database ?? (async () => ({ ok: true })),
    checks: options.checks ?? {},
    jobCounts: options.jobCounts ?? (async () => ({})),
    unlimited: options.unlimited ?? (() => false),
    signal: shutdown.signal,
  });
  app.listen({ port: 0, hostname: "127.0.0.1" });
  const url = `http://127.0.0.1:${app.server!.port}`;
  return {
    url,
    app,
    auth,
    tokens,
    events,
    people,
    log,
    shutdown,
    fetch: async (path, { as, ...init } = {}) => {
      const headers = new Headers(init.headers);
      const version = as === undefined ? undefined : people.get(as)?.tokenVersion;
      if (version) headers.set("authorization", `Bearer ${await tokens.signLogin({ userId: as!, version })}`);
      return fetch(url + path, { ...init, headers });
    },
    stop: async () => {
      await app.stop(true);
    },
  };
}

export const jsonBody = (body: unknown, method = "POST"): RequestInit => ({
  method,
  body: JSON.stringify(body),
  headers: { "content-type": "application/json" },
});
