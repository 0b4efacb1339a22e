/** `GET /metrics`: numbers in the text format of Prometheus. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { Elysia } from "elysia";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Auth } from "./auth.ts";
import { factsOf } from "./request-facts.ts";

export interface Metrics {
  /** @param route the pattern, not the path: a label a file would be a series a file */
  observe(request: { method: string; route: string; status: number; seconds: number }): void;
  text(): Promise<string>;
  contentType: string;
}

export interface MetricsSources {
  version: string;
  /** Requests being worked on. */
  inFlight(): number;
  /** Jobs by status. */
  jobCounts(): Promise<Record<string, number>>;
}

/** Anybody may invent a method; each would be a series for ever. */
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30];

/** A registry of our own: prom-client's default metrics read parts of Node that Bun does not have. */
export function createMetrics({ version, inFlight, jobCounts }: MetricsSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: "anicargo_http_requests_total",
    help: "Requests answered",
    labelNames: ["method", "route", "status"],
    registers,
  });
  const duration = new Histogram({
    name: "anicargo_http_request_duration_seconds",
    help: "Time from a request's arrival until its answer is ready to be sent",
    labelNames: ["method", "route"],
    buckets: SECONDS,
    registers,
  });
  const gauge = (
    name: string,
    help: string,
    read: (self: Gauge<string>) => void | Promise<void>,
    labels: string[] = [],
  ) =>
    new Gauge({
      name,
      help,
      labelNames: labels,
      registers,
      collect() {
        return read(this);
      },
    });
  gauge("anicargo_info", "The version, as a label", (self) => self.set({ version }, 1), ["version"]);
  gauge("anicargo_http_requests_in_flight", "Requests being worked on", (self) => self.set(inFlight()));
  gauge("process_resident_memory_bytes", "Resident memory", (self) => self.set(process.memoryUsage.rss()));
  gauge("process_start_time_seconds", "Start time since 1970", (self) => self.set(startedAt));
  gauge("anicargo_event_loop_lag_seconds", "How long a turn of the event loop took just now", async (self) => {
    const before = performance.now();
    await nextTurn();
    self.set((performance.now() - before) / 1000);
  });
  const jobs = async (self: Gauge<string>) => {
    self.reset();
    for (const [status, count] of Object.entries(await jobCounts())) self.set({ status }, count);
  };
  gauge("anicargo_jobs", "Jobs by status", jobs, ["status"]);

  return {
    observe({ method, route, status, seconds }) {
      const known = METHODS.has(method) ? method : "other";
      requests.inc({ method: known, route, status });
      duration.observe({ method: known, route }, seconds);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

const startedAt = Math.round(Date.now() / 1000 - process.uptime());

/** For admins, and for a Prometheus on this machine that is no proxy. */
export const metricsRoutes = (metrics: Metrics, auth: Auth) =>
  new Elysia({ tags: ["system"] })
    .derive(async (context) => {
      if (!factsOf(context.request).direct) await auth.guards.admin(context);
    })
    .get(
      "/metrics",
      async ({ set }) => {
        set.headers["content-type"] = metrics.contentType;
        return metrics.text();
      },
      {
        detail: {
          summary: "Metrics in the text format of Prometheus",
          description: "For admins, or from this machine.",
        },
      },
    );
