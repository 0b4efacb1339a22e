/** What `db.database_url` points at, in the form that postgres.js takes. */
import type { Options } from "postgres";

/**
 * Socket folders are written as libpq writes them, `postgres://user@/name?host=/run/postgresql`, or percent-encoded in the
 * host's place; postgres.js knows neither.
 */
export function parseTarget(url: string): { url: string; options: Options<Record<string, never>> } {
  const parsed = readUrl(url);
  // Several hosts; postgres.js takes them apart itself.
  if (!parsed) return { url, options: {} };
  const host = hostOf(parsed);
  parsed.searchParams.delete("host");
  if (!host.startsWith("/")) return { url, options: {} };
  parsed.hostname = "localhost";
  return { url: parsed.href, options: { host } };
}

/** @returns undefined when it is no URL, as with several hosts */
export function readUrl(url: string): URL | undefined {
  // libpq lets the host be empty after a user, the URL standard does not.
  return URL.parse(url.replace(/^(\w+:\/\/[^/?]*@)(?=[/?])/, "$1localhost")) ?? undefined;
}

/** The name, address or socket folder. */
export const hostOf = (url: URL): string => url.searchParams.get("host") ?? decodeURIComponent(url.hostname);
