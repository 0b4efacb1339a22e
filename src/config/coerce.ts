import type { LeafSchema } from "./leaves.ts";

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["1", "true", "yes", "on"].map((word) => [word, true] as const),
  ...["0", "false", "no", "off"].map((word) => [word, false] as const),
]);

/**
 * Reads the text of an environment variable or a flag as the key's type. Text that is none comes back as it is: the
 * check that follows refuses it, and its message shows what was typed.
 */
export function coerce(schema: LeafSchema, text: string): unknown {
  const trimmed = text.trim();
  switch (schema.type) {
    case "boolean":
      return BOOLEANS.get(trimmed.toLowerCase()) ?? text;
    case "integer":
    case "number":
      return /^[+-]?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : text;
    case "array":
      return trimmed
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== "");
    default:
      return text;
  }
}
