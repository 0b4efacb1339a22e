/** `/api/bangumi`: for people who look a subject up by hand. */
import { type AnyElysia, Elysia, t } from "elysia";
import { type Guards, NotFound, Unprocessable } from "../../src/plugin.ts";
import { cleanKeyword } from "./keyword.ts";
import type { Bangumi } from "./model.ts";

const error = t.Object({ error: t.String() });
const texts = { name: t.String(), name_cn: t.String() };
const date = t.Nullable(t.String({ description: "YYYY-MM-DD" }));
const hit = {
  id: t.Integer(),
  ...texts,
  date,
  platform: t.String({ description: "TV, WEB, OVA, 剧场版, …" }),
  eps: t.Integer({ description: "Main episodes as the wiki counts them; 0: unknown" }),
  image: t.Nullable(t.String()),
};
const Episode = t.Object({
  id: t.Integer(),
  type: t.Integer({ description: "0 main, 1 special, 2 opening, 3 ending, 4 trailer, 5 MAD, 6 other" }),
  sort: t.Number({ description: "The number that people give it; may go on from the season before" }),
  ep: t.Number({ description: "Its place within the subject, from 1; 0 unless it is a main episode" }),
  ...texts,
  airdate: date,
});
const Relation = t.Object({
  id: t.Integer(),
  type: t.Integer({ description: "1 book, 2 anime, 3 music, 4 game, 6 live action" }),
  relation: t.String({ description: "前传, 续集, …" }),
  ...texts,
});
const Subject = t.Object({
  ...hit,
  aliases: t.Array(t.String()),
  total_episodes: t.Integer({ description: "Of every kind" }),
  nsfw: t.Boolean(),
  episodes: t.Array(Episode),
  relations: t.Array(Relation),
});

export function bangumiRoutes(bangumi: Bangumi, auth: Guards): AnyElysia {
  const shared = { tags: ["bangumi"], security: [{ bearer: [] }] };
  return new Elysia()
    .derive(auth.user)
    .get(
      "/api/bangumi/search",
      async ({ query: { q } }) => {
        if (cleanKeyword(q) === "") throw new Unprocessable("query.q: expected a part of a title");
        const found = await bangumi.search(q);
        return found.map(({ id, name, name_cn, date, platform, eps, image }) => ({
          ...{ id, name, name_cn, date, platform, eps, image },
        }));
      },
      {
        query: t.Object({ q: t.String({ minLength: 1, maxLength: 100, description: "A part of the title" }) }),
        response: { 200: t.Array(t.Object(hit)), 503: error },
        detail: { ...shared, summary: "Searches Bangumi for anime, best first, at most 20" },
      },
    )
    .get(
      "/api/bangumi/subjects/:id",
      async ({ params: { id } }) => {
        const subject = await bangumi.subject(id);
        if (!subject) throw new NotFound("Bangumi knows no such subject");
        const [episodes, relations] = await Promise.all([bangumi.episodes(id), bangumi.relations(id)]);
        return { ...subject, episodes: episodes.map(({ subject_id: _, ...episode }) => episode), relations };
      },
      {
        params: t.Object({ id: t.Integer({ minimum: 1, maximum: 2 ** 31 - 1 }) }),
        response: { 200: Subject, 404: error, 503: error },
        detail: { ...shared, summary: "A subject of Bangumi with its episodes and relations" },
      },
    );
}
