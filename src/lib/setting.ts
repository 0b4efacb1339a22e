/**
 * The words in which a configuration key describes itself. A section is `Type.Object({ key: integer({…}), … })`; loading,
 * error messages, `anicargo config` and `config.toml.example` all read the same description.
 */
import { type Static, type TEnum, type TSchema, Type } from "typebox";

/** What a key says about itself, beside its type. */
export type About<T> = {
  /** One line without a full stop, as it stands in `config.toml.example`. */
  description: string;
  /** The environment variable; absent: only the file can set it. */
  env?: string;
  default?: T;
  /** What holds when nothing is set and the default is not a constant, in words. */
  defaultText?: string;
  /** A valid value to show where there is no constant default. */
  example?: T;
  /** Never printed, also not in errors; `<env>_FILE` may name a file that holds it. */
  secret?: true;
  /** Made absolute. A `program` only when it has a slash: a bare name is looked up on PATH. */
  path?: true | "program";
  /** The section of the file it is written in, when that is not its owner's. */
  section?: string;
  /** What a valid value is, in words, where type and bounds do not say it. */
  expected?: string;
  /** Refuses values of the right type that mean nothing. */
  check?: (value: T) => boolean;
};

/** For types whose every value means something. */
type Unchecked<T> = Omit<About<T>, "check">;

type Bounds = { minimum?: number; maximum?: number };

const checked = <S extends TSchema>(schema: S, check: ((value: never) => boolean) | undefined): S =>
  check ? (Type.Refine(schema, check as (value: Static<S>) => boolean) as S) : schema;

/** A text that is always there. */
export const text = ({ check, ...about }: About<string> & { minLength?: number }) => checked(Type.String(about), check);

/** A text that may be absent; an empty one counts as absent. */
export const optionalText = (about: Parameters<typeof text>[0]) => Type.Optional(text(about));

export const integer = ({ check, ...about }: About<number> & Bounds) => checked(Type.Integer(about), check);

export const decimal = ({ check, ...about }: About<number> & Bounds) => checked(Type.Number(about), check);

export const toggle = (about: Unchecked<boolean>) => Type.Boolean(about);

/** One of a few words. */
export const choice = <const V extends string[]>(values: readonly [...V], about: Unchecked<V[number]>): TEnum<V> =>
  Type.Enum(values, about);

/** A list of texts; `each` describes and checks one of them. */
export const texts = ({
  each,
  ...about
}: Unchecked<string[]> & { each?: { expected: string; check(value: string): boolean } }) =>
  Type.Array(checked(Type.String({ expected: each?.expected }), each?.check), about);

/** A list of tables, written `[[section.key]]`: the file alone can set it. */
export const tables = <S extends TSchema>(row: S, about: Unchecked<Static<S>[]>) => Type.Array(row, about);
