import type { ValidationError } from "elysia";

/** The parts of a JSON schema that are put into words. */
interface Shape {
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: readonly Shape[];
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

interface ValueError {
  /** A JSON pointer: `/items/0`. */
  path: string;
  schema: Shape;
  value: unknown;
}

/** Where Elysia's context holds what was sent. */
interface Sent {
  query?: Record<string, unknown>;
  params?: Record<string, unknown>;
}

/**
 * Which field is wrong and what it should be: `body.password: expected string`. Elysia's own message repeats the value
 * that was sent, which may be a password.
 */
export function validationMessage(error: ValidationError, sent: Sent): string {
  const wrong = error.valueError as ValueError | undefined;
  if (!wrong) return `${error.type}: not valid`;
  const reason = typeof error.customError === "string" ? error.customError : `expected ${expected(wrong.schema)}`;
  return `${fieldName(error.type, wrong, sent)}: ${reason}`;
}

function fieldName(type: string, wrong: ValueError, sent: Sent): string {
  const path = wrong.path.replaceAll("/", ".");
  if (type !== "property") return `${type}${path}`;
  // A number of the query or path that is out of bounds is reported without saying which: look for the value.
  for (const [part, values] of [["query", sent.query] as const, ["params", sent.params] as const]) {
    const name = Object.keys(values ?? {}).find((key) => String(values?.[key]) === String(wrong.value));
    if (name !== undefined) return `${part}.${name}`;
  }
  return "request";
}

/** What a schema asks for, in words: `integer from 1 to 200`, `one of: queued, done`. */
export function expected(schema: Shape): string {
  if (schema.const !== undefined) return `one of: ${String(schema.const)}`;
  if (schema.enum) return `one of: ${schema.enum.map(String).join(", ")}`;
  if (schema.anyOf) return alternatives(schema.anyOf, schema);
  const range = span(schema.minimum, schema.maximum);
  const length = span(schema.minLength, schema.maxLength);
  const items = span(schema.minItems, schema.maxItems);
  return [
    schema.type ?? "another value",
    range,
    length && `of ${length} characters`,
    items && `of ${items} items`,
    schema.pattern && `of the form ${schema.pattern}`,
    schema.format && `in the format ${schema.format}`,
  ]
    .filter(Boolean)
    .join(" ");
}

/** Formats of the texts that Elysia takes for a number or a truth value, because all of a query is text. */
export const COERCED: ReadonlySet<string> = new Set(["integer", "numeric", "boolean"]);

function alternatives(options: readonly Shape[], whole: Shape): string {
  const constants = options.filter((option) => option.const !== undefined);
  if (constants.length === options.length)
    return `one of: ${constants.map((option) => String(option.const)).join(", ")}`;
  const words = options
    .filter((option) => !(option.type === "string" && COERCED.has(option.format ?? "")))
    .map((option) => expected({ minimum: whole.minimum, maximum: whole.maximum, ...option }));
  return [...new Set(words)].join(" or ");
}

function span(least: number | undefined, most: number | undefined): string {
  if (least !== undefined && most !== undefined) return `${least} to ${most}`;
  if (least !== undefined) return `at least ${least}`;
  return most === undefined ? "" : `at most ${most}`;
}
