/** The HTTP server with its users in a real database: for tests of logging in, and of what ends a login. */
import type { AnyElysia } from "elysia";
import type { CoreConfig } from "../../src/config/schema.ts";
import { type Auth, createAuth } from "../../src/http/auth.ts";
import { createHttp } from "../../src/http/server.ts";
import { createTokens, type Tokens } from "../../src/http/tokens.ts";
import { createUserDirectory, USERS_TOPIC } from "../../src/http/user-directory.ts";
import { createEventHub, type EventHub } from "../../src/lib/event-hub.ts";
import { ensureAdmin, loadJwtSecret } from "../../src/users/first-start.ts";
import { createLogin } from "../../src/users/login.ts";
import { listenForUsers } from "../../src/users/notifications.ts";
import { userRoutes } from "../../src/users/routes.ts";
import { createUsers, type Users } from "../../src/users/service.ts";
import { findUser } from "../../src/users/store.ts";
import type { TestDatabase } from "./database.ts";
import { recordingLogger, section } from "./http.ts";

export interface UsersHttp {
  users: Users;
  tokens: Tokens;
  auth: Auth;
  events: EventHub;
  log: ReturnType<typeof recordingLogger>;
  /** Logs in without a password. */
  tokenOf(userId: string): Promise<string>;
  /** @param from `elsewhere`: as a proxy would send it on; default: from this machine itself */
  ask(method: string, path: string, options?: AskOptions): Promise<{ status: number; body: unknown; headers: Headers }>;
  /** `METHOD /path/:parameter`, of every route there is. */
  routes(): string[];
  stop(): Promise<void>;
}

export interface AskOptions {
  token?: string;
  body?: unknown;
  from?: "here" | "elsewhere";
  address?: string;
}

export async function startUsersHttp(
  db: TestDatabase,
  overrides: {
    auth?: Partial<CoreConfig["auth"]>;
    server?: Partial<CoreConfig["server"]>;
    routes?(auth: Auth): AnyElysia;
  } = {},
): Promise<UsersHttp> {
  const authConfig = section("auth", overrides.auth);
  const config = section("server", { trusted_proxies: ["127.0.0.1"], ...overrides.server });
  const log = recordingLogger();
  const events = createEventHub();
  await ensureAdmin(db.sql, authConfig, log);
  const tokens = createTokens({
    secret: await loadJwtSecret(db.sql, authConfig),
    loginTtlSecs: authConfig.token_ttl_secs,
  });
  const directory = createUserDirectory({ find: (id) => findUser(db.sql, id), events });
  const auth = createAuth({ tokens, users: directory, blockedUsers: config.rate_limit_block_users });
  const users = createUsers({
    sql: db.sql,
    changed: (userId, tokenVersion) => events.publish(USERS_TOPIC, { userId, tokenVersion }),
  });
  const login = createLogin({ users, auth: authConfig, sign: tokens.signLogin });
  const listening = await listenForUsers(db.sql, events);
  const app = createHttp({
    config,
    log,
    auth,
    version: "1.2.3",
    routes: [userRoutes({ users, login, guards: auth.guards }), ...(overrides.routes ? [overrides.routes(auth)] : [])],
    database: async () => ({ ok: true }),
    checks: {},
    jobCounts: async () => ({}),
    unlimited: () => false,
    signal: new AbortController().signal,
  });
  app.listen({ port: 0, hostname: "127.0.0.1" });
  const url = `http://127.0.0.1:${app.server!.port}`;
  return {
    users,
    tokens,
    auth,
    events,
    log,
    tokenOf: async (userId) => {
      const user = await findUser(db.sql, userId);
      return tokens.signLogin({ userId, version: user!.tokenVersion });
    },
    ask: async (method, path, { token, body, from = "here", address = "192.0.2.1" } = {}) => {
      const headers = new Headers();
      if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
      if (body !== undefined) headers.set("content-type", "application/json");
      if (from === "elsewhere") headers.set("x-forwarded-for", address);
      const response = await fetch(url + path, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.startsWith("application/json");
      return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
    },
    routes: () => app.routes.map(({ method, path }) => `${method} ${path}`),
    stop: async () => {
      await app.stop(true);
      await listening.close();
    },
  };
}
