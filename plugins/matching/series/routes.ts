/** `/api/series`. */
import { type AnyElysia, Elysia, t } from "elysia";
import type { Sql } from "postgres";
import { namesEtag } from "../../../src/lib/etag.ts";
import { type Guards, Unprocessable } from "../../../src/plugin.ts";
import { countSeries, listSeries } from "./store.ts";

const LARGEST = 2_147_483_647;

const query = t.Object({
  q: t.Optional(t.String({ maxLength: 255, description: "Part of a name or an alias, in any case" })),
  limit: t.Optional(t.Integer({ minimum: 0, maximum: LARGEST, description: "Without it all of them come" })),
  offset: t.Optional(t.Integer({ minimum: 0, maximum: LARGEST })),
});

export const seriesRoutes = (sql: Sql, auth: Guards): AnyElysia =>
  new Elysia({ tags: ["matching"] }).derive(auth.user).get(
    "/api/series",
    async ({ query: { q, limit, offset }, headers }) => {
      if (q?.includes("\0") || q?.isWellFormed() === false) {
        throw new Unprocessable("query.q: expected text without zero bytes or broken characters");
      }
      const search = q?.normalize("NFKC").toLowerCase();
      const isWhole = limit === undefined && !offset;
      const [series, total] = await Promise.all([
        listSeries(sql, search, { limit, offset }),
        isWhole ? undefined : countSeries(sql, search),
      ]);
      const body = JSON.stringify(series);
      // Of the answer itself: what is missing changes with the day, and with what Bangumi says.
      const etag = `"${Bun.hash.wyhash(body).toString(36)}"`;
      const answer = new Headers({
        "cache-control": "private, no-cache",
        etag,
        "x-total-count": String(total ?? series.length),
      });
      if (namesEtag(headers["if-none-match"], etag)) return new Response(null, { status: 304, headers: answer });
      answer.set("content-type", "application/json;charset=utf-8");
      return new Response(body, { headers: answer });
    },
    {
      query,
      detail: {
        summary: "The library by series, newest first",
        description:
          "`episodes_missing` holds main episodes that were shown already; both lists hold Bangumi's `sort`.",
        security: [{ bearer: [] }],
      },
    },
  );
