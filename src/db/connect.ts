/** Opens the database, whichever it is, or says in one line why not. */
import { setTimeout as delay } from "node:timers/promises";
import type { Sql } from "postgres";
import type { CoreConfig } from "../config/schema.ts";
import { AppError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { connectProblem, describeTarget, type ServerFacts, serverProblem } from "./connect-problem.ts";
import { joinEmbedded } from "./embedded.ts";
import { createPool, endPool } from "./pool.ts";

export interface Database {
  sql: Sql;
  kind: "embedded" | "external";
  /** Ends the connections; the embedded server is stopped by the last process that closes it. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** For a process that stays: the embedded server is started again when it dies. */
  keepAlive?: boolean;
}

/**
 * Connects to `db.database_url`, or to the embedded server in `db.data_dir`, which is started when nobody did.
 * @throws Unavailable when it cannot be reached or used, ConfigError, PermissionDenied, CannotCreate
 */
export function openDatabase(config: CoreConfig["db"], log: Logger, options: OpenOptions = {}): Promise<Database> {
  return config.database_url === undefined
    ? openEmbedded(config, log, options)
    : openExternal(config.database_url, config.max_connections, log);
}

/** Milliseconds in which a server must have answered; postgres.js tries several hosts in a circle, for ever. */
const OPEN_MS = 15_000;

async function openExternal(url: string, maxConnections: number, log: Logger): Promise<Database> {
  const place = describeTarget(url);
  const sql = createPool(url, maxConnections, log);
  try {
    const problem = serverProblem(await Promise.race([readFacts(sql), silence(OPEN_MS)]), place);
    if (problem) throw problem;
    return { sql, kind: "external", close: () => endPool(sql) };
  } catch (error) {
    await sql.end({ timeout: 0 });
    throw error instanceof AppError ? error : connectProblem(error, place);
  }
}

async function openEmbedded(config: CoreConfig["db"], log: Logger, options: OpenOptions): Promise<Database> {
  const server = await joinEmbedded(config.data_dir, log, options);
  const sql = createPool(server, config.max_connections, log);
  return {
    sql,
    kind: "embedded",
    close: async () => {
      await endPool(sql);
      await server.close();
    },
  };
}

async function readFacts(sql: Sql): Promise<ServerFacts> {
  const [row] = await sql<[ServerFacts]>`
    select current_setting('server_version_num')::int as version,
      current_setting('transaction_read_only') = 'on' as "readOnly"`;
  return row;
}

const silence = async (milliseconds: number): Promise<never> => {
  await delay(milliseconds, undefined, { ref: false });
  throw Object.assign(new Error("no answer"), { code: "ETIMEDOUT" });
};
