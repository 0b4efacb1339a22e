/** Who we are to qBittorrent: an API key, a session that is opened when it is needed, or nobody in particular. */
import type { Logger } from "../../src/plugin.ts";
import type { Bans } from "./bans.ts";
import type { QbittorrentConfig } from "./config.ts";
import { exchange, type Line, type Question, type Reply } from "./exchange.ts";
import {
  addressRefused,
  banned,
  type LoginRefused,
  loginWanted,
  sessionLost,
  unexpected,
  webPage,
  wrongKey,
  wrongPassword,
} from "./trouble.ts";

/** As long as qBittorrent bans by default, and as long as it is spared a login that it refused. */
const HOUR_MS = 3_600_000;

/**
 * Asks below `/api/v2/`; a body makes it a POST. A session that has ended is opened again, once.
 * @throws Unavailable, LoginRefused; any other answer is a reply
 */
export type Ask = (path: string, body?: Question["body"]) => Promise<Reply>;

export interface SessionOptions extends Line {
  bans: Bans;
  /** Milliseconds since 1970. */
  now: () => number;
  log?: Logger;
}

export function createSession(config: QbittorrentConfig, { bans, now, log, ...line }: SessionOptions): Ask {
  const { username, password, api_key } = config;
  const base = apiBase(config.base_url);
  const cookies = new Map<string, string>();
  let isOpen = false;
  /** How many sessions there were: tells whether somebody else has opened a new one meanwhile. */
  let count = 0;
  let opening: Promise<void> | undefined;
  let refusal: { error: LoginRefused; until: number } | undefined;

  const send = async (path: string, body: Question["body"], headers: Record<string, string>): Promise<Reply> => {
    const reply = await exchange(base + path, { headers, body }, line);
    for (const cookie of reply.cookies) keepCookie(cookies, cookie);
    return reply;
  };
  const cookie = (): Record<string, string> => {
    const pairs = [...cookies].map(([name, value]) => `${name}=${value}`);
    return pairs.length > 0 ? { cookie: pairs.join("; ") } : {};
  };

  /** Every wrong password counts towards a ban, also those of an hour ago: one that was refused is not said again. */
  const login = async (): Promise<void> => {
    if (refusal && refusal.until > now()) throw refusal.error;
    const until = await bans.until();
    if (until && until.getTime() > now()) throw banned(until, now());
    // With a living session qBittorrent takes any password.
    cookies.clear();
    const reply = await send("auth/login", new URLSearchParams({ username, password }), {});
    const said = reply.body.trim();
    if (said.startsWith("<")) throw webPage(reply.status);
    if (reply.status < 300 && (said === "" || said === "Ok.")) {
      isOpen = true;
      count++;
      log?.debug("logged in to qBittorrent");
    } else if (reply.status === 403) {
      const end = new Date(now() + HOUR_MS);
      await bans.set(end);
      throw banned(end, now());
    } else if (reply.status === 401 || reply.status < 300) {
      // 5.2 and later say the same of a wrong password and of a wrong address; only the latter for everything else too.
      if (reply.status === 401 && (await send("app/version", undefined, {})).status === 401) throw addressRefused();
      refusal = { error: wrongPassword(HOUR_MS / 1000), until: now() + HOUR_MS };
      throw refusal.error;
    } else throw unexpected(reply.status);
  };
  const open = (): Promise<void> => {
    opening ??= login().finally(() => {
      opening = undefined;
    });
    return opening;
  };

  if (api_key !== "") {
    return async (path, body) => {
      const reply = await send(path, body, { authorization: `Bearer ${api_key}` });
      if (reply.status === 401 || reply.status === 403) throw wrongKey();
      return reply;
    };
  }
  return async (path, body) => {
    for (let justOpened = false; ; ) {
      if (username !== "" && !isOpen) {
        await open();
        justOpened = true;
      }
      const used = count;
      const reply = await send(path, body, cookie());
      if (reply.status === 401) throw addressRefused();
      if (reply.status !== 403) return reply;
      if (username === "") throw loginWanted();
      if (justOpened) throw sessionLost();
      if (used === count) isOpen = false;
      // Somebody else's new session is as good as one of our own, and is tried once.
      else justOpened = true;
    }
  };
}

/** `http://nas/qbt/` → `http://nas/qbt/api/v2/`; without user and password, which are settings of their own. */
function apiBase(address: string): string {
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname.replace(/\/+$/, "")}/api/v2/`;
}

/** Whatever its name: `SID` until 5.1, `QBT_SID_<port>` after. */
function keepCookie(cookies: Map<string, string>, header: string): void {
  const [pair = ""] = header.split(";");
  const at = pair.indexOf("=");
  const name = pair.slice(0, at).trim();
  const value = pair.slice(at + 1).trim();
  if (at < 1) return;
  if (value === "") cookies.delete(name);
  else cookies.set(name, value);
}
