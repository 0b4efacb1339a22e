/** Why the database cannot be used, as a line that says what to do and never holds the password. */
import { type AppError, ConfigError, Unavailable } from "../errors.ts";
import { OLDEST_MAJOR } from "./server-programs.ts";
import { hostOf, readUrl } from "./target.ts";

/** The facts of a connected server that decide whether we can work with it. */
export interface ServerFacts {
  /** `180004` */
  version: number;
  /** A standby, or set to take no writes. */
  readOnly: boolean;
}

/**
 * @param place where the server is, from {@link describeTarget}
 * @param error of postgres.js or the operating system
 */
export function connectProblem(error: unknown, place: string): AppError {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  const unavailable = (sentence: string) => new Unavailable(sentence, { cause: error });
  if (code === "28P01" || code === "28000")
    return unavailable(`${place} refuses the user or the password: check db.database_url`);
  if (code === "3D000")
    return unavailable(`${place} does not exist there: create it (createdb), or check db.database_url`);
  // A message of the server about the connection: it names the database or the role, not the password.
  if (/^[0-9A-Z]{5}$/.test(code)) return unavailable(`${place} cannot be used: ${message}`);
  return unavailable(
    `${place} cannot be reached (${code || "no connection"}): start PostgreSQL there, or check db.database_url`,
  );
}

/** @returns what is wrong with a server that answers; undefined when it will do */
export function serverProblem({ version, readOnly }: ServerFacts, place: string): AppError | undefined {
  if (version < OLDEST_MAJOR * 10_000)
    return new Unavailable(
      `${place} is PostgreSQL ${Math.floor(version / 10_000)}, and ${OLDEST_MAJOR} or later is needed: upgrade it, or unset db.database_url to use the embedded one`,
    );
  if (readOnly)
    return new Unavailable(
      `${place} takes no writes (a standby, or read-only): name the primary server in db.database_url`,
    );
  return undefined;
}

/**
 * `the database anime at nas:5432`: what a person needs to find it, without user and password.
 * @throws ConfigError when it is no URL
 */
export function describeTarget(url: string): string {
  // Of several hosts the first stands for all.
  const parsed = readUrl(url.replace(/,[^/?]*/, ""));
  if (!parsed)
    throw new ConfigError(
      "db.database_url is not a URL like postgres://user:password@host:5432/name: write special characters in the password percent-encoded (@ is %40, # is %23, / is %2F)",
    );
  const name = decodeURIComponent(parsed.pathname.slice(1));
  return `the database ${name ? `${name} ` : ""}at ${hostOf(parsed) || "localhost"}${parsed.port && `:${parsed.port}`}`;
}
