/** The whole app, plugins and all, on a real database and an empty media folder, listening on a free port. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plugins as allPlugins } from "../../plugins/index.ts";
import { type App, openApp } from "../../src/app.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { AnyPlugin } from "../../src/plugin.ts";
import { testDatabase } from "./database.ts";
import { silentLogger } from "./silent-logger.ts";

export interface TestApp extends App {
  url: string;
  mediaDir: string;
  /** A token of the admin. */
  token: string;
  /** As the process's own shutdown would. */
  abort(): void;
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Stops it and removes everything of it. */
  remove(): Promise<void>;
}

const SECRETS = { ANICARGO_ADMIN_PASSWORD: "correct-horse", ANICARGO_INVITE_CODE: "let-me-in" };

export async function testApp(
  options: { plugins?: readonly AnyPlugin[]; env?: Record<string, string> } = {},
): Promise<TestApp> {
  const plugins = options.plugins ?? allPlugins;
  const database = await testDatabase();
  const place = mkdtempSync(join(tmpdir(), "anicargo-app-"));
  const mediaDir = join(place, "media");
  mkdirSync(mediaDir);
  const loaded = await loadConfig({
    sections: plugins.map(({ name, config }) => ({ name, schema: config })),
    flags: {},
    env: {
      ANICARGO_MEDIA_DIR: mediaDir,
      ANICARGO_DATA_DIR: join(place, "data"),
      ANICARGO_CACHE_DIR: join(place, "cache"),
      ANICARGO_DATABASE_URL: database.url,
      ANICARGO_BIND: "127.0.0.1:0",
      ...SECRETS,
      ...options.env,
    },
    cwd: place,
    home: place,
  });
  const stopping = new AbortController();
  const app = await openApp({ loaded, plugins, log: silentLogger, signal: stopping.signal });
  const url = await app.serve();
  const login = await fetch(`${url}/api/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user_id: "admin", password: SECRETS.ANICARGO_ADMIN_PASSWORD }),
  });
  const { token } = (await login.json()) as { token: string };
  return {
    ...app,
    url,
    mediaDir,
    token,
    abort: () => stopping.abort(),
    request: (path, init = {}) =>
      fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } }),
    remove: async () => {
      stopping.abort();
      await app.stop();
      await database.drop();
      rmSync(place, { recursive: true, force: true });
    },
  };
}
