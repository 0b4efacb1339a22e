/** The configuration file: which one it is, and what is in it. */
import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse, TomlError } from "smol-toml";
import { ConfigError } from "../errors.ts";
import { absolutePath, xdgFolder } from "./paths.ts";
import { keyLines, type TomlPath } from "./toml-lines.ts";

export interface ConfigFile {
  path: string;
  /** Relative paths in the file are relative to it. */
  folder: string;
  tree: Record<string, unknown>;
  lineOf(path: TomlPath): number | undefined;
  /** Whether others than its owner can read it. */
  exposed: boolean;
}

export interface Surroundings {
  /** From `--config`. */
  configPath?: string;
  env: Record<string, string | undefined>;
  /** Absolute. */
  cwd: string;
  /** Absolute. */
  home: string;
}

/**
 * Reads the file that was named, else the first that exists of `./config.toml` and the user's own.
 * @returns undefined when none was named and none exists
 * @throws {ConfigError} when the one named is missing, or the one found cannot be read or is not TOML
 */
export async function readConfigFile(surroundings: Surroundings): Promise<ConfigFile | undefined> {
  const path = namedFile(surroundings) ?? (await foundFile(surroundings));
  if (path === undefined) return undefined;
  const text = await readText(path);
  const exposed = await stat(path).then(
    (stats) => stats.isFile() && (stats.mode & 0o044) !== 0,
    () => false,
  );
  return { path, folder: dirname(path), tree: parseToml(path, text), lineOf: keyLines(text), exposed };
}

function namedFile({ configPath, env, cwd, home }: Surroundings): string | undefined {
  const named = configPath ?? (env.ANICARGO_CONFIG || undefined);
  if (named === "") throw new ConfigError("--config needs the path of a file");
  return named === undefined ? undefined : absolutePath(named, cwd, home);
}

async function foundFile({ env, cwd, home }: Surroundings): Promise<string | undefined> {
  const user = xdgFolder(env.XDG_CONFIG_HOME, join(home, ".config"));
  for (const path of [join(cwd, "config.toml"), join(user, "anicargo", "config.toml")]) {
    if (await stat(path).then((stats) => stats.isFile(), missing)) return path;
  }
  return undefined;
}

/** A file that we may not look at is still the file that was meant: reading it then says why it cannot be. */
const missing = (error: NodeJS.ErrnoException): boolean => error.code !== "ENOENT" && error.code !== "ENOTDIR";

const REASONS: Record<string, string> = {
  ENOENT: "it does not exist",
  ENOTDIR: "it does not exist",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
};

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(`cannot read the configuration file ${path}: ${REASONS[error.code ?? ""] ?? error.code}`, {
      cause: error,
    });
  });
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ConfigError(`${path} is not UTF-8 text: save it as UTF-8`, { cause });
  }
}

function parseToml(path: string, text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The rest of the message quotes the lines around the error, and with them perhaps a password; so no cause either.
    const reason = error.message.split("\n")[0]!.replace("Invalid TOML document: ", "");
    throw new ConfigError(`${path}:${error.line}:${error.column}: not valid TOML: ${reason}`);
  }
}
