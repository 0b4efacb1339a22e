/** `/api/library` and the request for an index. */
import { type AnyElysia, Elysia, t } from "elysia";
import type { Guards } from "../core.ts";
import { Forbidden, Unprocessable } from "../errors.ts";
import type { JobQueue } from "../jobs/job.ts";
import { namesEtag } from "../lib/etag.ts";
import { enqueueIndex } from "./job.ts";
import type { Describe, Library } from "./service.ts";

export interface LibraryRouteParts {
  library: Library;
  jobs: JobQueue;
  auth: Guards;
  describe: Describe;
}

const LARGEST = 2_147_483_647;

const listQuery = t.Object({
  q: t.Optional(t.String({ maxLength: 255, description: "Part of the path or the title, in any case" })),
  subject_id: t.Optional(t.Integer({ minimum: 1, maximum: LARGEST })),
  unmatched: t.Optional(t.Boolean({ description: "Only files of which nobody knows what they are" })),
  limit: t.Optional(t.Integer({ minimum: 0, maximum: LARGEST, description: "Without it the whole library comes" })),
  offset: t.Optional(t.Integer({ minimum: 0, maximum: LARGEST })),
  refresh: t.Optional(t.Boolean({ description: "Asks for an index first, for admins; its id comes in X-Job-Id" })),
});

export function libraryRoutes({ library, jobs, auth, describe }: LibraryRouteParts): AnyElysia {
  const forUsers = new Elysia({ tags: ["library"] })
    .derive(auth.user)
    .get(
      "/api/library",
      async ({ query: { q, subject_id: subjectId, unmatched, limit, offset, refresh }, caller, headers }) => {
        requireStorable("q", q);
        const answer = new Headers({ "cache-control": "private, no-cache" });
        if (refresh) {
          if (caller.role !== "admin") throw new Forbidden("only an admin may ask for an index");
          answer.set("x-job-id", (await enqueueIndex(jobs, false)).id);
        }
        const version = await library.listing.version();
        const etag = `"${version}"`;
        answer.set("etag", etag);
        if (namesEtag(headers["if-none-match"], etag)) return new Response(null, { status: 304, headers: answer });
        const { bytes, total } = await library.listing.list({ q, subjectId, unmatched, limit, offset }, version);
        answer.set("content-type", "application/json;charset=utf-8");
        answer.set("x-total-count", String(total));
        return new Response(bytes, { headers: answer });
      },
      { query: listQuery, detail: { summary: "The files of the library, ordered by path" } },
    )
    .get("/api/library/:id", ({ params }) => library.entry(params.id, describe), {
      detail: { summary: "One file with its parse, its match and its tracks" },
    });
  const forAdmins = new Elysia({ tags: ["jobs"] }).derive(auth.admin).post(
    "/api/jobs/index",
    async ({ body, status }) => {
      const { id } = await enqueueIndex(jobs, body?.allow_removals ?? false);
      return status(202, { job_id: id });
    },
    {
      body: t.Optional(
        t.Object({
          allow_removals: t.Optional(
            t.Boolean({ description: "Believe that files are gone, also when most or all of them are" }),
          ),
        }),
      ),
      detail: { summary: "Asks for an index of the library" },
    },
  );
  return new Elysia().use(forUsers).use(forAdmins);
}

/** PostgreSQL keeps neither a zero byte nor half a surrogate pair, so that no file can hold one in its name. */
function requireStorable(field: string, text: string | undefined): void {
  if (text?.includes("\0") || text?.isWellFormed() === false) {
    throw new Unprocessable(`query.${field}: expected text without zero bytes or broken characters`);
  }
}
