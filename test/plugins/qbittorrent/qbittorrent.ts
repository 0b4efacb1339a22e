/**
 * The real qbittorrent-nox, on loopback and free ports, with a profile of its own. `QBITTORRENT_NOX` names another
 * program than the one on PATH, to test another version.
 */
import { pbkdf2Sync, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { QbittorrentConfig } from "../../../plugins/qbittorrent/config.ts";
import { atEnd } from "../../helpers/at-end.ts";
import { until } from "../../helpers/until.ts";
import { qbittorrentSettings } from "./qbittorrent-settings.ts";

const program = process.env.QBITTORRENT_NOX ?? Bun.which("qbittorrent-nox");

/** Whether there is one to test with. Says loudly when there is not; in CI that is an error. */
export function haveQbittorrent(): boolean {
  if (program) return true;
  const missing = "qbittorrent-nox is missing (on Debian: apt-get install qbittorrent-nox)";
  if (process.env.CI) throw new Error(missing);
  console.warn(`NOT TESTED against the real qBittorrent: ${missing}`);
  return false;
}

export interface QbittorrentOptions {
  username?: string;
  password?: string;
  /** Seconds without a request after which a session ends. */
  sessionTimeout?: number;
  /** So many wrong passwords, and the address is banned; qBittorrent's default is 5. */
  banAfter?: number;
  /** Seconds. */
  banDuration?: number;
  /** False: whoever is on this machine needs no login. */
  localAuth?: boolean;
  /** Speak TLS, with these files. */
  tls?: { cert: string; key: string };
  /** More lines of its `[Preferences]`. */
  preferences?: Record<string, string | number | boolean>;
}

export interface TestQbittorrent {
  /** `http://127.0.0.1:PORT` */
  url: string;
  pid(): number;
  /** Where the other side of a download reaches it: `127.0.0.1:PORT`. */
  peer: string;
  /** Its default save path. */
  downloads: string;
  /** What anicargo is told of it. */
  config: QbittorrentConfig;
  /** Asks it directly, below `/api/v2/`, in a session of the test's own; a body makes it a POST. Throws when it is refused. */
  ask(path: string, body?: Record<string, string> | FormData): Promise<Response>;
  /** How many logins it has seen, by its own log; `succeeded` without those of `ask`. */
  logins(): Promise<{ succeeded: number; failed: number }>;
  /** Killed in the middle of whatever it does; resolves when it is gone. */
  kill9(): Promise<void>;
  /** Ends as it is asked to. */
  stop(): Promise<void>;
  /** Starts again what was stopped or killed, with the same profile and ports. */
  start(): Promise<void>;
  restart(): Promise<void>;
}

/** Starts one and waits until it answers. It is stopped, and its folder removed, at the end of the test run at the latest. */
export async function startQbittorrent(options: QbittorrentOptions = {}): Promise<TestQbittorrent> {
  const { username = "admin", password = "s3cret-s3cret" } = options;
  const profile = mkdtempSync(join(tmpdir(), "anicargo-qbittorrent-"));
  const downloads = join(profile, "downloads");
  const [port, peerPort] = await freePorts();
  const url = `${options.tls ? "https" : "http"}://127.0.0.1:${port}`;
  mkdirSync(join(profile, "qBittorrent/config"), { recursive: true });
  mkdirSync(downloads);
  writeFileSync(
    join(profile, "qBittorrent/config/qBittorrent.conf"),
    ini({
      LegalNotice: { Accepted: true },
      BitTorrent: session(peerPort!, downloads),
      Network: { PortForwardingEnabled: false },
      Preferences: {
        "General\\Locale": "en",
        "WebUI\\Address": "127.0.0.1",
        "WebUI\\Port": port!,
        "WebUI\\Username": escaped(username),
        "WebUI\\Password_PBKDF2": hashed(password),
        "WebUI\\LocalHostAuth": options.localAuth ?? true,
        "WebUI\\UseUPnP": false,
        "WebUI\\SessionTimeout": options.sessionTimeout ?? 3600,
        "WebUI\\MaxAuthenticationFailCount": options.banAfter ?? 5,
        "WebUI\\BanDuration": options.banDuration ?? 3600,
        ...(options.tls && {
          "WebUI\\HTTPS\\Enabled": true,
          "WebUI\\HTTPS\\CertificatePath": options.tls.cert,
          "WebUI\\HTTPS\\KeyPath": options.tls.key,
        }),
        ...options.preferences,
      },
    }),
  );

  const output = Bun.file(join(profile, "output"));
  let child: Bun.Subprocess;
  let cookie: string | undefined;
  let ownLogins = 0;
  /** The test's own requests trust any certificate. */
  const send = (path: string, init: RequestInit = {}) =>
    fetch(`${url}/api/v2/${path}`, { ...init, keepalive: false, tls: { rejectUnauthorized: false } });

  const start = async () => {
    child = Bun.spawn([program!, `--profile=${profile}`, `--webui-port=${port}`], {
      stdin: "ignore",
      stdout: output,
      stderr: output,
    });
    cookie = undefined;
    ownLogins = 0;
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`qbittorrent-nox ended: ${await output.text()}`);
      return send("app/version").then(
        ({ status }) => status === 403 || status === 200,
        () => false,
      );
    });
  };
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await child.exited;
  };
  const login = async () => {
    const reply = await send("auth/login", { method: "POST", body: new URLSearchParams({ username, password }) });
    const [set] = reply.headers.getSetCookie();
    if (!set) throw new Error(`the test cannot log in: ${reply.status} ${await reply.text()}`);
    ownLogins++;
    cookie = set.split(";")[0];
  };
  const ask = async (path: string, body?: Record<string, string> | FormData) => {
    if (!cookie) await login();
    const reply = await send(path, {
      headers: { cookie: cookie! },
      ...(body && { method: "POST", body: body instanceof FormData ? body : new URLSearchParams(body) }),
    });
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
    return reply;
  };

  await start();
  atEnd(async () => {
    await end("SIGKILL");
    rmSync(profile, { recursive: true, force: true });
  });
  return {
    url,
    pid: () => child.pid,
    peer: `127.0.0.1:${peerPort}`,
    downloads,
    config: qbittorrentSettings({ base_url: url, username, password }),
    ask,
    async logins() {
      const lines = (await (await ask("log/main")).json()) as { message: string }[];
      const count = (pattern: RegExp) => lines.filter(({ message }) => pattern.test(message)).length;
      return { succeeded: count(/WebAPI login success/) - ownLogins, failed: count(/WebAPI login failure/) };
    },
    kill9: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
    start,
    async restart() {
      await end("SIGTERM");
      await start();
    },
  };
}

/** Talks to nobody but peers that it is told of, on loopback. */
const session = (port: number, downloads: string) => ({
  "Session\\DHTEnabled": false,
  "Session\\PeXEnabled": false,
  "Session\\LSDEnabled": false,
  "Session\\Port": port,
  "Session\\Interface": "lo",
  "Session\\InterfaceName": "lo",
  "Session\\InterfaceAddress": "127.0.0.1",
  "Session\\DefaultSavePath": downloads,
  "Session\\QueueingSystemEnabled": false,
  "Session\\AddTrackersEnabled": false,
});

const ini = (sections: Record<string, Record<string, string | number | boolean>>): string =>
  Object.entries(sections)
    .map(
      ([name, keys]) =>
        `[${name}]\n${Object.entries(keys)
          .map(([key, value]) => `${key}=${value}\n`)
          .join("")}`,
    )
    .join("\n");

/** In a form that is read the same whatever is in the text. */
const escaped = (text: string): string =>
  `"${text
    .split("")
    .map((unit) => `\\x${unit.charCodeAt(0).toString(16)}`)
    .join("")}"`;

const hashes = new Map<string, string>();

/** As qBittorrent keeps a password. Slow by design, therefore once a password. */
function hashed(password: string): string {
  const known = hashes.get(password);
  if (known) return known;
  const salt = randomBytes(16);
  const key = pbkdf2Sync(password, salt, 100_000, 64, "sha512");
  const made = `"@ByteArray(${salt.toString("base64")}:${key.toString("base64")})"`;
  hashes.set(password, made);
  return made;
}

/** Two ports that nobody listens on at this moment. */
async function freePorts(): Promise<number[]> {
  const servers = [createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) =>
          server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port)),
        ),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
