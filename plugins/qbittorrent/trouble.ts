/**
 * What can go wrong between us and qBittorrent, in public words: what is wrong, then what a person can do. Never an
 * address that was asked, a password, a key or a cookie.
 */
import { printable } from "../../src/lib/printable.ts";
import { AppError, EXIT, Unavailable, Unprocessable } from "../../src/plugin.ts";

const RETRY_SECS = 30;

/** The login is not taken, which no retry changes. Not 401: the caller's own token is fine. */
export class LoginRefused extends AppError {
  constructor(message: string, retryAfter?: number) {
    super(message, 503, EXIT.permission, { retryAfter });
  }
}

const unavailable = (message: string, cause?: unknown) => new Unavailable(message, { cause, retryAfter: RETRY_SECS });

/** Where the connection broke, in words; the key is what Bun and the system call it. */
const BREAKS: Record<string, string> = {
  ECONNREFUSED: "connection refused",
  ConnectionRefused: "connection refused",
  ECONNRESET: "the connection broke",
  ENOTFOUND: "its name is not known",
  EAI_AGAIN: "names cannot be looked up",
  ENETUNREACH: "no way to its network",
  EHOSTUNREACH: "no way to its network",
  EPROTO: "no TLS connection",
};

const CHECK = "check that it runs and that qbittorrent.base_url is its WebUI's address";

/** @param error what `fetch` threw; its own message may hold addresses and goes into the cause alone */
export function unreachable(error: unknown): Unavailable {
  const { code } = (error ?? {}) as { code?: unknown };
  const how = typeof code === "string" ? code : "no connection";
  if (/CERT|ERR_TLS|UNABLE_TO_(GET|VERIFY)/.test(how))
    return unavailable(
      `qBittorrent's certificate is not trusted (${how}): ` +
        "name the file of its authority in NODE_EXTRA_CA_CERTS, and the host of the certificate in qbittorrent.base_url",
      error,
    );
  return unavailable(`qBittorrent cannot be reached (${BREAKS[how] ?? how}): ${CHECK}`, error);
}

export const tooSlow = (ms: number) => unavailable(`qBittorrent did not answer within ${ms / 1000} s: ${CHECK}`);

export const tooLong = (bytes: number) =>
  unavailable(`qBittorrent's answer is longer than ${bytes / 2 ** 20} MiB: ${CHECK}`);

export const stopping = (cause: unknown) => new Unavailable("the program is stopping", { cause });

/** @param origin where to; null: nowhere */
export const movedTo = (origin: string | null) =>
  unavailable(
    `qBittorrent's address leads ${origin ? `to ${printable(origin)}` : "elsewhere"}: set qbittorrent.base_url to where its WebUI is`,
  );

/** The login page of a proxy in front of it, or something else altogether. */
export const webPage = (status: number) =>
  unavailable(
    `a web page came instead of qBittorrent's data (HTTP ${status}): set qbittorrent.base_url to its WebUI, past any other login`,
  );

export const misshapen = (problem: string) =>
  unavailable(
    `qBittorrent's answer is not as documented (${printable(problem)}): anicargo knows versions 4.5 to 5.3, and newer ones when it is newer itself`,
  );

export const unexpected = (status: number) =>
  unavailable(
    status === 404
      ? `there is no qBittorrent WebUI at qbittorrent.base_url (HTTP 404): ${CHECK}`
      : `qBittorrent answers with HTTP ${status}: look into its log`,
  );

export const banned = (until: Date, now: number) =>
  new Unavailable(
    `qBittorrent has banned this machine for too many wrong logins, no login is tried until ${minute(until)}: ` +
      "correct qbittorrent.username and qbittorrent.password; restarting qBittorrent lifts the ban",
    { retryAfter: Math.max(1, Math.ceil((until.getTime() - now) / 1000)) },
  );

/** The memory of a wrong password is this process's own: a command that comes after tries anew. */
export const wrongPassword = (retryAfter: number) =>
  new LoginRefused(
    "qBittorrent refuses the login: set qbittorrent.username and qbittorrent.password, and start anicargo again",
    retryAfter,
  );

export const wrongKey = () =>
  new LoginRefused("qBittorrent refuses the API key: set qbittorrent.api_key (qBittorrent 5.2 and later have keys)");

export const loginWanted = () =>
  new LoginRefused("qBittorrent wants a login: set qbittorrent.username and qbittorrent.password");

/** Login taken, and refused all the same. */
export const sessionLost = () =>
  new LoginRefused(
    "qBittorrent takes the login but forgets it at once: check that a proxy in front of it passes its cookie on",
  );

/** Its guard against DNS rebinding, or the login of a proxy. */
export const addressRefused = () =>
  new LoginRefused(
    "qBittorrent refuses the address that it is called by (HTTP 401): set qbittorrent.base_url to its own host and port, or add the host to its server domains",
  );

export const torrentRefused = () =>
  new Unprocessable("qBittorrent does not take this torrent: check that the link or file is whole");

/** `2026-11-22 15:04 UTC` */
const minute = (time: Date): string => `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
