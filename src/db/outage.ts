/** From postgres.js and the operating system: the connection broke, or there is nobody to connect to. */
const CONNECTION_ERRORS = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
]);

/**
 * SQLSTATEs that say the same from the server's side: connection exceptions (08), too many connections and a full disk (53),
 * shutting down and starting up (57P01 to 57P03), a standby after a failover (25006).
 */
const SERVER_STATES = /^(08\w{3}|53\w{3}|57P0[123]|25006)$/;

/** Whether the database could not be reached or cannot work just now: asking again later makes sense, and nothing else is wrong. */
export function isOutage(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return CONNECTION_ERRORS.has(code) || SERVER_STATES.test(code);
}
