/** The client and the real qBittorrent: what only it can show. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createQbittorrent } from "../../../plugins/qbittorrent/client.ts";
import { parseMagnet } from "../../../plugins/qbittorrent/magnet.ts";
import type { Qbittorrent, Torrent } from "../../../plugins/qbittorrent/model.ts";
import { readTorrentFile } from "../../../plugins/qbittorrent/torrent-file.ts";
import { Unavailable } from "../../../src/errors.ts";
import { until } from "../../helpers/until.ts";
import { haveQbittorrent, startQbittorrent, type TestQbittorrent } from "./qbittorrent.ts";
import { makeTorrent, type TestTorrent } from "./torrent.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(60_000);

describe.skipIf(!haveQbittorrent())("the real qBittorrent", () => {
  let server: TestQbittorrent;
  let client: Qbittorrent;
  beforeAll(async () => {
    server = await startQbittorrent();
    client = createQbittorrent(server.config);
  });
  afterAll(() => server.stop());

  const one = async (hash: string): Promise<Torrent | undefined> => (await client.torrents({ hashes: [hash] }))[0];
  const completed = async (hash: string): Promise<Torrent> => {
    await until(async () => (await one(hash))?.state === "stalledUP");
    return (await one(hash))!;
  };
  const addFile = ({ bytes }: TestTorrent, savePath?: string) => {
    const { hash, name } = readTorrentFile(bytes);
    return client.add({ file: bytes, name }, { hash, category: "anicargo", savePath });
  };

  test.each(["v1", "v2", "hybrid"] as const)(
    "a .torrent file whose data is there completes at once: %s",
    async (kind) => {
      const torrent = makeTorrent(`[Group] 葬送 - ${kind}.mkv`, "some data ".repeat(1000), { kind });
      torrent.write(server.downloads);
      expect(await addFile(torrent)).toBe("added");
      expect(await completed(torrent.hash)).toMatchObject({
        name: torrent.name,
        category: "anicargo",
        progress: 1,
        amountLeft: 0,
        savePath: server.downloads,
        contentPath: join(server.downloads, torrent.name),
      });
      expect((await one(torrent.hash))!.completedAt).toBeGreaterThan(1_700_000_000);
      expect(await client.torrents({ completed: true, hashes: [torrent.hash] })).toHaveLength(1);
      expect(await addFile(torrent)).toBe("already there");
    },
  );

  test("Q4: a torrent of both versions is found by either hash", async () => {
    const torrent = makeTorrent("both.mkv", "some data", { kind: "hybrid" });
    torrent.write(server.downloads);
    await addFile(torrent);
    await completed(torrent.hash);
    for (const xt of [`urn:btih:${torrent.v1}`, `urn:btmh:1220${torrent.v2}`]) {
      const { hash, magnet } = parseMagnet(`magnet:?xt=${xt}`);
      expect(await client.add({ magnet }, { hash, category: "" })).toBe("already there");
    }
  });

  test("a name that would be dangerous in a form is none", async () => {
    const torrent = makeTorrent('a "b"; filename=c\r\n\r\nd.mkv', "some data");
    expect(await addFile(torrent)).toBe("added");
    await until(() => one(torrent.hash));
  });

  test("the save path counts, also where qBittorrent manages places by category", async () => {
    const torrent = makeTorrent("elsewhere.mkv", "some data");
    const savePath = join(server.downloads, "Anime & more");
    torrent.write(savePath);
    await server.ask("app/setPreferences", { json: JSON.stringify({ auto_tmm_enabled: true }) });
    expect(await addFile(torrent, savePath)).toBe("added");
    expect(await completed(torrent.hash)).toMatchObject({ savePath, contentPath: join(savePath, torrent.name) });
    await server.ask("app/setPreferences", { json: JSON.stringify({ auto_tmm_enabled: false }) });
  });

  test("Q6, Q7: files are told as they are named in qBittorrent, and whether they are wanted", async () => {
    const torrent = makeTorrent("Show", { "01.mkv": "one", "02.mkv": "two two", "NCOP.mkv": "three" });
    torrent.write(server.downloads);
    await addFile(torrent);
    await completed(torrent.hash);
    const hash = torrent.hash;
    await server.ask("torrents/renameFile", { hash, oldPath: "Show/02.mkv", newPath: "Show/[Group] 第02話.mkv" });
    await server.ask("torrents/filePrio", { hash, id: "2", priority: "0" });
    await until(async () => (await client.files(hash))?.[1]?.name !== "Show/02.mkv");
    expect(await client.files(hash)).toEqual([
      { name: "Show/01.mkv", size: 3, progress: 1, wanted: true },
      { name: "Show/[Group] 第02話.mkv", size: 7, progress: 1, wanted: true },
      { name: "Show/NCOP.mkv", size: 5, progress: 1, wanted: false },
    ]);
  });

  test("Q14: a torrent that is removed has no files any more", async () => {
    const torrent = makeTorrent("removed.mkv", "some data");
    await addFile(torrent);
    await until(() => one(torrent.hash));
    await server.ask("torrents/delete", { hashes: torrent.hash, deleteFiles: "false" });
    await until(async () => !(await one(torrent.hash)));
    expect(await client.files(torrent.hash)).toBeNull();
  });
});

describe.skipIf(!haveQbittorrent())("a session of the real qBittorrent", () => {
  test("Q2: six questions with a wrong password are one login", async () => {
    const server = await startQbittorrent();
    const qbittorrent = createQbittorrent({ ...server.config, password: "wrong" });
    for (let asked = 0; asked < 6; asked++) await expect(qbittorrent.torrents()).rejects.toThrow("refuses the login");
    expect(await server.logins()).toEqual({ succeeded: 0, failed: 1 });
    await server.stop();
  });

  test("Q3: ends after a while, and is opened again once", async () => {
    const server = await startQbittorrent({ sessionTimeout: 1 });
    const qbittorrent = createQbittorrent(server.config);
    await qbittorrent.torrents();
    // Nothing tells that a session has ended, and asking keeps it alive.
    await Bun.sleep(1500);
    await Promise.all([qbittorrent.torrents(), qbittorrent.torrents(), qbittorrent.version()]);
    expect(await server.logins()).toEqual({ succeeded: 2, failed: 0 });
    await server.stop();
  });

  test("Q9: ends with a restart and with kill -9, which the same client outlives", async () => {
    const server = await startQbittorrent();
    const torrent = makeTorrent("kept.mkv", "some data");
    const qbittorrent = createQbittorrent(server.config);
    await qbittorrent.add({ file: torrent.bytes, name: "kept" }, { hash: torrent.hash, category: "" });
    await until(async () => (await qbittorrent.torrents()).length === 1);
    await server.restart();
    expect(await qbittorrent.torrents()).toHaveLength(1);
    await server.kill9();
    const error: unknown = await qbittorrent.torrents().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(Unavailable);
    expect(error).toMatchObject({ exitCode: 69 });
    await server.start();
    expect(await qbittorrent.torrents()).toHaveLength(1);
    await server.stop();
  });
});

test.skipIf(!haveQbittorrent())(
  "a magnet is downloaded from another qBittorrent, and completes with its data",
  async () => {
    const [seeder, leecher] = await Promise.all([startQbittorrent(), startQbittorrent()]);
    const content = { "[Live] Show - 01.mkv": randomBytes(3_000_000), "[Live] Show - 02.mkv": randomBytes(3_000_000) };
    const torrent = makeTorrent("Live", content);
    torrent.write(seeder.downloads);
    const source = createQbittorrent(seeder.config);
    await source.add({ file: torrent.bytes, name: torrent.name }, { hash: torrent.hash, category: "" });
    await until(async () => (await source.torrents({ completed: true }))[0]?.state === "stalledUP");

    const target = createQbittorrent(leecher.config);
    const { hash, magnet } = parseMagnet(`magnet:?xt=urn:btih:${torrent.hash}&dn=Live`);
    expect(await target.add({ magnet }, { hash, category: "anicargo", savePath: leecher.downloads })).toBe("added");
    await until(async () => (await target.torrents({ hashes: [hash] })).length === 1);
    expect(await target.torrents({ hashes: [hash], completed: true })).toEqual([]);
    await until(async () => {
      await leecher.ask("torrents/addPeers", { hashes: hash, peers: seeder.peer });
      return (await target.torrents({ hashes: [hash], completed: true }))[0]?.progress === 1;
    });
    expect((await target.files(hash))!.map(({ name }) => name)).toEqual(
      Object.keys(content).map((name) => `Live/${name}`),
    );
    for (const [name, data] of Object.entries(content)) {
      expect(readFileSync(join(leecher.downloads, "Live", name)).equals(data)).toBeTrue();
    }
    await Promise.all([seeder.stop(), leecher.stop()]);
  },
);
