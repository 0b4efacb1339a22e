/** Whether a value fits its key, and if not, the line that says so. */
import { Value } from "typebox/value";
import { expected, shown, unknownKey } from "./describe.ts";
import type { LeafSchema } from "./leaves.ts";
import type { Found } from "./sources.ts";
import type { TomlPath } from "./toml-lines.ts";

/** @returns the problem, undefined when there is none */
export function problemWith({ leaf, value, where }: Found): string | undefined {
  const secret = leaf.schema.secret === true;
  if (typeof value === "string" && value.includes("\0")) {
    return `${where([])}: ${leaf.key}: found a text with a NUL character, expected ${expected(leaf.schema)}`;
  }
  const errors = Value.Errors(leaf.schema, value);
  // A mistyped name makes two errors, one that is too many and one that is lacking: the first says what to do.
  const error = errors.find(({ keyword }) => keyword === "additionalProperties") ?? errors[0];
  if (!error) return undefined;
  const inside = pointer(error.instancePath, value);
  const key = leaf.key + inside.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("");
  const part = schemaAt(leaf.schema, inside);
  if (error.keyword === "additionalProperties") {
    const [extra = ""] = error.params.additionalProperties;
    const known = Object.keys(part.properties ?? {}).map((name) => `${key}.${name}`);
    return `${where([...inside, extra])}: ${unknownKey(`${key}.${extra}`, known)}`;
  }
  if (error.keyword === "required") {
    const [lacking = ""] = error.params.requiredProperties;
    return `${where(inside)}: ${key}: found a table without ${lacking}, expected ${expected(part)}`;
  }
  return `${where(inside)}: ${key}: found ${shown(valueAt(value, inside), secret)}, expected ${expected(part)}`;
}

/** A JSON pointer (RFC 6901) into the value as a path; steps into lists become numbers. */
function pointer(text: string, value: unknown): TomlPath {
  const steps = text.split("/").slice(1);
  let here = value;
  return steps.map((raw) => {
    const step = raw.replaceAll("~1", "/").replaceAll("~0", "~");
    const name = Array.isArray(here) ? Number(step) : step;
    here = valueAt(here, [name]);
    return name;
  });
}

const valueAt = (value: unknown, path: TomlPath): unknown =>
  path.reduce((here, step) => (here as Record<string | number, unknown> | undefined)?.[step], value);

const schemaAt = (schema: LeafSchema, path: TomlPath): LeafSchema =>
  path.reduce<LeafSchema>(
    (here, step) => (typeof step === "number" ? here.items : here.properties?.[step]) ?? here,
    schema,
  );
