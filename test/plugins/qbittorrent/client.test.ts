/** The client against qBittorrents that misbehave, or that are none. */
import { afterEach, describe, expect, test } from "bun:test";
import { type Bans, memoryBans } from "../../../plugins/qbittorrent/bans.ts";
import { createQbittorrent, type QbittorrentOptions } from "../../../plugins/qbittorrent/client.ts";
import type { Qbittorrent } from "../../../plugins/qbittorrent/model.ts";
import { LoginRefused } from "../../../plugins/qbittorrent/trouble.ts";
import { AppError, Unavailable } from "../../../src/errors.ts";
import { recordingLogger } from "../../helpers/http.ts";
import { until } from "../../helpers/until.ts";
import {
  endless,
  type FakeOptions,
  type FakeQbittorrent,
  type Fault,
  fakeQbittorrent,
  loginPage,
  says,
  silence,
} from "./fake-qbittorrent.ts";
import { qbittorrentSettings } from "./qbittorrent-settings.ts";

const HASH = "2fe0321f2c152629d1e3540c727a72bc26d21bd6";
const HOUR_MS = 3_600_000;

const fakes: FakeQbittorrent[] = [];
const fake = (options?: FakeOptions): FakeQbittorrent => {
  const made = fakeQbittorrent(options);
  fakes.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(fakes.splice(0).map((made) => made.stop()));
});

const client = (
  { config }: Pick<FakeQbittorrent, "config">,
  settings: Partial<FakeQbittorrent["config"]> = {},
  options: QbittorrentOptions = {},
): Qbittorrent => createQbittorrent({ ...config, ...settings }, options);

/** What it throws, which must be of ours. */
async function problemOf(asked: Promise<unknown>): Promise<AppError> {
  const error = await asked.then(
    () => new Error("nothing was thrown"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw error;
  return error;
}

describe("the session", () => {
  test("is opened by the first question and kept for the next", async () => {
    const server = fake();
    const qbittorrent = client(server);
    await qbittorrent.version();
    await qbittorrent.torrents();
    expect(server.requests.map(({ path }) => path)).toEqual(
      ["auth/login", "app/version", "app/webapiVersion", "torrents/info"].map((path) => `/api/v2/${path}`),
    );
  });

  test("is opened once by questions that come at the same time, and once more when it has ended", async () => {
    const server = fake();
    const qbittorrent = client(server);
    await Promise.all(Array.from({ length: 10 }, () => qbittorrent.torrents()));
    expect(server.asked("auth/login")).toBe(1);
    server.forgetSessions();
    await Promise.all(Array.from({ length: 10 }, () => qbittorrent.torrents()));
    expect(server.asked("auth/login")).toBe(2);
  });

  test("Q3: a session that has ended is opened again once, and the question asked again", async () => {
    const server = fake({ dialect: "5.3", torrents: [{ hash: HASH }] });
    const qbittorrent = client(server);
    await qbittorrent.torrents();
    server.forgetSessions();
    expect(await qbittorrent.torrents()).toHaveLength(1);
    expect(server.asked("auth/login")).toBe(2);
  });

  test("one that is lost as soon as it is opened is told, and not opened again and again", async () => {
    const server = fake();
    server.fail("torrents/info", says("Forbidden", 403));
    const error = await problemOf(client(server).torrents());
    expect(error).toBeInstanceOf(LoginRefused);
    expect(error.message).toContain("passes its cookie on");
    expect(server.asked("auth/login")).toBe(1);
  });

  test("no user: no login, and the cookie that comes by itself is kept", async () => {
    const server = fake({ localAuth: false });
    const qbittorrent = client(server, { username: "", password: "" });
    await qbittorrent.torrents();
    await qbittorrent.torrents();
    expect(server.asked("auth/login")).toBe(0);
    expect(server.requests.map(({ headers }) => /^SID=\S+$/.test(headers.get("cookie") ?? ""))).toEqual([false, true]);
  });

  test("no user where one is wanted is told", async () => {
    const server = fake();
    const error = await problemOf(client(server, { username: "" }).torrents());
    expect(error).toMatchObject({ status: 503, exitCode: 77 });
    expect(error.message).toContain("set qbittorrent.username");
    expect(server.asked("auth/login")).toBe(0);
  });

  test("an API key is used as it is, without a login", async () => {
    const server = fake({ dialect: "5.2", apiKey: "qbt_0123456789012345678901234567" });
    const qbittorrent = client(server, { api_key: "qbt_0123456789012345678901234567" });
    expect(await qbittorrent.version()).toEqual({ version: "v5.2.0", api: "2.15.1" });
    expect(server.asked("auth/login")).toBe(0);
  });

  test.each(["4.5", "5.3"] as const)(
    "%s: an API key that is not taken is told, and no login is tried instead",
    async (dialect) => {
      const server = fake({ dialect, apiKey: "qbt_another" });
      const error = await problemOf(client(server, { api_key: "qbt_wrong" }).torrents());
      expect(error).toBeInstanceOf(LoginRefused);
      expect(error.message).toContain("set qbittorrent.api_key");
      expect(server.requests).toHaveLength(1);
    },
  );

  test("nothing tells qBittorrent that a page of another site was asking", async () => {
    const server = fake({ dialect: "5.3" });
    await client(server).add({ magnet: `magnet:?xt=urn:btih:${HASH}` }, { hash: HASH, category: "anicargo" });
    for (const { headers } of server.requests) {
      expect(headers.has("origin")).toBeFalse();
      expect(headers.has("referer")).toBeFalse();
      expect(headers.get("host")).toBe(new URL(server.url).host);
    }
  });
});

describe.each(["4.5", "5.3"] as const)("Q2: a wrong password, %s", (dialect) => {
  test("is said once, however often something is asked", async () => {
    const server = fake({ dialect });
    const qbittorrent = client(server, { password: "wrong" });
    for (let asked = 0; asked < 6; asked++) {
      const error = await problemOf(qbittorrent.torrents());
      expect(error).toBeInstanceOf(LoginRefused);
      expect(error).toMatchObject({ status: 503, exitCode: 77, retryAfter: 3600 });
      expect(error.message).toContain("set qbittorrent.username and qbittorrent.password");
    }
    await Promise.all(Array.from({ length: 6 }, () => problemOf(qbittorrent.torrents())));
    expect(server.asked("auth/login")).toBe(1);
  });

  test("is said again after an hour: somebody may have set it in qBittorrent", async () => {
    const server = fake({ dialect });
    let time = Date.now();
    const qbittorrent = client(server, { password: "wrong" }, { now: () => time });
    await problemOf(qbittorrent.torrents());
    time += HOUR_MS - 1;
    await problemOf(qbittorrent.torrents());
    expect(server.asked("auth/login")).toBe(1);
    time += 1;
    await problemOf(qbittorrent.torrents());
    expect(server.asked("auth/login")).toBe(2);
  });

  test("a ban is told, and respected for an hour", async () => {
    const server = fake({ dialect, banAfter: 0 });
    let time = Date.UTC(2026, 10, 22, 15, 4);
    const qbittorrent = client(server, {}, { now: () => time });
    for (let asked = 0; asked < 6; asked++) {
      const error = await problemOf(qbittorrent.torrents());
      expect(error).toBeInstanceOf(Unavailable);
      expect(error).toMatchObject({ exitCode: 69, retryAfter: 3600 });
      expect(error.message).toContain("no login is tried until 2026-11-22 16:04 UTC");
    }
    expect(server.asked("auth/login")).toBe(1);
    time += HOUR_MS;
    await problemOf(qbittorrent.torrents());
    expect(server.asked("auth/login")).toBe(2);
  });

  test("a ban is respected by whoever shares its memory, as the next command does", async () => {
    const server = fake({ dialect, banAfter: 0 });
    const bans: Bans = memoryBans();
    await problemOf(client(server, {}, { bans }).torrents());
    expect((await problemOf(client(server, {}, { bans }).torrents())).message).toContain("banned");
    expect(server.requests).toHaveLength(1);
  });
});

test("a ban does not end a session that lives", async () => {
  const server = fake();
  const bans = memoryBans();
  const qbittorrent = client(server, {}, { bans });
  await qbittorrent.torrents();
  await bans.set(new Date(Date.now() + HOUR_MS));
  expect(await qbittorrent.torrents()).toEqual([]);
});

test("5.2 and later refuse a wrong address as they refuse a wrong password, and the two are told apart", async () => {
  const server = fake({ dialect: "5.3" });
  server.fail("*", says("Unauthorized", 401));
  expect((await problemOf(client(server).torrents())).message).toContain("add the host to its server domains");
  expect((await problemOf(client(server, { username: "" }).torrents())).message).toContain("server domains");
});

describe("Q9: no qBittorrent", () => {
  test("one that is down is told with what to check, and exits with 69", async () => {
    const server = fake();
    await server.stop();
    const error = await problemOf(client(server).torrents());
    expect(error).toBeInstanceOf(Unavailable);
    expect(error).toMatchObject({ exitCode: 69, retryAfter: 30 });
    expect(error.message).toBe(
      "qBittorrent cannot be reached (connection refused): check that it runs and that qbittorrent.base_url is its WebUI's address",
    );
  });

  test("one that says nothing is given up", async () => {
    const server = fake();
    server.fail("torrents/info", silence);
    const error = await problemOf(client(server, {}, { deadlines: { begin: 50, whole: 10_000 } }).torrents());
    expect(error.message).toStartWith("qBittorrent did not answer within 0.05 s");
  });

  test("one that never comes to an end is given up", async () => {
    const server = fake();
    server.fail("torrents/info", endless(1, 5));
    const error = await problemOf(client(server, {}, { deadlines: { begin: 10_000, whole: 100 } }).torrents());
    expect(error.message).toStartWith("qBittorrent did not answer within 0.1 s");
  });

  test("an answer without end is not kept in memory", async () => {
    const server = fake();
    server.fail("torrents/info", endless(2 ** 20));
    expect((await problemOf(client(server).torrents())).message).toStartWith(
      "qBittorrent's answer is longer than 64 MiB",
    );
  });

  test("a connection that breaks in the middle is told", async () => {
    const server = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        data(socket) {
          socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[");
        },
      },
    });
    const config = qbittorrentSettings({ base_url: `http://127.0.0.1:${server.port}` });
    expect((await problemOf(createQbittorrent(config).torrents())).message).toStartWith(
      "qBittorrent cannot be reached (",
    );
    server.stop(true);
  });

  test("the end of the program hangs up", async () => {
    const server = fake();
    server.fail("torrents/info", silence);
    const ending = new AbortController();
    const asked = problemOf(client(server, {}, { signal: ending.signal }).torrents());
    await until(() => server.asked("torrents/info") === 1);
    ending.abort();
    expect((await asked).message).toBe("the program is stopping");
  });

  test.each([
    [says("Not Found", 404), "there is no qBittorrent WebUI at qbittorrent.base_url (HTTP 404)"],
    [says("Method Not Allowed", 405), "qBittorrent answers with HTTP 405"],
    [says("oh no", 500), "qBittorrent answers with HTTP 500"],
    [says("<html>Bad Gateway</html>", 502), "a web page came instead of qBittorrent's data (HTTP 502)"],
  ])("another program's answer to the login is told (%#)", async (fault, message) => {
    const server = fake();
    server.fail("*", fault);
    const error = await problemOf(client(server).torrents());
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).toStartWith(message);
  });

  test.each([
    [says("Not Found", 404), "there is no qBittorrent WebUI at qbittorrent.base_url (HTTP 404)"],
    [says("Internal Server Error", 500), "qBittorrent answers with HTTP 500"],
  ])("an error in place of data is told (%#)", async (fault, message) => {
    const server = fake();
    for (const path of ["torrents/info", "app/version"]) server.fail(path, fault);
    expect((await problemOf(client(server).torrents())).message).toStartWith(message);
    expect((await problemOf(client(server).version())).message).toStartWith(message);
  });
});

describe("Q10: where it is", () => {
  test.each(["", "/", "/qbt", "/qbt/", "/a/b//"])(
    "below a base path, with and without a slash at the end: %j",
    async (path) => {
      const server = fake({ basePath: path.replace(/\/+$/, "") });
      const base_url = new URL(path, server.url).href;
      expect(await client(server, { base_url }).version()).toEqual({ version: "v4.5.2", api: "2.8.19" });
    },
  );

  test("user and password in the address go nowhere", async () => {
    const server = fake();
    await client(server, { base_url: server.url.replace("//", "//somebody:something@") }).torrents();
    for (const { headers } of server.requests) expect(headers.has("authorization")).toBeFalse();
  });

  test("S34: where another address leads is told, and nobody there gets the cookie, the key or the password", async () => {
    const elsewhere = fake();
    const server = fake({ apiKey: "qbt_key" });
    for (const status of [301, 302, 303, 307, 308]) {
      server.mend();
      server.fail("*", says("", status, { location: `${elsewhere.url}/login?next=secret` }));
      for (const settings of [{}, { api_key: "qbt_key" }, { username: "" }]) {
        const { message } = await problemOf(client(server, settings).torrents());
        expect(message).toBe(
          `qBittorrent's address leads to ${new URL(elsewhere.url).origin}: set qbittorrent.base_url to where its WebUI is`,
        );
      }
    }
    expect(elsewhere.requests).toEqual([]);
  });

  test("an address that leads to itself is told as well", async () => {
    const server = fake();
    server.fail("*", says("", 302, { location: "/login" }));
    expect((await problemOf(client(server).torrents())).message).toStartWith("qBittorrent's address leads elsewhere:");
  });
});

describe("Q11: what is no answer of qBittorrent's", () => {
  const call: Record<string, (qbittorrent: Qbittorrent) => Promise<unknown>> = {
    "app/version": (qbittorrent) => qbittorrent.version(),
    "torrents/info": (qbittorrent) => qbittorrent.torrents(),
    "torrents/files": (qbittorrent) => qbittorrent.files(HASH),
    "torrents/add": (qbittorrent) => qbittorrent.add({ magnet: "magnet:?" }, { hash: HASH, category: "anicargo" }),
  };

  test.each(["auth/login", ...Object.keys(call)])(
    "the login page of a proxy, with the status of a success: %s",
    async (path) => {
      const server = fake();
      server.fail(path, loginPage);
      const error = await problemOf((call[path] ?? call["torrents/info"]!)(client(server)));
      expect(error).toBeInstanceOf(Unavailable);
      expect(error.message).toStartWith("a web page came instead of qBittorrent's data (HTTP 200)");
    },
  );

  test.each(
    Object.keys(call).flatMap((path) =>
      ['{"a":', "nonsense", "[1]", '[{"hash":"x"}]', "{}", "null", ""].map((body) => [path, body]),
    ),
  )("%s says %j", async (path, body) => {
    const server = fake();
    server.fail(path, says(body));
    const error = await problemOf(call[path]!(client(server)));
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).toStartWith("qBittorrent's answer is not as documented (");
  });

  test.each([
    "hash",
    "name",
    "state",
    "progress",
    "amount_left",
    "content_path",
    "save_path",
    "completion_on",
    "category",
  ])("a torrent without its %s is no torrent", async (field) => {
    const server = fake({ torrents: [{ hash: HASH }, { hash: "a".repeat(40), [field]: null }] });
    expect((await problemOf(client(server).torrents())).message).toContain("is not as documented (/1/");
  });

  test("fields that we do not know are no trouble", async () => {
    const server = fake({ torrents: [{ hash: HASH, of_version_6: { a: [1] } }] });
    expect(await client(server).torrents()).toHaveLength(1);
  });
});

test("a torrent is told in our words", async () => {
  const row = {
    hash: HASH.toUpperCase(),
    name: "[Group] 葬送",
    category: "tv",
    state: "stoppedUP",
    progress: 0.5,
    amount_left: 12,
    content_path: "/downloads/[Group] 葬送",
    save_path: "/downloads",
    completion_on: -1,
  };
  expect(await client(fake({ torrents: [row] })).torrents()).toEqual([
    {
      hash: HASH,
      name: "[Group] 葬送",
      category: "tv",
      state: "stoppedUP",
      progress: 0.5,
      amountLeft: 12,
      contentPath: "/downloads/[Group] 葬送",
      savePath: "/downloads",
      completedAt: -1,
    },
  ]);
});

test("a list of no hashes is no torrents, and not all of them", async () => {
  const server = fake({ torrents: [{ hash: HASH }] });
  expect(await client(server).torrents({ hashes: [] })).toEqual([]);
});

test("Q12: five thousand torrents are one request, and a category leaves the others where they are", async () => {
  const hash = (index: number) => index.toString(16).padStart(40, "0");
  const torrents = Array.from({ length: 5000 }, (_, index) => ({
    hash: hash(index),
    category: index % 10 === 0 ? "anime & more" : "",
    magnet_uri: `magnet:?xt=urn:btih:${hash(index)}&tr=${"x".repeat(1000)}`,
  }));
  const server = fake({ torrents });
  const qbittorrent = client(server);
  expect(await qbittorrent.torrents({ completed: true })).toHaveLength(5000);
  expect(server.asked("torrents/info")).toBe(1);
  const chosen = await qbittorrent.torrents({ category: "anime & more", completed: true });
  expect(chosen).toHaveLength(500);
  expect(server.requests.at(-1)!.path).toEndWith("?category=anime+%26+more&filter=completed");
});

describe("Q14: the files of a torrent", () => {
  test("that was removed meanwhile are null", async () => {
    const server = fake({ torrents: [{ hash: HASH }] });
    const qbittorrent = client(server);
    expect(await qbittorrent.files(HASH)).toHaveLength(1);
    server.torrents.length = 0;
    expect(await qbittorrent.files(HASH)).toBeNull();
  });

  test("whose content is not known yet are none", async () => {
    expect(await client(fake({ torrents: [{ hash: HASH, files: [] }] })).files(HASH)).toEqual([]);
  });
});

describe("Q4: adding", () => {
  const LINK = `magnet:?xt=urn:btih:${HASH}&dn=a%20%26%20b&tr=udp%3A%2F%2Ft.example%3A1`;
  const options = { hash: HASH, category: "anicargo" };

  test("S16: a magnet is one field, however it looks", async () => {
    const server = fake();
    const odd = `${LINK}&x=1 2+3%0Aurls=http://evil&savepath=/etc`;
    await client(server).add({ magnet: odd }, { ...options, savePath: "/srv/a & b=c\nd" });
    const { fields, headers } = server.requests.at(-1)!;
    expect(headers.get("content-type")).toStartWith("application/x-www-form-urlencoded");
    expect(Object.fromEntries(fields)).toEqual({
      category: "anicargo",
      savepath: "/srv/a & b=c\nd",
      autoTMM: "false",
      urls: odd,
    });
  });

  test("without a save path, qBittorrent's own way of choosing one stays", async () => {
    const server = fake();
    await client(server).add({ magnet: LINK }, options);
    expect(Object.fromEntries(server.requests.at(-1)!.fields)).toEqual({ category: "anicargo", urls: LINK });
  });

  test.each(["4.5", "5.3"] as const)("%s: what is there already is a success, and not added", async (dialect) => {
    const server = fake({ dialect, torrents: [{ hash: HASH }] });
    expect(await client(server).add({ magnet: LINK }, options)).toBe("already there");
    expect(server.asked("torrents/add")).toBe(0);
  });

  test.each(["4.5", "5.3"] as const)(
    "%s: what somebody else adds at the same moment is there already",
    async (dialect) => {
      const server = fake({ dialect });
      const refused = dialect === "4.5" ? says("Fails.") : says("Conflict", 409);
      server.fail("torrents/add", (request) => {
        server.torrents.push({ hash: HASH });
        return refused(request);
      });
      expect(await client(server).add({ magnet: LINK }, options)).toBe("already there");
    },
  );

  test("what goes by another hash is found by that", async () => {
    const server = fake({ torrents: [{ hash: "a".repeat(40), infohash_v1: HASH.toUpperCase() }] });
    server.fail("torrents/add", says("Fails."));
    expect(await client(server).add({ magnet: LINK }, options)).toBe("already there");
  });

  test("what qBittorrent does not take is told", async () => {
    const faults = [
      says("Fails."),
      says("Conflict", 409),
      says("Error: 'x.torrent' is not a valid torrent file.", 415),
      says('{"added_torrent_ids":[],"failure_count":1,"pending_count":0,"success_count":0}'),
    ];
    const refuse = async (fault: Fault) => {
      const server = fake();
      server.fail("torrents/add", fault);
      const error = await problemOf(client(server).add({ file: new Uint8Array(3), name: "x" }, options));
      expect(error).toMatchObject({ status: 422, exitCode: 64 });
      expect(error.message).toContain("does not take this torrent");
    };
    // Each looks for a while whether it is there after all.
    await Promise.all(faults.map(refuse));
  });

  test("an error while adding is told", async () => {
    const server = fake();
    server.fail("torrents/add", says("oh no", 500));
    expect((await problemOf(client(server).add({ magnet: LINK }, options))).message).toContain("HTTP 500");
  });
});

test("S27, S34: no secret is in a log line or an error, whatever goes wrong", async () => {
  const secrets = { username: "somebody", password: "pass-pass-pass", api_key: "" };
  const faults = [
    says("oh no pass-pass-pass", 500),
    loginPage,
    says("", 302, { location: "http://x/?sid=pass-pass-pass" }),
  ];
  const told: string[] = [];
  for (const key of ["", "qbt_key-key-key"]) {
    for (const fault of [undefined, ...faults]) {
      const log = recordingLogger();
      const server = fake({ username: "somebody", password: "pass-pass-pass" });
      const base_url = server.url.replace("//", "//user:url-pass-word@");
      if (fault) server.fail("*", fault);
      const qbittorrent = client(server, { ...secrets, base_url, api_key: key }, { log });
      const error = await qbittorrent.torrents().catch((thrown: unknown) => thrown);
      await server.stop();
      const down = await qbittorrent.torrents().catch((thrown: unknown) => thrown);
      told.push(Bun.inspect(log.lines), Bun.inspect(error, { depth: 10 }), Bun.inspect(down, { depth: 10 }));
    }
  }
  for (const secret of ["pass-pass-pass", "key-key-key", "url-pass-word", "SID="])
    expect(told.join("\n")).not.toContain(secret);
});
