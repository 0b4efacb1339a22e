/** The one question that AniList is asked, and its answer. Pure. */
import { type Static, type TSchema, Type } from "typebox";
import { Value } from "typebox/value";
import type { AniListWork } from "./model.ts";

/**
 * Works of every kind, also adult ones: a library may hold them.
 * @see https://docs.anilist.co/guide/graphql/pagination the query, and https://docs.anilist.co/reference/object/media its fields
 */
export const SEARCH = `query ($title: String) {
  Page(perPage: 10) {
    media(search: $title, type: ANIME, sort: SEARCH_MATCH) {
      id
      idMal
      title { romaji english native }
      synonyms
      format
      startDate { year }
      episodes
    }
  }
}`;

/** Every field but the id may be null, says the reference; a mirror may leave it out. */
const maybe = <S extends TSchema>(schema: S) => Type.Optional(Type.Union([schema, Type.Null()]));

const medium = Type.Object({
  id: Type.Integer(),
  idMal: maybe(Type.Integer()),
  title: maybe(
    Type.Object({ romaji: maybe(Type.String()), english: maybe(Type.String()), native: maybe(Type.String()) }),
  ),
  synonyms: maybe(Type.Array(Type.Union([Type.String(), Type.Null()]))),
  format: maybe(Type.String()),
  startDate: maybe(Type.Object({ year: maybe(Type.Integer()) })),
  episodes: maybe(Type.Integer()),
});

const answer = Type.Object({
  data: Type.Object({ Page: Type.Object({ media: maybe(Type.Array(Type.Union([medium, Type.Null()]))) }) }),
});

/** @returns the works of an answer; null when it is no answer to {@link SEARCH} (an error comes with `data: null`) */
export function readAnswer(json: unknown): AniListWork[] | null {
  if (!Value.Check(answer, json)) return null;
  return (json.data.Page.media ?? []).filter((found) => found !== null).map(toWork);
}

function toWork({ id, idMal, title, synonyms, format, startDate, episodes }: Static<typeof medium>): AniListWork {
  const titles = [title?.romaji, title?.english, title?.native, ...(synonyms ?? [])].map((text) =>
    storable(text ?? ""),
  );
  return {
    anilistId: id,
    malId: idMal ?? null,
    titles: [...new Set(titles)].filter((text) => text !== ""),
    format: format ?? "",
    year: startDate?.year ?? null,
    episodes: episodes ?? null,
  };
}

/** PostgreSQL's JSON takes neither U+0000 nor half a surrogate pair. */
const storable = (text: string): string => text.toWellFormed().replaceAll("\0", "").trim();
