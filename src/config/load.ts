/** Loads the configuration: built-in defaults, then the file, then the environment, then flags. */
import { join, sep } from "node:path";
import type { TObject } from "typebox";
import { ConfigError } from "../errors.ts";
import { problemWith } from "./check.ts";
import { type ConfigFile, readConfigFile, type Surroundings } from "./file.ts";
import { collectLeaves, type Leaf, type Section } from "./leaves.ts";
import { absolutePath, defaultDataDir, programPath } from "./paths.ts";
import { type CoreConfig, coreSections } from "./schema.ts";
import { type Found, fromEnvironment, fromFile, fromFlags, type Source, unknownVariables } from "./sources.ts";

/** A key with the value that holds, for `anicargo config`. */
export interface Setting {
  key: string;
  /** Absent when only the file can set it. */
  env: string | undefined;
  /** undefined when nothing is set and there is no default. */
  value: unknown;
  source: Source;
  secret: boolean;
  description: string;
}

export interface LoadedConfig {
  core: CoreConfig;
  /** The plugins' own config objects by plugin. */
  plugins: Record<string, unknown>;
  settings: Setting[];
  /** Absolute path of the file that was read. */
  file: string | undefined;
  /** One line each, for the log. */
  warnings: string[];
}

export interface LoadOptions extends Surroundings {
  /** The plugins' sections. */
  sections: readonly Section[];
  /** `section.key` to the text given for it on the command line. */
  flags: Record<string, string>;
}

const CORE: readonly Section[] = Object.entries(coreSections).map(([name, schema]) => ({
  name,
  schema: schema as unknown as TObject,
}));

/**
 * @throws {ConfigError} with a line for every wrong key, type or value; nothing is half-applied
 * @throws {UsageError} for a flag that names no key
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const { sections, env, cwd, home } = options;
  const leaves = collectLeaves([...CORE, ...sections]);
  const flags = fromFlags(options.flags, leaves, cwd);
  const file = await readConfigFile(options);
  const harvests = [
    file ? fromFile(file, leaves) : { found: [], problems: [] },
    await fromEnvironment(env, leaves, cwd, home),
    { found: flags, problems: [] },
  ];
  const found = harvests.flatMap((harvest) => harvest.found).filter((one) => !isUnset(one));
  const problems = [
    ...harvests.flatMap((harvest) => harvest.problems),
    ...found.flatMap((one) => problemWith(one) ?? []),
  ];
  if (problems.length > 0) throw new ConfigError(problems.join("\n"));

  // In the order of the sources, so that the last one stays.
  const chosen = new Map(found.map((one) => [one.leaf.key, one]));
  const root = process.getuid?.() === 0;
  const values = new Map(leaves.map((leaf) => [leaf.key, effective(leaf, chosen.get(leaf.key), home)]));
  const fill = (key: string, value: string) => void (values.get(key) === undefined && values.set(key, value));
  fill("db.data_dir", defaultDataDir(env, home, root));
  fill("media.cache_dir", file ? join(file.folder, ".cache") : join(values.get("db.data_dir") as string, "cache"));
  refuseMediaInCache(values.get("media.media_dir") as string | undefined, values.get("media.cache_dir") as string);

  const owned = (owner: string) =>
    Object.fromEntries(
      leaves.filter((leaf) => leaf.owner === owner).map((leaf) => [leaf.name, values.get(leaf.key)] as const),
    );
  return {
    core: Object.fromEntries(CORE.map(({ name }) => [name, owned(name)])) as unknown as CoreConfig,
    plugins: Object.fromEntries(sections.map(({ name }) => [name, owned(name)])),
    settings: leaves.map(({ key, schema }) => ({
      key,
      env: schema.env,
      value: values.get(key),
      source: chosen.get(key)?.source ?? "default",
      secret: schema.secret === true,
      description: schema.description ?? "",
    })),
    file: file?.path,
    warnings: [...exposedSecrets(file, found), ...unknownVariables(env, leaves)],
  };
}

/** Where the default is not a constant, an empty text in the file means that nothing is set. */
const isUnset = ({ leaf, value, source }: Found): boolean =>
  value === "" && source === "file" && leaf.schema.defaultText !== undefined;

function effective({ schema }: Leaf, found: Found | undefined, home: string): unknown {
  const value = found ? found.value : structuredClone(schema.default);
  if (!schema.path || typeof value !== "string") return value;
  const place = schema.path === "program" ? programPath : absolutePath;
  return place(value, found?.base ?? home, home);
}

/** Everything in the cache folder can be deleted at any time, and renditions would be taken for releases. */
function refuseMediaInCache(media: string | undefined, cache: string): void {
  if (media !== undefined && `${media}${sep}`.startsWith(`${cache}${sep}`)) {
    throw new ConfigError(`media.media_dir is the cache folder or lies in it: set media.cache_dir to a folder outside`);
  }
}

function exposedSecrets(file: ConfigFile | undefined, found: readonly Found[]): string[] {
  const held = found.some(
    ({ leaf, source, value }) => source === "file" && leaf.schema.secret && value && value !== leaf.schema.default,
  );
  return file?.exposed && held
    ? [`${file.path} holds secrets and can be read by other users of this machine: chmod 600 it`]
    : [];
}
