/** Where values come from, each source on its own: what it found, where, and what it does not know. */
import { readFile } from "node:fs/promises";
import { UsageError } from "../errors.ts";
import { nearest } from "../lib/nearest.ts";
import { coerce } from "./coerce.ts";
import { expected, shown, unknownKey } from "./describe.ts";
import type { ConfigFile } from "./file.ts";
import type { Leaf } from "./leaves.ts";
import { absolutePath } from "./paths.ts";
import type { TomlPath } from "./toml-lines.ts";

export type Source = "default" | "file" | "environment" | "flag";

/** One value as one source has it, not yet checked. */
export interface Found {
  leaf: Leaf;
  value: unknown;
  source: Source;
  /** Relative paths are relative to it. */
  base: string;
  /** `config.toml:12`, `ANICARGO_BIND`, `--server.bind`: for messages. `inside` is a path below the value. */
  where(inside: TomlPath): string;
}

export interface Harvest {
  found: Found[];
  problems: string[];
}

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** Walks the file: every table must be a section and every key in it a known one. */
export function fromFile(file: ConfigFile, leaves: readonly Leaf[]): Harvest {
  const byKey = new Map(leaves.map((leaf) => [leaf.key, leaf]));
  const sections = [...new Set(leaves.map((leaf) => leaf.section))];
  const at = (path: TomlPath) => `${file.path}:${file.lineOf(path) ?? 1}`;
  const harvest: Harvest = { found: [], problems: [] };
  for (const [section, table] of Object.entries(file.tree)) {
    if (!sections.includes(section)) {
      harvest.problems.push(`${at([section])}: ${unknownKey(section, isTable(table) ? sections : [...byKey.keys()])}`);
    } else if (!isTable(table)) {
      harvest.problems.push(
        `${at([section])}: ${section}: found ${shown(table, false)}, expected a table [${section}]`,
      );
    } else {
      for (const [name, value] of Object.entries(table)) {
        const leaf = byKey.get(`${section}.${name}`);
        const where = (inside: TomlPath) => at([section, name, ...inside]);
        if (leaf) harvest.found.push({ leaf, value, source: "file", base: file.folder, where });
        else harvest.problems.push(`${where([])}: ${unknownKey(`${section}.${name}`, [...byKey.keys()])}`);
      }
    }
  }
  return harvest;
}

/**
 * Reads `ANICARGO_*`, and for secrets `ANICARGO_*_FILE`, as container platforms hand them in. An empty variable counts
 * as unset: Compose files pass on variables that nobody set.
 */
export async function fromEnvironment(
  env: Record<string, string | undefined>,
  leaves: readonly Leaf[],
  cwd: string,
  home: string,
): Promise<Harvest> {
  const harvest: Harvest = { found: [], problems: [] };
  const add = (leaf: Leaf, name: string, text: string) =>
    harvest.found.push({
      leaf,
      value: coerce(leaf.schema, text),
      source: "environment",
      base: cwd,
      where: () => name,
    });
  for (const leaf of leaves) {
    const name = leaf.schema.env;
    if (!name) continue;
    const direct = env[name];
    const fileName = `${name}_FILE`;
    const path = leaf.schema.secret && env[fileName];
    if (direct && path) harvest.problems.push(`${name} and ${fileName} are both set: keep one of them`);
    else if (direct) add(leaf, name, direct);
    else if (path) {
      const text = await readFile(absolutePath(path, cwd, home), "utf8").catch(() => "");
      const secret = text.replace(/\r?\n$/, "");
      if (secret) add(leaf, fileName, secret);
      else
        harvest.problems.push(
          `${fileName}: found no readable text in ${shown(path, false)}, expected a file with ${expected(leaf.schema)}`,
        );
    }
  }
  return harvest;
}

const PREFIX = "ANICARGO_";

/** Variables that look like ours and are not: most likely mistyped, or of another version. */
export function unknownVariables(env: Record<string, string | undefined>, leaves: readonly Leaf[]): string[] {
  const known = [`${PREFIX}CONFIG`, ...leaves.flatMap(({ schema }) => schema.env ?? [])];
  const files = leaves.flatMap(({ schema }) => (schema.secret && schema.env ? `${schema.env}_FILE` : []));
  const bare = known.map((name) => name.slice(PREFIX.length));
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name) && !files.includes(name))
    .sort()
    .map((name) => {
      const close = nearest(name.slice(PREFIX.length), bare);
      return `${name} is not a known variable and does nothing${close ? `, did you mean ${PREFIX}${close}?` : ""}`;
    });
}

/**
 * Reads `--section.key VALUE`.
 * @throws {UsageError} for a key that does not exist
 */
export function fromFlags(flags: Record<string, string>, leaves: readonly Leaf[], cwd: string): Found[] {
  const known = leaves.filter(({ schema }) => schema.env !== undefined);
  return Object.entries(flags).map(([key, text]) => {
    const leaf = known.find((candidate) => candidate.key === key);
    if (!leaf)
      throw new UsageError(
        `--${unknownKey(
          key,
          known.map((candidate) => candidate.key),
        )}`,
      );
    return { leaf, value: coerce(leaf.schema, text), source: "flag", base: cwd, where: () => `--${key}` };
  });
}
