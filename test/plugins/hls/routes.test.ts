import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { copyFile, rm, utimes } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import type { AnyElysia } from "elysia";
import { hls as plugin } from "../../../plugins/hls/index.ts";
import { parsePlaylist } from "../../../plugins/hls/playlist.ts";
import { USERS_TOPIC } from "../../../src/http/user-directory.ts";
import type { Feature } from "../../../src/plugin.ts";
import { startHttp, type TestHttp } from "../../helpers/http.ts";
import { fixture, newFolder, play } from "./fixtures.ts";
import { DEFAULTS, type House, openHouse } from "./house.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

let house: House;
let feature: Feature;
let http: TestHttp;
let id: string;
let file: string;
beforeAll(async () => {
  house = await openHouse();
  file = join(newFolder(), "[Group] Some & <Other> Name - 01.mkv");
  await copyFile(await fixture("h264-aac.mkv"), file);
  id = await house.add(file);
  await house.make(id);
  http = await startHttp({
    routes: (auth) => {
      feature = plugin.setup({ ...house.core, http: { auth: auth.guards } }, DEFAULTS) as Feature;
      return feature.routes as AnyElysia;
    },
    unlimited: (path) => feature.unlimited!(path),
    server: { rate_limit_ip_per_minute: 1000, rate_limit_user_per_minute: 1000 },
  });
});
afterAll(async () => {
  await http.stop();
  await house.close();
});

interface Stream {
  id: string;
  playlist_url: string;
  watch_url: string;
}
const ask = async (item = id, as = "alice", headers?: Record<string, string>): Promise<Stream> =>
  (await (await http.fetch(`/api/stream/${item}`, { as, headers })).json()) as Stream;
/** A token for the files of the item, as it stands in the addresses. */
const fileToken = async () => new URL((await ask()).playlist_url).pathname.split("/")[2]!;

describe("GET /api/stream/:id", () => {
  test("gives addresses that need nothing else, from the caller's own point of view", async () => {
    const stream = await ask();
    expect(stream.id).toBe(id);
    expect(stream.playlist_url).toStartWith(`${http.url}/hls/`);
    expect(stream.playlist_url).toEndWith(`/${id}/index.m3u8`);
    expect(stream.watch_url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/watch\/[\w.-]+\/[0-9a-f]{16}$/);
    expect(await play(stream.playlist_url)).toBe("");
  });

  test("keeps the scheme that a proxy in front tells", async () => {
    const headers = { "x-forwarded-proto": "https", host: "anime.example" };
    const { playlist_url } = await ask(id, "alice", headers);
    expect(playlist_url).toStartWith("https://anime.example/hls/");
    const odd = await ask(id, "alice", { "x-forwarded-proto": "javascript" });
    expect(odd.playlist_url).toStartWith("http://");
  });

  test("asks for what is not ready: 202 and one job for all who ask", async () => {
    const other = await house.add(await fixture("silent.mkv"));
    const answers = await Promise.all([1, 2].map(() => http.fetch(`/api/stream/${other}`, { as: "alice" })));
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { job_id: string }[];
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(bodies[0]).toEqual({ status: "queued", job_id: bodies[1]!.job_id } as never);
    expect(await house.core.jobs.get(bodies[0]!.job_id)).toMatchObject({ job_type: "hls", status: "queued" });
    await house.make(other);
    expect((await http.fetch(`/api/stream/${other}`, { as: "alice" })).status).toBe(200);
  });

  test.each(["00000000000000ff", "x", "-1", "1e3", "%00", "..%2f..%2fetc"])("S4: 404 for the id %s", async (odd) => {
    expect((await http.fetch(`/api/stream/${odd}`, { as: "alice" })).status).toBe(404);
  });

  test("401 without a login, also with a token for files", async () => {
    expect((await http.fetch(`/api/stream/${id}`)).status).toBe(401);
    const authorization = `Bearer ${await fileToken()}`;
    expect((await http.fetch(`/api/stream/${id}`, { headers: { authorization } })).status).toBe(401);
    expect((await http.fetch(`/api/stream/${id}?token=${await fileToken()}`)).status).toBe(401);
  });
});

describe("POST /api/jobs/hls/:id", () => {
  test("202 with a job, 404 for an unknown id, 401 for a stranger", async () => {
    const answer = await http.fetch(`/api/jobs/hls/${id}`, { as: "alice", method: "POST" });
    expect(answer.status).toBe(202);
    expect(((await answer.json()) as { job_id: string }).job_id).toMatch(/^[0-9a-f-]{36}$/);
    expect((await http.fetch("/api/jobs/hls/00000000000000ff", { as: "alice", method: "POST" })).status).toBe(404);
    expect((await http.fetch(`/api/jobs/hls/${id}`, { method: "POST" })).status).toBe(401);
  });
});

describe("the files", () => {
  /** Every address in a list, resolved as a player does. */
  async function addresses(url: string, headers?: Record<string, string>): Promise<string[]> {
    const list = parsePlaylist(await (await fetch(url, { headers })).text());
    return [list.init!, ...list.segments.map(({ name }) => name)].map((name) => new URL(name, url).href);
  }

  test("have their types, and lists are never kept", async () => {
    const { playlist_url } = await ask();
    const list = await fetch(playlist_url);
    expect(list.headers.get("content-type")).toBe("application/vnd.apple.mpegurl");
    expect(list.headers.get("cache-control")).toBe("private, no-store");
    expect(list.headers.get("referrer-policy")).toBe("no-referrer");
    const [init, segment] = await addresses(playlist_url);
    expect((await fetch(init!)).headers.get("content-type")).toBe("video/mp4");
    const answer = await fetch(segment!);
    expect(answer.headers.get("content-type")).toBe("video/iso.segment");
    expect(answer.headers.get("cache-control")).toStartWith("private");
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("answer to ranges and to HEAD", async () => {
    const [, segment] = await addresses((await ask()).playlist_url);
    const whole = await (await fetch(segment!)).arrayBuffer();
    const part = await fetch(segment!, { headers: { range: "bytes=10-19" } });
    expect(part.status).toBe(206);
    expect(part.headers.get("content-range")).toBe(`bytes 10-19/${whole.byteLength}`);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(Buffer.from(whole.slice(10, 20)));
    expect((await fetch(segment!, { headers: { range: `bytes=${whole.byteLength}-` } })).status).toBe(416);
    const head = await fetch(segment!, { method: "HEAD" });
    expect(head.headers.get("content-length")).toBe(String(whole.byteLength));
  });

  test("play with a login token in the place of the file token", async () => {
    const login = await http.tokens.signLogin({ userId: "alice", version: "1" });
    expect(await play(`${http.url}/hls/${login}/${id}/index.m3u8`)).toBe("");
  });

  test("play under /hls/ID with ?token=, which every address in the list carries on", async () => {
    const url = `${http.url}/hls/${id}/index.m3u8?token=${await fileToken()}`;
    for (const address of await addresses(url)) expect((await fetch(address)).status).toBe(200);
    expect(await play(url)).toBe("");
  });

  test("play under /hls/ID with a Bearer token, which stays out of the list", async () => {
    const authorization = `Bearer ${await http.tokens.signLogin({ userId: "alice", version: "1" })}`;
    const url = `${http.url}/hls/${id}/index.m3u8`;
    for (const address of await addresses(url, { authorization })) {
      expect(address).not.toContain("token");
      expect((await fetch(address, { headers: { authorization } })).status).toBe(200);
      expect((await fetch(address)).status).toBe(401);
    }
  });

  test("S26: every one of them is refused without a token, with another item's, and with a forged one", async () => {
    const other = await house.add(await fixture("silent.mkv"));
    const foreign = await http.auth.guards.signFileToken({ userId: "alice", role: "user" }, other);
    for (const name of ["index.m3u8", "init.mp4", "seg_0.m4s"]) {
      for (const token of [foreign, "x", `${await fileToken()}x`]) {
        expect((await fetch(`${http.url}/hls/${token}/${id}/${name}`)).status).toBe(401);
        expect((await fetch(`${http.url}/hls/${id}/${name}?token=${token}`)).status).toBe(401);
      }
      expect((await fetch(`${http.url}/hls/${id}/${name}`)).status).toBe(401);
    }
  });

  test("S24: addresses die with the user's password", async () => {
    http.people.set("bob", { role: "user", tokenVersion: "1" });
    const { playlist_url } = await ask(id, "bob");
    const [, segment] = await addresses(playlist_url);
    expect((await fetch(segment!)).status).toBe(200);
    http.people.set("bob", { role: "user", tokenVersion: "2" });
    http.events.publish(USERS_TOPIC, { userId: "bob", tokenVersion: "2" });
    expect((await fetch(segment!)).status).toBe(401);
    expect((await fetch(playlist_url)).status).toBe(401);
  });

  test("R6: a list of before plays to its end after the file was replaced; a new list is the new file's", async () => {
    const replaced = join(newFolder(), "x.mkv");
    await copyFile(await fixture("h264-aac.mkv"), replaced);
    const mine = await house.add(replaced);
    await house.make(mine);
    const { playlist_url } = await ask(mine);
    const before = await addresses(playlist_url);
    const bytes = await (await fetch(before[1]!)).arrayBuffer();
    await copyFile(await fixture("hi10p-flac.mkv"), replaced);
    const waiting = await fetch(playlist_url);
    expect(waiting.status).toBe(503);
    expect(waiting.headers.get("retry-after")).toBe("5");
    await house.make(mine);
    expect(await (await fetch(before[1]!)).arrayBuffer()).toEqual(bytes);
    const after = await addresses(playlist_url);
    expect(after[1]).not.toBe(before[1]);
    expect(await (await fetch(after[1]!)).arrayBuffer()).not.toEqual(bytes);
  });

  test("R24: a list that was swept away is made again by who asks for it", async () => {
    const mine = await house.add(await fixture("h264-aac.mp4"));
    const { folder } = await house.make(mine);
    const { playlist_url } = await ask(mine);
    await rm(folder, { recursive: true });
    expect((await fetch(playlist_url)).status).toBe(503);
    const [job] = await house.core.jobs.list({ jobType: "hls", limit: 1 });
    expect(job).toMatchObject({ status: "queued" });
  });

  test("a file that left the disk is gone, and its rendition with it, for new listeners", async () => {
    const lost = join(newFolder(), "x.mkv");
    await copyFile(await fixture("silent.mkv"), lost);
    const mine = await house.add(lost);
    await house.make(mine);
    await house.remove(mine);
    expect((await http.fetch(`/api/stream/${mine}`, { as: "alice" })).status).toBe(404);
  });
});

describe("S1: nothing but a rendition's files is ever opened", () => {
  const names = [
    ...["../../../etc/passwd", "%2e%2e/%2e%2e/x", "..%2f..%2fetc%2fpasswd", "%252e%252e%252f", "..%5c..%5cx"],
    ...[
      "%00.ts",
      "seg_0.m4s%00",
      "//etc/passwd",
      "%c0%ae%c0%ae",
      "%ff.ts",
      "index.m3u8/../x",
      ".",
      "",
      "a".repeat(60_000),
    ],
    ...["owner.json", "ffmpeg.m3u8", "INDEX.M3U8", "index.m3u8%20", "index.m3u8;x", "seg_9999999.m4s"],
  ];

  /** As it stands, without what `fetch` does to a path. @returns the status */
  const raw = (path: string) =>
    new Promise<number>((resolve, reject) => {
      const socket = connect(Number(new URL(http.url).port), "127.0.0.1");
      let answer = "";
      socket.on("data", (data) => {
        answer += data;
      });
      socket.on("close", () => resolve(Number(answer.split(" ")[1])));
      socket.on("error", reject);
      socket.write(`GET ${path} HTTP/1.1\r\nHost: nas\r\nConnection: close\r\n\r\n`);
    });

  test.each(names)("%j", async (name) => {
    const token = await fileToken();
    for (const path of [`/hls/${token}/${id}/${name}`, `/hls/${id}/${name}?token=${token}`]) {
      expect([400, 404, 414, 431]).toContain(await raw(path));
    }
  });

  test.each(["..", "%2e%2e", "..%2f..", "0000000000000000", "x"])("an odd rendition: v=%s", async (v) => {
    expect(await raw(`/hls/${await fileToken()}/${id}/seg_0.m4s?v=${v}`)).toBe(404);
  });

  test("the same names with a good one work", async () => {
    expect(await raw(`/hls/${await fileToken()}/${id}/seg_0.m4s`)).toBe(200);
  });
});

describe("GET /watch/:token/:id", () => {
  test("is a page that names the file and loads nothing from elsewhere", async () => {
    const page = await fetch((await ask()).watch_url);
    expect(page.headers.get("content-type")).toStartWith("text/html");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.headers.get("cache-control")).toBe("private, no-store");
    const html = await page.text();
    // HARDENING S36.
    expect(html).toContain("<title>[Group] Some &amp; &lt;Other&gt; Name - 01.mkv</title>");
    const sources = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!);
    expect(sources).toEqual(["/watch/player.css", "/watch/hls.js", "/watch/player.js"]);
    for (const source of sources) {
      const answer = await fetch(http.url + source);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toMatch(/^text\/(css|javascript)/);
      expect((await answer.text()).length).toBeGreaterThan(100);
    }
  });

  test("is refused with a token that is not for this item", async () => {
    expect((await fetch(`${http.url}/watch/x/${id}`)).status).toBe(401);
    const token = await http.auth.guards.signFileToken({ userId: "alice", role: "user" }, "00000000000000ff");
    expect((await fetch(`${http.url}/watch/${token}/${id}`)).status).toBe(401);
  });
});

describe("the rate limit", () => {
  test.each([
    ["/hls/t/0123456789abcdef/seg_12.m4s", true],
    ["/hls/0123456789abcdef/seg_12.ts", true],
    ["/hls/t/0123456789abcdef/init.mp4", true],
    ["/hls/t/0123456789abcdef/index.m3u8", false],
    ["/api/stream/seg_1.ts", false],
    ["/hls/seg_1.ts", false],
    ["/hls/t/i/seg_1.ts/x", false],
  ])("%s is free of it: %p", (path, free) => {
    expect(feature.unlimited!(path)).toBe(free);
  });
});

test("health tells whether ffmpeg is there", async () => {
  expect(await feature.health!()).toMatchObject({ ok: true });
  const { health } = plugin.setup(
    { ...house.core, http: { auth: http.auth.guards } },
    { ...DEFAULTS, ffmpeg_path: "/nowhere/ffmpeg" },
  ) as Feature;
  expect(await health!()).toEqual({ ok: false, detail: expect.stringContaining("hls.ffmpeg_path") });
});

test("the server tidies the cache when it starts", async () => {
  const mine = await house.add(await fixture("h264-aac.mp4"));
  const { folder } = await house.make(mine);
  await utimes(folder, 0, 0);
  await house.remove(mine);
  await feature.start!();
  await feature.stop!();
  expect(await Bun.file(join(folder, "index.m3u8")).exists()).toBeFalse();
});
