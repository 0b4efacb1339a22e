/** What can go wrong between us and Bangumi, as a person may read it. */
import { printable } from "../../src/lib/printable.ts";

/** Public words: never an address that was asked, a token or a password. */
export class Trouble extends Error {
  constructor(
    /** What is wrong. */
    readonly what: string,
    /** What a person can do about it. */
    readonly remedy: string,
    /** Whether the same question may well be answered a moment later. */
    readonly passing: boolean,
    cause?: unknown,
  ) {
    super(`${what}: ${remedy}`, cause === undefined ? undefined : { cause });
    this.name = "Trouble";
  }
}

/** Bangumi has had enough of us (HTTP 429). */
export class Overrun extends Trouble {
  /** @param secs how long it wants to be left alone; null when it did not say */
  constructor(readonly secs: number | null) {
    super("Bangumi had too many requests (HTTP 429)", "set a lower bangumi.requests_per_second", false);
  }
}

/** Where the connection broke, in words; the key is what Bun and the system call it. */
const BREAKS: Record<string, string> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "the connection broke",
  ENOTFOUND: "its name is not known",
  EAI_AGAIN: "names cannot be looked up",
  ENETUNREACH: "no way to its network",
  EHOSTUNREACH: "no way to its network",
  EPROTO: "no TLS connection",
  ERR_PROXY_TUNNEL: "the proxy opens no tunnel",
};

const CHECK_LINE = "check bangumi.base_url and bangumi.proxy, `anicargo doctor` tests them";
const LATER = "try again later";

/** @param error what `fetch` threw; its own message may hold addresses and goes into the cause alone */
export function unreachable(error: unknown): Trouble {
  const { code } = (error ?? {}) as { code?: unknown };
  // A broken transfer may also show as a code of zlib's.
  const how = BREAKS[String(code)] ?? (typeof code === "string" ? code : "no connection");
  return new Trouble(`Bangumi cannot be reached (${how})`, CHECK_LINE, true, error);
}

export const tooSlow = (ms: number): Trouble =>
  new Trouble(`Bangumi did not answer within ${ms / 1000} s`, CHECK_LINE, true);

export const tooLong = (bytes: number): Trouble =>
  new Trouble(`Bangumi's answer is longer than ${bytes / 2 ** 20} MiB`, "check bangumi.base_url", false);

export const cutShort = (cause: unknown): Trouble => new Trouble("Bangumi's answer was cut short", LATER, true, cause);

/** A page of Cloudflare's, of a provider that blocks, or of a mirror that is none. */
export const webPage = (status: number): Trouble =>
  new Trouble(`Bangumi answered with a web page instead of data (HTTP ${status})`, CHECK_LINE, true);

export const ownTrouble = (status: number): Trouble =>
  new Trouble(`Bangumi has a problem of its own (HTTP ${status})`, LATER, true);

/** @param origin where to; null: nowhere, or round in a circle */
export const movedTo = (origin: string | null): Trouble =>
  new Trouble(
    `Bangumi's address leads ${origin ? `to ${printable(origin)}` : "nowhere"}`,
    "set bangumi.base_url",
    false,
  );

export const misshapen = (cause: Error): Trouble =>
  new Trouble(
    `Bangumi's answer is not as documented (${printable(cause.message)})`,
    "a newer anicargo may know it",
    false,
    cause,
  );

const REFUSALS: Record<number, [what: string, remedy: string]> = {
  401: ["Bangumi refuses the token", "set a new bangumi.access_token, or none"],
  403: ["Bangumi refuses us (HTTP 403)", "set bangumi.user_agent to a name of your own"],
  407: ["the proxy wants a login", "set bangumi.proxy to http://USER:PASSWORD@HOST:PORT"],
};

/** @param said title and description of the error */
export function refused(status: number, said: string): Trouble {
  const [what, remedy] = REFUSALS[status] ?? [
    `Bangumi refuses the request (HTTP ${status}${said && `, ${printable(said)}`})`,
    "`anicargo doctor` tests the way to it",
  ];
  return new Trouble(what, remedy, false);
}
