/**
 * Who is using the embedded server. Every process holds a shared advisory lock on a connection of its own, which the
 * server drops with the process, however that ends. Whoever gets the lock exclusively is the last one.
 */
import postgres, { type Sql } from "postgres";
import { EMBEDDED_ROLE } from "./cluster.ts";

/** Any number, as long as every version of anicargo uses the same. */
const PRESENCE_LOCK = 0x616e_6963;
/** The database that is always there; ours may have to be made first. */
const MAINTENANCE_DATABASE = "postgres";

export interface Presence {
  /** Makes the database unless it is there. */
  ensureDatabase(name: string): Promise<void>;
  /** Resolves when the connection is gone. */
  lost: Promise<void>;
  /** Gives the shared lock up; true when nobody else is there, and then nobody can come until `end`. */
  leave(): Promise<boolean>;
  end(): Promise<void>;
}

/**
 * @returns the presence, or why there is none yet: `absent` no server answers, `busy` it starts or stops
 * @throws other refusals of the server
 */
export async function takePresence(socketFolder: string): Promise<Presence | "absent" | "busy"> {
  const { promise: lost, resolve } = Promise.withResolvers<void>();
  const sql = postgres({
    host: socketFolder,
    database: MAINTENANCE_DATABASE,
    username: EMBEDDED_ROLE,
    max: 1,
    // The lock lives as long as the connection: it must never be renewed.
    max_lifetime: null,
    idle_timeout: 0,
    connect_timeout: 5,
    fetch_types: false,
    connection: { application_name: "anicargo presence" },
    onclose: () => resolve(),
  });
  const end = () => sql.end({ timeout: 0 });
  try {
    const [row] = await sql<[{ here: boolean }]>`select pg_try_advisory_lock_shared(${PRESENCE_LOCK}) as here`;
    if (row.here) return { ensureDatabase: (name) => ensureDatabase(sql, name), lost, leave: () => leave(sql), end };
    await end();
    return "busy";
  } catch (error) {
    await end();
    return whyAbsent(error);
  }
}

async function leave(sql: Sql): Promise<boolean> {
  // Given up first: of two that leave together, one must find itself alone.
  await sql`select pg_advisory_unlock_shared(${PRESENCE_LOCK})`;
  const [row] = await sql<[{ alone: boolean }]>`select pg_try_advisory_lock(${PRESENCE_LOCK}) as alone`;
  return row.alone;
}

async function ensureDatabase(sql: Sql, name: string): Promise<void> {
  const found = await sql`select from pg_database where datname = ${name}`;
  if (found.length > 0) return;
  await sql`create database ${sql(name)}`.catch((error: { code?: string }) => {
    // Another process was quicker.
    if (error.code !== "42P04" && error.code !== "23505") throw error;
  });
}

const ABSENT = new Set(["ENOENT", "ECONNREFUSED"]);
const BUSY = new Set([
  "57P03", // starting up, shutting down, in recovery
  "57P01", // told to go
  "57P02", // a neighbour crashed
  "CONNECTION_CLOSED",
  "CONNECT_TIMEOUT",
  "ECONNRESET",
  "EPIPE",
]);

function whyAbsent(error: unknown): "absent" | "busy" {
  const code = (error as { code?: string }).code ?? "";
  if (ABSENT.has(code)) return "absent";
  if (BUSY.has(code)) return "busy";
  throw error;
}
