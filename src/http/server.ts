/** The HTTP server put together: what happens to every request, in the order in which it happens. */
import { type AnyElysia, Elysia } from "elysia";
import type { CoreConfig } from "../config/schema.ts";
import { canonicalIp, ipSet } from "../lib/ip-set.ts";
import type { Logger } from "../log.ts";
import type { Auth } from "./auth.ts";
import { BODY_LIMITS, readJson } from "./body.ts";
import { clientAddress } from "./client-address.ts";
import { answerFor, type ErrorAnswer, errorBody } from "./errors.ts";
import { type CheckFunction, createHealth, healthRoutes } from "./health.ts";
import { createInFlight } from "./in-flight.ts";
import { createMetrics, metricsRoutes } from "./metrics.ts";
import { openApiRoutes } from "./openapi.ts";
import { createRateLimit } from "./rate-limit.ts";
import { factsOf, isDirect, type RequestFacts, rememberFacts } from "./request-facts.ts";
import { requestId } from "./request-id.ts";
import { welcomeRoutes } from "./welcome.ts";

export interface HttpOptions {
  config: CoreConfig["server"];
  log: Logger;
  auth: Auth;
  version: string;
  /** The features' routes, without a listener. */
  routes: readonly AnyElysia[];
  /** Whether the database answers. */
  database: CheckFunction;
  /** The features' health, by name. */
  checks: Readonly<Record<string, CheckFunction>>;
  jobCounts(): Promise<Record<string, number>>;
  /** Whether a request for this path is free of the rate limit. */
  unlimited(pathname: string): boolean;
  /** Aborted when the process begins to shut down. */
  signal: AbortSignal;
}

const HEALTH_PATH = "/api/health";
/** Longer than any handler takes: Bun hangs up on a request that is not answered within it. Seconds. */
const IDLE_TIMEOUT_SECS = 60;
/** Beyond this Bun refuses by itself, with an empty 413; below it the answer is ours, in JSON. Bytes. */
const HARD_BODY_LIMIT = 64 << 20;

/** @returns the server, not listening yet: `listen({ hostname, port })` starts it */
export function createHttp(options: HttpOptions): AnyElysia {
  const { config, log, auth, version } = options;
  const isTrusted = ipSet(config.trusted_proxies);
  const limit = createRateLimit(config);
  const inFlight = createInFlight(config.max_in_flight);
  const metrics = createMetrics({ version, inFlight: inFlight.count, jobCounts: options.jobCounts });

  const arrive = (request: Request): RequestFacts => {
    const { headers } = request;
    const peer = canonicalIp(app.server?.requestIP(request)?.address ?? "") ?? "unknown";
    return rememberFacts(request, {
      id: requestId(headers),
      address: clientAddress(peer, headers.get("x-forwarded-for"), isTrusted),
      direct: isDirect(peer, headers),
      startedAt: performance.now(),
      route: "unmatched",
    });
  };

  /** Behind the limits; the health check never meets them, so that a busy server is not taken for a dead one. */
  const answer = async (request: Request, facts: RequestFacts, handle: Handle): Promise<Response> => {
    const path = pathOf(request.url);
    if (path === HEALTH_PATH) return handle(request);
    const leave = inFlight.enter();
    request.signal.addEventListener("abort", leave, { once: true });
    try {
      const identify = () => auth.identify(request);
      await limit({ address: facts.address, unlimited: options.unlimited(path), identify });
      return await handle(request);
    } finally {
      leave();
    }
  };

  const report = (error: unknown, { unforeseen, status }: ErrorAnswer, request: Request): void => {
    const { id } = factsOf(request);
    const fields = { request_id: id, method: request.method, url: request.url, error };
    // Who hung up is told nothing, and what was given up for it is no news.
    if (request.signal.aborted) log.debug("a request was given up", fields);
    else if (unforeseen) log.error("a request failed, this is a bug", fields);
    else if (status >= 500) log.warn("a request could not be served", fields);
  };

  const refuse = (error: unknown, request: Request, { id }: RequestFacts): Response => {
    const refusal = answerFor(error);
    report(error, refusal, request);
    return Response.json(errorBody(refusal, id), { status: refusal.status, headers: refusal.headers });
  };

  const finish = (request: Request, facts: RequestFacts, response: Response): Response => {
    const { method, url } = request;
    const { headers, status } = response;
    headers.set("x-request-id", facts.id);
    headers.set("x-content-type-options", "nosniff");
    headers.set("referrer-policy", "no-referrer");
    const ms = performance.now() - facts.startedAt;
    metrics.observe({ method, route: facts.route, status, seconds: ms / 1000 });
    log.debug("request", { request_id: facts.id, client: facts.address, method, url, status, ms: Math.round(ms) });
    return response;
  };

  /** Routes with a parser of their own: forms, which cannot be read as JSON. */
  const readsItself = new Set(
    options.routes.flatMap(({ routes }) =>
      routes.filter(({ hooks }) => hooks.parse?.length > 0).map(({ method, path }) => `${method} ${path}`),
    ),
  );

  // One router, the one that tests ask as well: Bun's own matches paths by other rules than Elysia's.
  const app: AnyElysia = new Elysia({
    systemRouter: false,
    // A host of under four letters ("nas") is a host too.
    handler: { standardHostname: false },
    // Elysia shares the port unless told: a second server would then take every other request in silence.
    serve: {
      development: false,
      reusePort: false,
      idleTimeout: IDLE_TIMEOUT_SECS,
      maxRequestBodySize: HARD_BODY_LIMIT,
    },
  })
    .wrap(((handle: Handle) => async (request: Request) => {
      const facts = arrive(request);
      try {
        return finish(request, facts, await answer(routable(request, facts), facts, handle));
      } catch (error) {
        return finish(request, facts, refuse(error, request, facts));
      }
    }) as unknown as Wrapper)
    .onParse(({ request, route }) =>
      readsItself.has(`${request.method} ${route}`) ? undefined : readJson(request, BODY_LIMITS),
    )
    .onTransform(({ request, route }) => {
      factsOf(request).route = route;
    })
    .onError(({ error, request, route, query, params, set }) => {
      const facts = factsOf(request);
      if (route) facts.route = route;
      const refusal = answerFor(error, { query, params });
      report(error, refusal, request);
      set.status = refusal.status;
      Object.assign(set.headers, refusal.headers);
      return errorBody(refusal, facts.id);
    });

  app.use(healthRoutes(createHealth(options.database, options.checks, options.signal), auth));
  app.use(metricsRoutes(metrics, auth));
  app.use(openApiRoutes(() => app, version));
  app.use(welcomeRoutes(version));
  for (const routes of options.routes) app.use(routes);
  return app;
}

type Handle = (request: Request) => Response | Promise<Response>;
/** Elysia's own type says less than it does: the function gets the handler and returns one. */
type Wrapper = Parameters<AnyElysia["wrap"]>[0];

/**
 * A HEAD is asked as a GET: Elysia would read the whole answer to learn its length, and an event stream never ends. Bun
 * knows by itself to send the head alone.
 */
function routable(request: Request, facts: RequestFacts): Request {
  if (request.method !== "HEAD") return request;
  const { url, headers, signal } = request;
  const twin = new Request(url, { headers, signal });
  rememberFacts(twin, facts);
  return twin;
}

/** The path of a request as it was sent, without its query: `http://host/path?query`. */
function pathOf(url: string): string {
  const start = url.indexOf("/", "http://".length);
  const end = url.indexOf("?", start);
  return url.slice(start, end === -1 ? undefined : end);
}
