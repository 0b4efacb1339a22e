/** `GET /api/health`: whether this process can serve, for monitors, containers and load balancers. */
import { Elysia, t } from "elysia";
import { within } from "../lib/within.ts";
import type { Auth } from "./auth.ts";

/** One thing that has to work; `detail` is for admins. */
export interface Check {
  ok: boolean;
  detail?: string;
}

export type CheckFunction = () => Promise<Check>;

export interface HealthReport {
  /** `degraded`: it serves, but a feature does not work as it should. */
  status: "ok" | "degraded" | "unavailable" | "stopping";
  checks: Record<string, Check>;
}

/** A check that takes longer has failed: what it asks is stuck. */
const DEADLINE_MS = 2_000;

/**
 * @param database without it nothing can be served: 503
 * @param features what is less bad: a failed one degrades, since a restart of this process would not mend it
 * @param signal aborted while shutting down
 */
export function createHealth(
  database: CheckFunction,
  features: Readonly<Record<string, CheckFunction>>,
  signal: AbortSignal,
): () => Promise<HealthReport> {
  const look = async (): Promise<HealthReport> => {
    const all = Object.entries({ database, ...features });
    const results = await Promise.all(all.map(async ([name, check]) => [name, await run(check)] as const));
    const checks = Object.fromEntries(results);
    return { status: statusOf(checks, signal), checks };
  };
  // Anybody may ask, as often as they like: however many do, the checks run once at a time.
  let current: Promise<HealthReport> | null = null;
  return () => {
    current ??= look().finally(() => {
      current = null;
    });
    return current;
  };
}

function statusOf(checks: Record<string, Check>, signal: AbortSignal): HealthReport["status"] {
  if (signal.aborted) return "stopping";
  if (!checks.database?.ok) return "unavailable";
  return Object.values(checks).every(({ ok }) => ok) ? "ok" : "degraded";
}

async function run(check: CheckFunction): Promise<Check> {
  try {
    const result = check();
    return (await within(result, DEADLINE_MS)) ? await result : { ok: false, detail: "no answer in time" };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

const Report = t.Object({
  status: t.String({ description: "ok, degraded, unavailable or stopping" }),
  checks: t.Record(t.String(), t.Object({ ok: t.Boolean(), detail: t.Optional(t.String()) })),
});

export const healthRoutes = (health: () => Promise<HealthReport>, auth: Auth) =>
  new Elysia({ tags: ["system"] }).get(
    "/api/health",
    async ({ request, status }) => {
      const report = await health();
      const code = report.status === "ok" || report.status === "degraded" ? 200 : 503;
      return status(code, (await isAdmin(auth, request)) ? report : withoutDetails(report));
    },
    {
      response: { 200: Report, 503: Report },
      detail: {
        summary: "Whether the server can serve",
        description: "503 while the database is away or the server is stopping. Admins also see details.",
        security: [],
      },
    },
  );

/** Who cannot be known while the database is away gets the answer for strangers. */
const isAdmin = async (auth: Auth, request: Request): Promise<boolean> =>
  (await auth.identify(request).catch(() => null))?.role === "admin";

const withoutDetails = ({ status, checks }: HealthReport): HealthReport => ({
  status,
  checks: Object.fromEntries(Object.entries(checks).map(([name, { ok }]) => [name, { ok }])),
});
