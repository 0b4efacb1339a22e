/**
 * Bangumi's answers as it sends them, and as we keep them. Described is only what we read: unknown fields pass, and what
 * authors of the wiki leave out may be null or missing.
 */
import { type Static, type TSchema, Type } from "typebox";
import { Compile } from "typebox/compile";
import { readAliases } from "./aliases.ts";
import { type Episode, MAIN, type Relation, type Subject } from "./model.ts";
import { readDate } from "./wiki-date.ts";

const Id = Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 });
const text = Type.Optional(Type.Union([Type.String(), Type.Null()]));
const number = Type.Optional(Type.Union([Type.Number(), Type.Null()]));

const SubjectAnswer = Type.Object({
  id: Id,
  name: Type.String(),
  name_cn: text,
  date: text,
  platform: text,
  eps: number,
  total_episodes: number,
  nsfw: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
  // An author's words and PHP's empty lists: read with care.
  images: Type.Optional(Type.Unknown()),
  infobox: Type.Optional(Type.Unknown()),
});

const EpisodeAnswer = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  subject_id: Id,
  type: Type.Integer({ minimum: 0, maximum: 32_767 }),
  sort: Type.Number(),
  ep: number,
  name: text,
  name_cn: text,
  airdate: text,
});

const RelationAnswer = Type.Object({
  id: Id,
  type: Type.Integer({ minimum: 0, maximum: 32_767 }),
  relation: text,
  name: text,
  name_cn: text,
});

const Rows = Type.Union([Type.Array(Type.Unknown()), Type.Null()]);
const PageAnswer = Type.Object({ data: Rows, total: Type.Optional(Type.Integer({ minimum: 0 })) });

/** An answer that is not what Bangumi's document says. */
export class Misshapen extends Error {}

/** A subject, and all that was said of it. */
export interface ToldSubject extends Subject {
  raw: Record<string, unknown>;
}

/** @throws Misshapen */
export const readSubject = reader(
  SubjectAnswer,
  (told): ToldSubject => ({
    id: told.id,
    name: told.name,
    name_cn: told.name_cn ?? "",
    aliases: readAliases(told.infobox),
    platform: told.platform ?? "",
    date: readDate(told.date),
    eps: whole(told.eps),
    total_episodes: whole(told.total_episodes),
    nsfw: told.nsfw ?? false,
    image: readImage(told.images),
    raw: told,
  }),
);

/** @throws Misshapen */
export const readEpisode = reader(
  EpisodeAnswer,
  (told): Episode => ({
    id: told.id,
    subject_id: told.subject_id,
    type: told.type,
    sort: told.sort,
    ep: told.type === MAIN ? (told.ep ?? 0) : 0,
    name: told.name ?? "",
    name_cn: told.name_cn ?? "",
    airdate: readDate(told.airdate),
  }),
);

const readRelation = reader(
  RelationAnswer,
  (told): Relation => ({
    id: told.id,
    type: told.type,
    relation: told.relation ?? "",
    name: told.name ?? "",
    name_cn: told.name_cn ?? "",
  }),
);

/** @throws Misshapen */
export const readRelations = reader(Rows, (rows) => readEach(rows ?? [], readRelation));

/**
 * One page of a list. `total` is how many there are on all pages; what is on this one when the answer does not say.
 * @throws Misshapen
 */
export const readPage = <T>(read: (value: unknown) => T): ((value: unknown) => { items: T[]; total: number }) =>
  reader(PageAnswer, ({ data, total }) => {
    const items = readEach(data ?? [], read);
    return { items, total: total ?? items.length };
  });

/** One page broken by its author does not take the others along; when all are, it is the answer that is broken. */
function readEach<T>(values: readonly unknown[], read: (value: unknown) => T): T[] {
  let problem: unknown;
  const items = values.flatMap((value) => {
    try {
      return [read(value)];
    } catch (error) {
      if (!(error instanceof Misshapen)) throw error;
      problem = error;
      return [];
    }
  });
  if (items.length === 0 && problem) throw problem;
  return items;
}

function reader<S extends TSchema, T>(schema: S, convert: (told: Static<S>) => T): (value: unknown) => T {
  const compiled = Compile(schema);
  return (value) => {
    if (compiled.Check(value)) return convert(value as Static<S>);
    const [error] = compiled.Errors(value);
    throw new Misshapen(`${error?.instancePath || "/"} ${error?.message ?? "is not valid"}`);
  };
}

const whole = (value: number | null | undefined): number => Math.min(Math.max(0, Math.trunc(value ?? 0)), 1_000_000);

/** The size that lists show; an older page may have another one only. */
function readImage(images: unknown): string | null {
  const { common, medium, large } = (images ?? {}) as Record<string, unknown>;
  const found = [common, large, medium].find((address) => typeof address === "string" && address !== "");
  return (found as string | undefined) ?? null;
}
