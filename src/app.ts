/** The composition root: configuration and plugins become one thing that can be served, used and stopped. */
import type { AnyElysia } from "elysia";
import { inOrder, jobHandlers, refuseRouteClashes } from "./compose.ts";
import type { LoadedConfig } from "./config/load.ts";
import { requireMediaDir } from "./config/media-dir.ts";
import type { Core } from "./core.ts";
import { type Database, openDatabase } from "./db/connect.ts";
import { migrate } from "./db/migrate.ts";
import { coreMigrations } from "./db/migrations.ts";
import { ping } from "./db/ping.ts";
import { CannotCreate, EXIT } from "./errors.ts";
import { createAuth } from "./http/auth.ts";
import type { CheckFunction } from "./http/health.ts";
import { createHttp } from "./http/server.ts";
import { createTokens } from "./http/tokens.ts";
import { createUserDirectory, USERS_TOPIC } from "./http/user-directory.ts";
import type { AnyJob } from "./jobs/job.ts";
import { listenForJobs } from "./jobs/notifications.ts";
import { jobRoutes } from "./jobs/routes.ts";
import { createJobQueue } from "./jobs/service.ts";
import { countJobs } from "./jobs/store.ts";
import { createWorker, type Worker } from "./jobs/worker.ts";
import { localUrl, otherUrls, parseBindAddress } from "./lib/bind-address.ts";
import { createEventHub } from "./lib/event-hub.ts";
import { libraryRoutes } from "./library/routes.ts";
import { createLibrary, type Describe } from "./library/service.ts";
import type { Logger } from "./log.ts";
import type { AnyPlugin, Feature } from "./plugin.ts";
import { factoryHints } from "./users/factory.ts";
import { ensureAdmin, loadJwtSecret } from "./users/first-start.ts";
import { createLogin } from "./users/login.ts";
import { listenForUsers } from "./users/notifications.ts";
import { userRoutes } from "./users/routes.ts";
import { createUsers } from "./users/service.ts";
import { findUser } from "./users/store.ts";
import { version } from "./version.ts";

export interface OpenAppOptions {
  loaded: LoadedConfig;
  plugins: readonly AnyPlugin[];
  log: Logger;
  /** Aborted when the process is to end. */
  signal: AbortSignal;
  /** For a process that stays: an embedded database that dies is started again. */
  keepAlive?: boolean;
}

export interface App {
  core: Core;
  /** Not listening: tests call `http.handle(request)`. */
  http: AnyElysia;
  finish: Worker["finish"];
  /** Makes the first admin, starts features, jobs and the listener. @returns the address, `http://127.0.0.1:3000` */
  serve(): Promise<string>;
  /** Stops what runs in an order that loses nothing, and closes the database. Can be called again. */
  stop(): Promise<void>;
}

/** Seconds that requests under way have to end; whatever holds one longer is cut. */
const LAST_REQUESTS_SECS = 5;

/**
 * Opens the database, brings its schema up to date and sets every feature up.
 * @throws AppError when something it needs is not there; Error when the plugins do not fit together
 */
export async function openApp(options: OpenAppOptions): Promise<App> {
  const { loaded, log } = options;
  const plugins = inOrder(options.plugins);
  const database = await openDatabase(loaded.core.db, log.child("db"), { keepAlive: options.keepAlive });
  try {
    const groups = plugins.map(({ name, migrations = [] }) => ({ name, migrations }));
    await migrate(database.sql, [{ name: "core", migrations: coreMigrations }, ...groups], log.child("db"));
    return await assemble(options, plugins, database);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function assemble(
  { loaded, log, signal }: OpenAppOptions,
  plugins: readonly AnyPlugin[],
  { sql, close }: Database,
): Promise<App> {
  const config = loaded.core;
  const events = createEventHub((error) => log.error("a listener failed, this is a bug", { error }));

  const users = createUsers({
    sql,
    changed: (userId, tokenVersion) => events.publish(USERS_TOPIC, { userId, tokenVersion }),
  });
  const tokens = createTokens({
    secret: await loadJwtSecret(sql, config.auth),
    loginTtlSecs: config.auth.token_ttl_secs,
  });
  const auth = createAuth({
    tokens,
    users: createUserDirectory({ find: (userId) => findUser(sql, userId), events }),
    blockedUsers: config.server.rate_limit_block_users,
  });

  const library = createLibrary({ sql, config, log: log.child("library") });
  // Filled below: a feature may enqueue jobs of any kind, its own included.
  const handlers = new Map<string, AnyJob>();
  const core: Core = {
    config,
    log,
    sql,
    jobs: createJobQueue(sql, handlers, config.server),
    events,
    media: library.media,
    http: { auth: auth.guards },
    signal,
  };

  const features: { name: string; feature: Feature }[] = [];
  for (const plugin of plugins) {
    const own = { ...core, log: log.child(plugin.name) };
    features.push({ name: plugin.name, feature: await plugin.setup(own, loaded.plugins[plugin.name]) });
  }
  const describe: Describe = async (mediaId) =>
    Object.assign({}, ...(await Promise.all(features.map(({ feature }) => feature.describe?.(mediaId) ?? {}))));

  const groups = [
    { name: "jobs", routes: jobRoutes(core) as AnyElysia, jobs: [] },
    {
      name: "users",
      routes: userRoutes({
        users,
        login: createLogin({ users, auth: config.auth, sign: tokens.signLogin }),
        guards: auth.guards,
      }) as AnyElysia,
      jobs: [],
    },
    {
      name: "library",
      routes: libraryRoutes({ library, jobs: core.jobs, auth: auth.guards, describe }),
      jobs: [library.job],
    },
    ...features.map(({ name, feature: { routes, jobs = [] } }) => ({ name, routes, jobs })),
  ];
  refuseRouteClashes(groups);
  for (const [kind, job] of jobHandlers(groups)) handlers.set(kind, job);

  const worker = createWorker({ sql, definitions: handlers, config: config.server, log: log.child("jobs"), events });
  const notifications = await listenForJobs(sql, events, log.child("jobs"));
  const http = createHttp({
    config: config.server,
    log: log.child("http"),
    auth,
    version,
    routes: groups.flatMap(({ routes }) => routes ?? []),
    database: () => ping(sql).then(() => ({ ok: true })),
    checks: healthChecks(features),
    jobCounts: () => countJobs(sql),
    unlimited: (pathname) => features.some(({ feature }) => feature.unlimited?.(pathname)),
    signal,
  });

  let heardUsers: { close(): Promise<void> } | undefined;
  /** Waits for all of them; what fails is told and holds up nothing that comes after. */
  const all = async (...ends: (Promise<unknown> | undefined)[]): Promise<void> => {
    for (const end of await Promise.allSettled(ends)) {
      if (end.status === "rejected") log.error("something did not stop as it should", { error: end.reason });
    }
  };
  let stopped: Promise<void> | undefined;

  return {
    core,
    http,
    finish: worker.finish,
    async serve() {
      await requireMediaDir(config).catch((error) => log.warn(error.message));
      for (const hint of factoryHints(config.auth)) log.warn(hint);
      await ensureAdmin(sql, config.auth, log.child("users"));
      heardUsers = await listenForUsers(sql, events);
      for (const { feature } of features) await feature.start?.();
      await worker.start();
      const url = listen(http, config.server.bind);
      log.info(`listening on ${url}`);
      for (const other of otherUrls(config.server.bind, url)) log.info(`from other machines: ${other}`);
      return url;
    },
    stop() {
      stopped ??= (async () => {
        // Requests and jobs use features, those the queue and the notifications, and all of them the database.
        await all(hangUp(http), worker.stop());
        await all(...features.map(async ({ feature }) => feature.stop?.()));
        await all(heardUsers?.close(), notifications.close());
        await all(close());
      })();
      return stopped;
    },
  };
}

const healthChecks = (features: readonly { name: string; feature: Feature }[]): Record<string, CheckFunction> =>
  Object.fromEntries(
    features.flatMap(({ name, feature: { health } }) => (health ? [[name, async () => health()] as const] : [])),
  );

const LISTEN_PROBLEMS: Record<string, string> = {
  EADDRINUSE: "another program listens there already",
  EADDRNOTAVAIL: "this machine has no such address",
  EACCES: "ports below 1024 are for root",
};

/** @returns where this machine reaches it */
function listen(http: AnyElysia, bind: string): string {
  const address = parseBindAddress(bind)!;
  try {
    http.listen(address);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = LISTEN_PROBLEMS[code ?? ""] ?? `(${code ?? error})`;
    throw new CannotCreate(`cannot listen on ${bind}: ${why}; set server.bind`, {
      cause: error,
      exitCode: code === "EACCES" ? EXIT.permission : undefined,
    });
  }
  // Port 0 was the system's to choose.
  return localUrl(bind.replace(/\d+$/, String(http.server!.port)));
}

/** Stops accepting, lets requests under way end, then cuts what is left. */
async function hangUp(http: AnyElysia): Promise<void> {
  const { server } = http;
  const gone = server?.stop();
  await Promise.race([gone, Bun.sleep(LAST_REQUESTS_SECS * 1000)]);
  await server?.stop(true);
}
