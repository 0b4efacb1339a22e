import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { connect } from "node:net";
import { qbittorrentRoutes } from "../../../plugins/qbittorrent/routes.ts";
import { LARGEST_TORRENT, readUpload } from "../../../plugins/qbittorrent/upload.ts";
import { Unavailable } from "../../../src/plugin.ts";
import { jsonBody, startHttp, type TestHttp } from "../../helpers/http.ts";
import { type House, openHouse } from "./house.ts";
import { makeTorrent } from "./torrent.ts";

/** The first one unpacks PostgreSQL. */
setDefaultTimeout(30_000);

const HOOK_TOKEN = "0123456789abcdef";
const HASH = "0123456789abcdef0123456789abcdef01234567";
const MAGNET = `magnet:?xt=urn:btih:${HASH}&dn=Show`;

let house: House;
/** With a token for the hook, and without one. */
let http: TestHttp;
let bare: TestHttp;
beforeAll(async () => {
  house = await openHouse({ download_dir: "/downloads" });
  const serve = (hook_token: string) =>
    startHttp({ routes: (auth) => qbittorrentRoutes(house.open({ hook_token }), auth.guards) });
  http = await serve(HOOK_TOKEN);
  bare = await serve("");
});
beforeEach(() => {
  house.shelf.calls.length = 0;
});
afterAll(async () => {
  await http.stop();
  await bare.stop();
  await house.close();
});

const form = (file: Blob | string, name = "torrent") => {
  const body = new FormData();
  body.set(name, file);
  return { method: "POST", body };
};
const add = async (init: RequestInit, as = "root") => {
  const answer = await http.fetch("/api/qbittorrent/torrents", { ...init, as });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

describe("POST /api/qbittorrent/torrents", () => {
  test("a magnet link is queued under our category, in the folder of the settings", async () => {
    expect(await add(jsonBody({ magnet: MAGNET }))).toEqual({ status: 202, body: { hash: HASH, status: "added" } });
    expect(house.shelf.calls.join()).toMatch(/^add magnet:\?xt=urn:btih:0123.* to anicargo in \/downloads$/);
  });

  test("the same again is a success that says so", async () => {
    expect(await add(jsonBody({ magnet: MAGNET }))).toEqual({
      status: 202,
      body: { hash: HASH, status: "already there" },
    });
  });

  test("a .torrent file is queued", async () => {
    const torrent = makeTorrent("Show", { "1.mkv": "data" });
    const answer = await add(form(new File([torrent.bytes as Uint8Array<ArrayBuffer>], "show.torrent")));
    expect(answer).toEqual({ status: 202, body: { hash: torrent.hash, status: "added" } });
  });

  test.each<[string, RequestInit, number]>([
    ["text that is no magnet link", jsonBody({ magnet: "http://example.com/a.torrent" }), 422],
    ["two magnet links", jsonBody({ magnet: `${MAGNET}\n${MAGNET}` }), 422],
    ["a magnet that is no text", jsonBody({ magnet: 7 }), 422],
    ["no magnet", jsonBody({}), 422],
    ["null", jsonBody(null), 422],
    ["broken JSON", { ...jsonBody({}), body: "{" }, 400],
    ["a file that is no .torrent", form(new File(["nonsense"], "a.torrent")), 422],
    ["a form without the file", form(new File(["d"], "a.torrent"), "other"), 422],
    ["a form with a text in the file's place", form("d4:infoe"), 422],
    [
      "a form that is none",
      { method: "POST", body: "x", headers: { "content-type": "multipart/form-data; boundary=y" } },
      400,
    ],
    ["a form as browsers send it", { method: "POST", body: new URLSearchParams({ magnet: MAGNET }) }, 415],
    ["nothing", { method: "POST" }, 415],
    ["more than a .torrent may have", form(new File([new Uint8Array(LARGEST_TORRENT + (1 << 20))], "a.torrent")), 413],
  ])("%s: refused, and qBittorrent is not asked", async (_kind, init, status) => {
    const answer = await add(init);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).not.toContain("example.com");
    expect(house.shelf.calls).toEqual([]);
  });

  test("more than that without saying so beforehand is cut off", async () => {
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 20)) });
    const headers = { "content-type": "multipart/form-data; boundary=y" };
    const request = new Request("http://localhost/", { method: "POST", body: endless, headers });
    await expect(readUpload(request)).rejects.toMatchObject({ status: 413 });
  });

  test("a body that does not arrive is given up", async () => {
    const headers = { "content-type": "application/json" };
    const request = new Request("http://localhost/", { method: "POST", body: new ReadableStream(), headers });
    await expect(readUpload(request, 20)).rejects.toMatchObject({ status: 408 });
  });

  test("a stranger's body is not read: the answer comes before it", async () => {
    const answered = Promise.withResolvers<string>();
    const socket = connect(Number(new URL(http.url).port), "127.0.0.1");
    socket.on("data", (data) => answered.resolve(data.toString()));
    socket.write(
      "POST /api/qbittorrent/torrents HTTP/1.1\r\nHost: nas\r\nContent-Type: multipart/form-data; boundary=y\r\n" +
        "Content-Length: 1000\r\n\r\n--y",
    );
    expect(await answered.promise).toStartWith("HTTP/1.1 401");
    socket.destroy();
  });

  test("out of reach: 503", async () => {
    house.shelf.down = new Unavailable("qBittorrent cannot be reached");
    const answer = await add(jsonBody({ magnet: MAGNET }));
    house.shelf.down = null;
    expect(answer).toMatchObject({ status: 503, body: { error: "qBittorrent cannot be reached" } });
  });

  test("users may not", async () => {
    expect((await add(jsonBody({ magnet: MAGNET }), "alice")).status).toBe(403);
  });
});

describe("GET /api/qbittorrent/torrents", () => {
  const list = async () => {
    const answer = await http.fetch("/api/qbittorrent/torrents", { as: "root" });
    return { status: answer.status, body: (await answer.json()) as { torrents: Record<string, unknown>[] } };
  };

  test("says of each torrent what it is to the library", async () => {
    house.disk.file("library/Show/1.mkv");
    const { hash } = house.shelf.put({ name: "Show", category: "tv" });
    house.shelf.put({ name: "Film", savePath: "/films", category: "anicargo" });
    const { status, body } = await list();
    expect(status).toBe(200);
    const byName = new Map(body.torrents.map((torrent) => [torrent.name, torrent]));
    expect(byName.get("Show")).toEqual({
      ...{ hash, name: "Show", category: "tv", state: "stalledUP", progress: 1 },
      ...{ status: "new", detail: "new, 1 file" },
    });
    expect(byName.get("Film")).toMatchObject({
      status: "misplaced",
      detail: expect.stringContaining("/films/Film (here: /films/Film) is not in the library"),
    });
    house.shelf.remove(hash);
  });

  test("out of reach: 503", async () => {
    house.shelf.down = new Unavailable("qBittorrent cannot be reached");
    const { status } = await list();
    house.shelf.down = null;
    expect(status).toBe(503);
  });
});

describe("asking for a sync", () => {
  const post = (path: string, token?: string, server = http) =>
    server.fetch(path, { method: "POST", headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
  const isQueued = async (answer: Response) => {
    expect(answer.status).toBe(202);
    const { job_id } = (await answer.json()) as { job_id: string };
    expect(await house.core.jobs.get(job_id)).toMatchObject({ job_type: "qbittorrent-sync" });
  };

  test("an admin may, a user may not", async () => {
    await isQueued(await http.fetch("/api/qbittorrent/sync", { method: "POST", as: "root" }));
    expect((await http.fetch("/api/qbittorrent/sync", { method: "POST", as: "alice" })).status).toBe(403);
    expect((await post("/api/qbittorrent/sync", HOOK_TOKEN)).status).toBe(401);
  });

  test("qBittorrent may with its token, an admin with a login; nobody else", async () => {
    const path = "/api/qbittorrent/completed";
    await isQueued(await post(path, HOOK_TOKEN));
    await isQueued(await http.fetch(path, { method: "POST", as: "root" }));
    expect((await http.fetch(path, { method: "POST", as: "alice" })).status).toBe(403);
    for (const token of [undefined, "", "x", `${HOOK_TOKEN}0`, HOOK_TOKEN.slice(1), HOOK_TOKEN.toUpperCase()]) {
      expect((await post(path, token)).status).toBe(401);
    }
  });

  test("without a token in the settings the answer names the key; an admin may all the same", async () => {
    const path = "/api/qbittorrent/completed";
    for (const token of [undefined, "", HOOK_TOKEN]) {
      const answer = await post(path, token, bare);
      expect(answer.status).toBe(403);
      expect(await answer.json()).toEqual({ error: expect.stringContaining("qbittorrent.hook_token") });
    }
    await isQueued(await bare.fetch(path, { method: "POST", as: "root" }));
  });
});
