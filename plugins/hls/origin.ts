/**
 * Scheme and host as the caller wrote them, so that what is answered works from where they are. Behind a proxy that ends
 * TLS, `X-Forwarded-Proto` tells the scheme; believing anybody's is harmless, since nobody but the sender gets the answer.
 */
export function originOf(request: Request): string {
  const url = new URL(request.url);
  const forwarded = request.headers.get("x-forwarded-proto")?.split(",")[0]?.trim().toLowerCase();
  return `${forwarded === "https" || forwarded === "http" ? forwarded : url.protocol.slice(0, -1)}://${url.host}`;
}
