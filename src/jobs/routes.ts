/** `/api/jobs`: looking at jobs, cancelling and following them. Each feature adds the route that asks for its own kind. */
import { type AnyElysia, Elysia, t } from "elysia";
import type { Core } from "../core.ts";
import { Conflict, Forbidden, NotFound, Unauthorized } from "../errors.ts";
import { eventStream } from "../http/sse.ts";
import { createStreamLimit } from "../http/stream-limit.ts";
import { revokedTopic } from "../http/user-directory.ts";
import { followJob } from "./follow.ts";
import type { Job } from "./job.ts";
import { persist } from "./persist.ts";

/** How often a stream looks by itself: its events come from notifications, this is for when those fail. */
const STREAM_POLL_MS = 3000;
const MAX_LIMIT = 200;
/** Event streams of one user at once. */
const MAX_STREAMS = 50;

// Not `t.UnionEnum`: it makes its first value the default, also of an optional query parameter.
const status = t.Union([
  t.Literal("queued"),
  t.Literal("running"),
  t.Literal("retry"),
  t.Literal("done"),
  t.Literal("failed"),
]);
const id = t.Object({ id: t.String({ description: "The id that asking for the job answered" }) });
const time = t.String({ format: "date-time" });

const job = t.Object({
  id: t.String({ format: "uuid" }),
  job_type: t.String({ examples: ["index"] }),
  status,
  attempts: t.Integer({ description: "Runs so far, the present one included" }),
  max_attempts: t.Integer(),
  progress: t.Nullable(
    t.Object({
      done: t.Number(),
      total: t.Optional(t.Number({ description: "Absent while it is not known" })),
      note: t.Optional(t.String()),
    }),
  ),
  result: t.Any({ description: "What the job found; its shape depends on job_type. null until it is done" }),
  last_error: t.Nullable(
    t.String({ description: "Why it failed or is tried again; `cancelled` when it was cancelled" }),
  ),
  created_at: time,
  started_at: t.Nullable(time),
  finished_at: t.Nullable(time),
});

export function jobRoutes(core: Pick<Core, "jobs" | "events" | "http" | "signal">): AnyElysia {
  const { jobs, events, signal: shutdown } = core;
  const { auth } = core.http;
  const enter = createStreamLimit(MAX_STREAMS);

  const forAdmins = new Elysia({ tags: ["jobs"] })
    .derive(auth.admin)
    .get(
      "/api/jobs",
      async ({ query }) => {
        const { job_type: jobType, ...filter } = query;
        return { jobs: await jobs.list({ ...filter, jobType }) };
      },
      {
        query: t.Object({
          status: t.Optional(status),
          job_type: t.Optional(t.String({ maxLength: 100 })),
          limit: t.Integer({ minimum: 1, maximum: MAX_LIMIT, default: 50 }),
          offset: t.Integer({ minimum: 0, maximum: 2 ** 31, default: 0 }),
        }),
        response: { 200: t.Object({ jobs: t.Array(job) }) },
        detail: { summary: "Lists jobs, newest first" },
      },
    )
    .post(
      "/api/jobs/:id/cancel",
      async ({ params, set }) => {
        const answer = await jobs.cancel(params.id);
        if (answer === "unknown") throw unknown();
        if (answer === "ended") throw new Conflict("the job has ended already");
        set.status = 202;
        return { status: "cancelling" as const };
      },
      {
        params: id,
        response: { 202: t.Object({ status: t.Literal("cancelling") }) },
        detail: {
          summary: "Cancels a job",
          description: "A waiting job ends at once, a running one as soon as it heeds: as `failed` with `cancelled`.",
        },
      },
    );

  const forUsers = new Elysia({ tags: ["jobs"] }).derive(auth.user).get(
    "/api/jobs/:id",
    async ({ params }) => {
      const found = await jobs.get(params.id);
      if (!found) throw unknown();
      return { job: found };
    },
    {
      params: id,
      response: { 200: t.Object({ job }) },
      detail: { summary: "Shows a job" },
    },
  );

  const streams = new Elysia({ tags: ["jobs"] }).derive(auth.userOrQuery).get(
    "/api/jobs/:id/stream",
    async ({ params, request, server, caller }) => {
      // As an answer with a status, not as a stream that ends before it began.
      if (!(await jobs.get(params.id))) throw unknown();
      const leave = enter(caller.userId);
      server?.timeout(request, 0);
      return eventStream({
        request,
        signal: shutdown,
        run: (send, signal) => {
          const find = (jobId: string) => persist(() => jobs.get(jobId), signal);
          const onChange = (changed: Job) => send(changed.status, JSON.stringify(changed));
          return followJob({ id: params.id, find, events, pollMs: STREAM_POLL_MS, signal, onChange }).finally(leave);
        },
        allowed: () => auth.userOrQuery({ request }).then(() => true, isTransient),
        recheck: (look) => events.subscribe(revokedTopic(caller.userId), look),
      });
    },
    {
      params: id,
      query: t.Object({ token: t.Optional(t.String({ description: "In place of the Authorization header" })) }),
      detail: {
        summary: "Follows a job as server-sent events",
        description:
          "The job as JSON under its status as the event's name: at once, and at every change of status or progress. Ends after " +
          "`done` or `failed`. Pings every 10 s.",
        security: [{ bearer: [] }, { token: [] }],
        responses: { 200: { description: "Events", content: { "text/event-stream": {} } } },
      },
    },
  );
  return new Elysia().use(forAdmins).use(forUsers).use(streams);
}

const unknown = () => new NotFound("there is no job with this id");

/** Not being able to ask the database now does not mean that the caller may not. */
const isTransient = (error: unknown): boolean => !(error instanceof Unauthorized || error instanceof Forbidden);
