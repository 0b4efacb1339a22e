/** How a log line reads. Pure; everything is masked and stays on one line here, so that no caller can forget it. */
import { printable } from "./lib/printable.ts";
import { isSecretName, mask } from "./log-mask.ts";

const MASKED = "***";

/**
 * The sentence and the facts beside it: `made the rendition media=0123456789abcdef secs=4.2`.
 * @param verbose adds the stacks and causes of errors
 */
export function sentence(message: string, fields: Record<string, unknown> = {}, verbose = false): string {
  const facts = Object.entries(fields).flatMap(([name, value]) => fact(name, value, verbose));
  return printable(mask([message, ...facts].join(" ")));
}

/** `2026-11-22T12:00:00Z INFO hls made the rendition` */
export const plainLine = (date: Date, level: string, tag: string, text: string): string =>
  [`${date.toISOString().slice(0, 19)}Z`, level.toUpperCase(), tag, text].filter((part) => part !== "").join(" ");

function fact(name: string, value: unknown, verbose: boolean): string[] {
  if (value === undefined) return [];
  if (isSecretName(name)) return [`${name}=${MASKED}`];
  if (!(value instanceof Error)) return [`${name}=${word(value)}`];
  return [`${name}=${word(value.message)}`, ...(verbose ? [`${name}.stack=${word(story(value))}`] : [])];
}

/** Bare where it can be told apart from what follows, else in quotes. */
function word(value: unknown): string {
  if (typeof value === "string") return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  return json(value);
}

function json(value: object): string {
  const above: unknown[] = [];
  try {
    return JSON.stringify(value, function (this: unknown, name, inner: unknown) {
      // `this` is what holds `inner`: whatever is on the stack above it is an ancestor.
      while (above.length > 0 && above.at(-1) !== this) above.pop();
      if (isSecretName(name)) return MASKED;
      if (typeof inner === "bigint") return String(inner);
      if (inner instanceof Error) return inner.message;
      if (typeof inner !== "object" || inner === null) return inner;
      if (above.includes(inner)) return "[circular]";
      above.push(inner);
      return inner;
    });
  } catch {
    return "[not printable]"; // a getter or toJSON that throws
  }
}

const DEEPEST = 8;

function story(error: Error): string {
  const told: string[] = [];
  let next: unknown = error;
  for (let depth = 0; next !== undefined && depth < DEEPEST; depth++) {
    told.push(next instanceof Error ? (next.stack ?? next.message) : String(next));
    next = next instanceof Error ? next.cause : undefined;
  }
  return told.join("\ncaused by: ");
}
