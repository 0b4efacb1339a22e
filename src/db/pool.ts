/** The connection pool, with what postgres.js does not do by default. */
import postgres, { type Notice, type Options, type Sql } from "postgres";
import type { Logger } from "../log.ts";
import { answerDeadline } from "./answer-deadline.ts";
import { parseTarget } from "./target.ts";

/** What to connect to: a URL, or its parts. */
export type Target = string | Pick<Options<Record<string, never>>, "host" | "username" | "database">;

export interface Deadlines {
  /** Milliseconds after which the server gives a statement up. */
  statement: number;
  /** Milliseconds after which we give a silent server up. Longer, so that a slow statement fails by its own name. */
  answer: number;
}

const DEADLINES: Deadlines = { statement: 30_000, answer: 35_000 };
/** Milliseconds after which the server drops a process that stopped in the middle of a transaction, with its locks. */
const IDLE_IN_TRANSACTION_MS = 60_000;
const CONNECT_SECONDS = 10;
/** Seconds before the next try to connect. By default they grow to 20, and a database that is back would be left waiting. */
const backoff = (retries: number): number => Math.min(0.5, 3 ** retries / 100);
const END_SECONDS = 5;

/** int8 as a number: our counts, sizes and ids stay far below 2^53. */
const int8 = { to: 20, from: [20], serialize: String, parse: Number };

/** Connects nowhere yet; the first query does. */
export function createPool(target: Target, max: number, log: Logger, deadlines: Deadlines = DEADLINES): Sql {
  const { url, options } = typeof target === "string" ? parseTarget(target) : { url: "", options: target };
  const settings = {
    host: options.host,
    username: options.username,
    database: options.database,
    max,
    connect_timeout: CONNECT_SECONDS,
    backoff,
    socket: answerDeadline(deadlines.answer),
    types: { int8 },
    onnotice: ({ severity, message }: Notice) => log.debug(`database ${severity}: ${message}`),
    connection: {
      application_name: "anicargo",
      statement_timeout: deadlines.statement,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    },
  };
  // The types of postgres.js know neither its `socket` option nor that custom types change nothing for the reader.
  return postgres(url, settings as object) as unknown as Sql;
}

/** Lets running queries end for a moment, then closes every connection: an open one keeps the process alive. */
export const endPool = (sql: Sql): Promise<void> => sql.end({ timeout: END_SECONDS });
