/** `/api/matches` and the request for an auto-match. */
import { type AnyElysia, Elysia, t } from "elysia";
import type { Core, Guards } from "../../src/plugin.ts";
import type { Matching } from "./service.ts";
import { enqueueAutoMatch } from "./service.ts";

const security = [{ bearer: [] }];
const tags = ["matching"];
const LARGEST = 2_147_483_647;

const params = t.Object({ id: t.String({ description: "The media id, 16 hex digits" }) });
const error = t.Object({ error: t.String() });
const score = (description: string) => t.Optional(t.Number({ minimum: 0, maximum: 1, description }));

const match = t.Object({
  media_id: t.String(),
  subject_id: t.Integer(),
  episode_id: t.Nullable(t.Integer()),
  method: t.Union([t.Literal("auto"), t.Literal("manual")]),
  confidence: t.Number({ description: "0 to 1" }),
  reason: t.String({ description: "In words that a person can check" }),
});
const candidate = t.Object({
  subject_id: t.Integer(),
  confidence: t.Number({ description: "0 to 1" }),
  reason: t.String(),
  name: t.String(),
  name_cn: t.String(),
});
const choice = t.Object({
  subject_id: t.Integer({ minimum: 1, maximum: LARGEST }),
  episode_id: t.Optional(
    t.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: "Without it the number in the file's name says which, where it can",
    }),
  ),
  apply_to_group: t.Optional(
    t.Boolean({ description: "Also for the files of the same folder that name the same work, each its own episode" }),
  ),
});
const limits = t.Optional(
  t.Object({
    limit: t.Optional(t.Integer({ minimum: 1, maximum: 100, description: "Candidates kept for a file; 8" })),
    min_candidate_score: score("Candidates below it are dropped; 0.5"),
    min_confidence: score("Matches below it are left to a person; 0.9"),
  }),
);
const queued = t.Object({ job_id: t.String({ format: "uuid" }) });

export function matchingRoutes(matching: Matching, jobs: Core["jobs"], auth: Guards): AnyElysia {
  const forUsers = new Elysia({ tags })
    .derive(auth.user)
    .get("/api/matches/:id", async ({ params: { id } }) => ({ current: await matching.current(id) }), {
      params,
      response: { 200: t.Object({ current: t.Nullable(match) }), 404: error },
      detail: { security, summary: "What a file is, as far as it is known" },
    })
    .get("/api/matches/:id/candidates", async ({ params: { id } }) => ({ candidates: await matching.candidates(id) }), {
      params,
      response: { 200: t.Object({ candidates: t.Array(candidate) }), 404: error },
      detail: { security, summary: "What a file may be, best first" },
    });

  const enqueue = {
    body: limits,
    response: { 202: queued },
    detail: { security, summary: "Asks for an auto-match of the library" },
  };
  const forAdmins = new Elysia({ tags })
    .derive(auth.admin)
    .post(
      "/api/matches/auto",
      async ({ body, status }) => status(202, { job_id: (await enqueueAutoMatch(jobs, body ?? {})).id }),
      enqueue,
    )
    .post(
      "/api/jobs/auto-match",
      async ({ body, status }) => status(202, { job_id: (await enqueueAutoMatch(jobs, body ?? {})).id }),
      enqueue,
    )
    .post(
      "/api/matches/:id",
      async ({ params: { id }, body, set }) => {
        const { subject_id: subjectId, episode_id: episodeId, apply_to_group: applyToGroup = false } = body;
        await matching.choose(id, { subjectId, episodeId, applyToGroup });
        set.status = 204;
      },
      {
        params,
        body: choice,
        detail: { security, summary: "Says by hand what a file is; no auto-match changes that" },
      },
    )
    .delete(
      "/api/matches/:id",
      async ({ params: { id }, query: { apply_to_group: applyToGroup = false }, set }) => {
        await matching.clear(id, applyToGroup);
        set.status = 204;
      },
      {
        params,
        query: t.Object({
          apply_to_group: t.Optional(
            t.Boolean({ description: "Also the files of its group that have the same subject" }),
          ),
        }),
        detail: { security, summary: "Takes a match away; the next auto-match looks again" },
      },
    );
  return new Elysia({ name: "matching" }).use(forUsers).use(forAdmins);
}
