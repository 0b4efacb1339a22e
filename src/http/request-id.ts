/** An id of the caller's is kept when it can stand in a header and in a line of the log as it is. */
const HARMLESS = /^[A-Za-z0-9._-]{1,64}$/;

/** The id of a request: the caller's `X-Request-Id` (a proxy that numbers its requests), else a new one. */
export function requestId(headers: Headers): string {
  const given = headers.get("x-request-id");
  return given !== null && HARMLESS.test(given) ? given : crypto.randomUUID();
}
