/** The words of configuration errors. */
import { nearest } from "../lib/nearest.ts";
import { printable } from "../lib/printable.ts";
import { mask } from "../log-mask.ts";
import type { LeafSchema } from "./leaves.ts";

/** What a key wants, in words: `a whole number from 1 to 60`. */
export function expected(schema: LeafSchema): string {
  if (schema.expected) return schema.expected;
  if (schema.enum) return `one of ${schema.enum.join(", ")}`;
  switch (schema.type) {
    case "boolean":
      return "true or false";
    case "integer":
      return `a whole number${bounds(schema)}`;
    case "number":
      return `a number${bounds(schema)}`;
    case "array":
      return schema.items?.type === "object" ? `a list of tables with ${fields(schema.items)}` : "a list of texts";
    case "object":
      return `a table with ${fields(schema)}`;
    default:
      return schema.minLength ? "a text that is not empty" : "a text";
  }
}

const fields = (schema: LeafSchema): string => Object.keys(schema.properties ?? {}).join(" and ");

const bounds = ({ minimum, maximum }: LeafSchema): string => {
  if (minimum === undefined) return maximum === undefined ? "" : ` up to ${maximum}`;
  return maximum === undefined ? ` from ${minimum}` : ` from ${minimum} to ${maximum}`;
};

const LONGEST = 60;

/** What was found, short and on one line; of a secret nothing but that it is there. */
export function shown(value: unknown, secret: boolean): string {
  if (secret) return "a value that is not shown here";
  if (typeof value === "string") {
    const text = JSON.stringify(printable(mask(value)));
    return text.length > LONGEST ? `${text.slice(0, LONGEST)}…"` : text;
  }
  if (value instanceof Date) return "a date";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  return typeof value === "object" ? "a table" : String(value);
}

/** `server.bnd is not a known key, did you mean server.bind?` */
export function unknownKey(key: string, known: readonly string[]): string {
  const name = (path: string) => path.slice(path.lastIndexOf(".") + 1);
  // A key written into the wrong section, or into none, is known by its own name.
  const close =
    known.find((other) => name(other) === name(key)) ??
    nearest(key, known) ??
    known.find((other) => name(other) === nearest(name(key), known.map(name)));
  return `${printable(key)} is not a known key${close ? `, did you mean ${close}?` : ""}`;
}
