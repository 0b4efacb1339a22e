/**
 * A stand-in for qBittorrent's WebUI on a free loopback port, in the dialect of a version: the torrents that a test gives
 * it, and the faults that it asks for. What it answers is held to the real program by test/plugins/qbittorrent/matrix.test.ts.
 */
import type { Fault } from "../../helpers/faults.ts";

export { endless, type Fault, silence } from "../../helpers/faults.ts";

import type { QbittorrentConfig } from "../../../plugins/qbittorrent/config.ts";
import { qbittorrentSettings } from "./qbittorrent-settings.ts";

export type Dialect = "4.5" | "5.1" | "5.2" | "5.3";

/** A row of `torrents/info` as qBittorrent sends it; what a test leaves out is that of a complete torrent. */
export interface FakeTorrent {
  hash: string;
  name?: string;
  category?: string;
  state?: string;
  progress?: number;
  amount_left?: number;
  completion_on?: number;
  save_path?: string;
  content_path?: string;
  /** Not part of the row: what `torrents/files` says; default: one file of the torrent's name. */
  files?: FakeFile[];
  [field: string]: unknown;
}

/** A row of `torrents/files`. */
export interface FakeFile {
  name: string;
  size?: number;
  progress?: number;
  priority?: number;
}

export interface FakeRequest {
  method: string;
  /** As it came, with its query. */
  path: string;
  headers: Headers;
  /** Of a form, URL-encoded or multipart. */
  fields: Fields;
}

export type Fields = ReadonlyMap<string, string | Blob>;

export interface FakeOptions {
  dialect?: Dialect;
  username?: string;
  password?: string;
  apiKey?: string;
  /** False: whoever asks needs no login. */
  localAuth?: boolean;
  /** Where it lies behind a proxy: `/qbt`. */
  basePath?: string;
  /** So many wrong passwords, and the address is banned. */
  banAfter?: number;
  torrents?: FakeTorrent[];
  tls?: Bun.TLSOptions;
}

export interface FakeQbittorrent {
  /** With the base path, without a slash at its end. */
  url: string;
  /** What anicargo is told of it. */
  config: QbittorrentConfig;
  /** In the order in which they came. */
  requests: FakeRequest[];
  /** What it has; may be changed between requests. */
  torrents: FakeTorrent[];
  /** How many of the requests so far asked for this, `torrents/info`. */
  asked(path: string): number;
  /** Ends all sessions. */
  forgetSessions(): void;
  /** Lets requests for this path go wrong, the next `times` of them; `*` is any path. */
  fail(path: string, fault: Fault, times?: number): void;
  /** No more faults. */
  mend(): void;
  stop(): Promise<void>;
}

const VERSIONS: Record<Dialect, [version: string, api: string]> = {
  "4.5": ["v4.5.2", "2.8.19"],
  "5.1": ["v5.1.0", "2.11.4"],
  "5.2": ["v5.2.0", "2.15.1"],
  "5.3": ["v5.3.0", "2.16.2"],
};

const BANNED = "Your IP address has been banned after too many failed authentication attempts.";

export function fakeQbittorrent(options: FakeOptions = {}): FakeQbittorrent {
  const { dialect = "4.5", username = "admin", password = "s3cret-s3cret", basePath = "", banAfter = 5 } = options;
  const isNew = dialect === "5.2" || dialect === "5.3";
  const torrents = options.torrents ?? [];
  const requests: FakeRequest[] = [];
  const sessions = new Set<string>();
  let faults: { path: string; fault: Fault; left: number }[] = [];
  let failures = 0;

  const cookieName = () => (isNew ? `QBT_SID_${server.port}` : "SID");
  const newSession = () => {
    // Base64, with the signs that must survive the way back.
    const id = `${Buffer.from(crypto.getRandomValues(new Uint8Array(22)))
      .toString("base64")
      .slice(0, 29)}/+=`;
    sessions.add(id);
    const rest = isNew ? `SameSite=Lax; expires=${new Date(Date.now() + 3_600_000).toUTCString()}` : "SameSite=Strict";
    return { "set-cookie": `${cookieName()}=${id}; HttpOnly; ${rest}; path=/` };
  };
  const hasSession = ({ headers }: Request) =>
    (headers.get("cookie") ?? "").split("; ").some((pair) => {
      const [name, ...value] = pair.split("=");
      return name === cookieName() && sessions.has(value.join("="));
    });

  const login = (fields: Fields): Response => {
    if (failures >= banAfter) return new Response(BANNED, { status: 403 });
    if (fields.get("username") !== username || fields.get("password") !== password) {
      failures++;
      return isNew ? new Response("Unauthorized", { status: 401 }) : new Response("Fails.");
    }
    failures = 0;
    return isNew
      ? new Response(null, { status: 204, headers: newSession() })
      : new Response("Ok.", { headers: newSession() });
  };
  const mayAsk = (request: Request): boolean => {
    const bearer = /^Bearer (.*)$/.exec(request.headers.get("authorization") ?? "")?.[1];
    if (bearer !== undefined) return isNew && options.apiKey !== undefined && bearer === options.apiKey;
    return hasSession(request);
  };

  const answer = (path: string, query: URLSearchParams, fields: Fields): Response => {
    switch (path) {
      case "app/version":
        return new Response(VERSIONS[dialect][0]);
      case "app/webapiVersion":
        return new Response(VERSIONS[dialect][1]);
      case "torrents/info":
        return Response.json(torrents.filter((torrent) => matches(torrent, query)).map(row));
      case "torrents/files": {
        const found = torrents.find(({ hash }) => hash === query.get("hash"));
        return found ? Response.json(fileRows(found)) : new Response("Not Found", { status: 404 });
      }
      case "torrents/add":
        return add(fields);
      default:
        return new Response(dialect === "5.3" ? "Endpoint does not exist" : "Not Found", { status: 404 });
    }
  };
  const add = (fields: Fields): Response => {
    const hash = /urn:btih:([0-9a-f]{40})/i.exec(String(fields.get("urls") ?? ""))?.[1]?.toLowerCase();
    if (fields.has("torrents"))
      return new Response("Error: 'bad.torrent' is not a valid torrent file.", { status: 415 });
    if (!hash || torrents.some((torrent) => torrent.hash === hash))
      return isNew ? new Response("Conflict", { status: 409 }) : new Response("Fails.");
    const category = String(fields.get("category") ?? "");
    torrents.push({ hash, category, state: "metaDL", progress: 0, completion_on: -1 });
    return isNew
      ? Response.json({ added_torrent_ids: [hash], failure_count: 0, pending_count: 0, success_count: 1 })
      : new Response("Ok.");
  };

  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    tls: options.tls,
    async fetch(request) {
      const { pathname, search, searchParams } = new URL(request.url);
      const path = pathname.replace(`${basePath}/api/v2/`, "");
      const isForm = request.method === "POST";
      const fields = await fieldsOf(request);
      requests.push({ method: request.method, path: pathname + search, headers: request.headers, fields });
      const found = faults.find((fault) => fault.left > 0 && (fault.path === "*" || fault.path === path));
      if (found) {
        found.left--;
        return found.fault(request);
      }
      // Its guards against foreign pages.
      if (["origin", "referer"].some((name) => request.headers.has(name)))
        return new Response("Unauthorized", { status: 401 });
      if (path === pathname) return new Response("<!DOCTYPE html><title>another program</title>", { status: 404 });
      if (path === "auth/login") return isForm ? login(fields) : new Response("Method Not Allowed", { status: 405 });
      if (mayAsk(request)) return answer(path, searchParams, fields);
      if (options.localAuth !== false) return new Response("Forbidden", { status: 403 });
      const reply = answer(path, searchParams, fields);
      reply.headers.set("set-cookie", newSession()["set-cookie"]);
      return reply;
    },
  });
  const url = `${options.tls ? "https" : "http"}://127.0.0.1:${server.port}${basePath}`;
  return {
    url,
    config: qbittorrentSettings({ base_url: url, username, password }),
    requests,
    torrents,
    asked: (path) =>
      requests.filter((request) => new URL(request.path, url).pathname.endsWith(`/api/v2/${path}`)).length,
    forgetSessions: () => sessions.clear(),
    fail: (path, fault, times = Number.POSITIVE_INFINITY) => void faults.push({ path, fault, left: times }),
    mend: () => {
      faults = [];
    },
    stop: () => server.stop(true),
  };
}

export const says =
  (body: string, status = 200, headers: Record<string, string> = {}): Fault =>
  () =>
    new Response(body, { status, headers });

/** Of a proxy in front of it, with the status of a success. */
export const loginPage = says("<!DOCTYPE html><html><title>Sign in</title></html>", 200, {
  "content-type": "text/html",
});

// --- the truth ---

/** None where the body is no form. */
async function fieldsOf(request: Request): Promise<Fields> {
  if (request.method !== "POST") return new Map();
  const form = await request
    .clone()
    .formData()
    .catch(() => []);
  return new Map(form as Iterable<[string, string | Blob]>);
}

const COMPLETE = /^(uploading|(stalled|paused|stopped|queued|forced|checking)UP|moving)$/;

function matches(torrent: FakeTorrent, query: URLSearchParams): boolean {
  const hashes = query.get("hashes");
  const category = query.get("category");
  if (hashes !== null && !hashes.split("|").includes(torrent.hash)) return false;
  if (category !== null && category !== (torrent.category ?? "")) return false;
  return query.get("filter") !== "completed" || COMPLETE.test(torrent.state ?? "stalledUP");
}

function row({ files: _, ...torrent }: FakeTorrent): Record<string, unknown> {
  const name = torrent.name ?? torrent.hash;
  const save_path = torrent.save_path ?? "/downloads";
  return {
    name,
    infohash_v1: torrent.hash,
    infohash_v2: "",
    category: "",
    tags: "",
    state: "stalledUP",
    progress: 1,
    amount_left: torrent.progress === undefined ? 0 : Math.round((1 - torrent.progress) * 1e6),
    completion_on: 1_795_329_753,
    save_path,
    content_path: `${save_path}/${name}`,
    ...torrent,
  };
}

const fileRows = (torrent: FakeTorrent): Record<string, unknown>[] =>
  (torrent.files ?? [{ name: torrent.name ?? torrent.hash }]).map((file, index) => ({
    index,
    size: 1_000_000,
    progress: torrent.progress ?? 1,
    priority: 1,
    is_seed: true,
    availability: -1,
    ...file,
  }));
