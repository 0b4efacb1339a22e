/** Real downloads from one qbittorrent-nox to another, into the library. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { plugins } from "../../../plugins/index.ts";
import { createQbittorrent } from "../../../plugins/qbittorrent/client.ts";
import type { Downloads, SyncPass } from "../../../plugins/qbittorrent/service.ts";
import { testApp } from "../../helpers/app.ts";
import { jsonBody } from "../../helpers/http.ts";
import { until } from "../../helpers/until.ts";
import { type House, openHouse } from "./house.ts";
import { haveQbittorrent, startQbittorrent, type TestQbittorrent } from "./qbittorrent.ts";
import { makeTorrent, type TestTorrent } from "./torrent.ts";

/** Real programs on a machine that may be busy; the first house unpacks PostgreSQL. */
setDefaultTimeout(60_000);

describe.skipIf(!haveQbittorrent())("with the real qBittorrent", () => {
  let seeder: TestQbittorrent;
  let leecher: TestQbittorrent;
  let house: House;
  let downloads: Downloads;
  let count = 0;
  beforeAll(async () => {
    [seeder, leecher] = await Promise.all([startQbittorrent(), startQbittorrent()]);
    // TCP alone: over UDP a peer that was killed seems connected for a minute, and is refused when it comes again.
    const json = JSON.stringify({ bittorrent_protocol: 1 });
    await Promise.all([seeder, leecher].map((one) => one.ask("app/setPreferences", { json })));
  });
  afterAll(() => Promise.all([seeder.stop(), leecher.stop()]));
  beforeEach(async () => {
    house = await openHouse();
    downloads = house.open({ ...leecher.config, download_dir: house.library }, client());
  });
  afterEach(async () => {
    await house.close();
  });
  const client = () => createQbittorrent(leecher.config, { log: house.log, signal: house.core.signal });

  /** A show of its own for each test, that the seeder has. @param size bytes of each of its two episodes */
  const seeded = async (size = 100_000): Promise<TestTorrent> => {
    const name = `[Group] Show ${++count}`;
    const torrent = makeTorrent(name, { "01.mkv": randomBytes(size), "02.mkv": randomBytes(size) });
    torrent.write(seeder.downloads);
    await put(seeder, torrent, {});
    await until(async () => (await stateIn(seeder, torrent))?.state === "stalledUP");
    return torrent;
  };
  const put = async (qbittorrent: TestQbittorrent, torrent: TestTorrent, options: Record<string, string>) => {
    const form = new FormData();
    form.set("torrents", new File([torrent.bytes as Uint8Array<ArrayBuffer>], "a.torrent"));
    for (const [key, value] of Object.entries(options)) form.set(key, value);
    await qbittorrent.ask("torrents/add", form);
  };
  const stateIn = async (qbittorrent: TestQbittorrent, { hash }: TestTorrent) =>
    (
      (await (await qbittorrent.ask(`torrents/info?hashes=${hash}`)).json()) as { state: string; progress: number }[]
    )[0];
  /** Tells the leecher of the seeder, once it takes peers in; after a restart it may have found it by itself. */
  const introduce = async (torrent: TestTorrent) => {
    await until(async () =>
      /^(metaDL|stalledDL|downloading|stalledUP|uploading)$/.test((await stateIn(leecher, torrent))?.state ?? ""),
    );
    await leecher.ask("torrents/addPeers", { hashes: torrent.hash, peers: seeder.peer });
  };
  /** Syncs until it has found something new. */
  const syncUntilNew = async (): Promise<SyncPass> => {
    for (;;) {
      const pass = await downloads.sync();
      if (pass.jobs) return pass;
    }
  };
  const magnetOf = ({ hash }: TestTorrent) => `magnet:?xt=urn:btih:${hash}`;
  const statusOf = ({ surveyed }: SyncPass, { hash }: TestTorrent) =>
    surveyed.find(({ torrent }) => torrent.hash === hash)?.finding.is;

  test("a magnet is downloaded, taken in once, and stays known over a restart of qBittorrent", async () => {
    const torrent = await seeded();
    expect(await downloads.addMagnet(magnetOf(torrent))).toEqual({ hash: torrent.hash, status: "added" });
    expect(await downloads.addMagnet(magnetOf(torrent))).toMatchObject({ status: "already there" });
    expect(statusOf(await downloads.sync(), torrent)).toBe("unfinished");
    await introduce(torrent);
    await house.finish(await syncUntilNew());
    expect(await house.files()).toEqual([`${torrent.name}/01.mkv`, `${torrent.name}/02.mkv`]);
    expect(statusOf(await downloads.sync(), torrent)).toBe("known");
    await leecher.restart();
    // Its session is gone as well: one login, and on.
    await until(async () => statusOf(await downloads.sync(), torrent) === "known");
    expect(await house.jobs("index")).toHaveLength(1);
  });

  test("Q8: killed in the middle of a download and of a sync, nothing is lost", async () => {
    const torrent = await seeded(4_000_000);
    await put(leecher, torrent, { savepath: house.library, dlLimit: "1000000" });
    await introduce(torrent);
    await until(async () => ((await stateIn(leecher, torrent))?.progress ?? 0) > 0.1);
    const syncing = downloads.sync();
    await leecher.kill9();
    await syncing.catch((error) => expect(error.message).toContain("qBittorrent"));
    await expect(downloads.sync()).rejects.toMatchObject({ exitCode: 69 });
    expect(await downloads.health()).toMatchObject({ ok: false });

    await leecher.start();
    await until(async () => (await stateIn(leecher, torrent)) !== undefined);
    await leecher.ask("torrents/setDownloadLimit", { hashes: torrent.hash, limit: "0" });
    await introduce(torrent);
    await house.finish(await syncUntilNew());
    expect(await house.files()).toEqual([`${torrent.name}/01.mkv`, `${torrent.name}/02.mkv`]);
    expect(await downloads.health()).toMatchObject({ ok: true });
  });

  test("Q6, Q7: a file that is not wanted does not count, one that was renamed is found; wanted later, it is new", async () => {
    const torrent = await seeded();
    await put(leecher, torrent, { savepath: house.library, paused: "true", stopped: "true" });
    await until(() => stateIn(leecher, torrent));
    await leecher.ask("torrents/filePrio", { hash: torrent.hash, id: "1", priority: "0" });
    const [oldPath, newPath] = [`${torrent.name}/01.mkv`, `${torrent.name}/Better Name 01.mkv`];
    await leecher.ask("torrents/renameFile", { hash: torrent.hash, oldPath, newPath });
    const resume = { hashes: torrent.hash };
    await leecher.ask("torrents/resume", resume).catch(() => leecher.ask("torrents/start", resume));
    await introduce(torrent);
    const pass = await syncUntilNew();
    expect(pass.surveyed.find(({ torrent: { hash } }) => hash === torrent.hash)?.finding).toEqual({
      ...{ is: "new", files: 1, missing: 0 },
    });
    await house.finish(pass);
    expect(await house.files()).toEqual([newPath]);

    await leecher.ask("torrents/filePrio", { hash: torrent.hash, id: "1", priority: "1" });
    // It does not call a peer again that it left a moment ago.
    await leecher.restart();
    await introduce(torrent);
    await house.finish(await syncUntilNew());
    expect(await house.files()).toEqual([`${torrent.name}/02.mkv`, newPath].toSorted());
  });

  test("data that is already there completes at once; gone from disk, it waits and is not asked of the index", async () => {
    const torrent = await seeded();
    torrent.write(house.library);
    await put(leecher, torrent, { savepath: house.library });
    await until(async () => (await stateIn(leecher, torrent))?.state === "stalledUP");
    rmSync(join(house.library, torrent.name), { recursive: true });
    const pass = await downloads.sync();
    expect(statusOf(pass, torrent)).toBe("waiting");
    expect(pass.jobs).toBeNull();
  });

  test("what is added by hand elsewhere is only counted, what we add there is misplaced", async () => {
    const [theirs, ours] = [await seeded(), await seeded()];
    await put(leecher, theirs, {});
    const astray = house.open({ ...leecher.config, download_dir: leecher.downloads }, client());
    await astray.addFile(ours.bytes);
    await Promise.all([theirs, ours].map(introduce));
    await until(async () => {
      const pass = await downloads.sync();
      return statusOf(pass, theirs) === "outside" && statusOf(pass, ours) === "misplaced";
    });
  });

  test("the whole app: a magnet by HTTP, and qBittorrent itself says when it is complete", async () => {
    const token = "a-token-for-the-hook";
    const app = await testApp({
      plugins,
      env: {
        ANICARGO_QBITTORRENT_BASE_URL: leecher.url,
        ANICARGO_QBITTORRENT_USERNAME: leecher.config.username,
        ANICARGO_QBITTORRENT_PASSWORD: leecher.config.password,
        ANICARGO_QBITTORRENT_HOOK_TOKEN: token,
        ANICARGO_QBITTORRENT_SYNC_INTERVAL_SECS: "0",
        // Nobody listens there: what is indexed waits to be matched.
        ANICARGO_BANGUMI_BASE_URL: "http://127.0.0.1:9",
      },
    });
    try {
      const torrent = await seeded();
      const line = `curl -fsS -X POST -H "Authorization: Bearer ${token}" ${app.url}/api/qbittorrent/completed`;
      const json = JSON.stringify({ autorun_enabled: true, autorun_program: line, save_path: app.mediaDir });
      await leecher.ask("app/setPreferences", { json });
      const added = await app.request("/api/qbittorrent/torrents", jsonBody({ magnet: magnetOf(torrent) }));
      expect(added.status).toBe(202);
      await introduce(torrent);
      const library = async () => (await (await app.request("/api/library")).json()) as { path: string }[];
      await until(async () => (await library()).length === 2);
      expect((await library()).map(({ path }) => path)).toEqual([`${torrent.name}/01.mkv`, `${torrent.name}/02.mkv`]);
      const health = await (await app.request("/api/health")).json();
      expect(health).toMatchObject({
        checks: { qbittorrent: { ok: true, detail: expect.stringContaining("answered at") } },
      });
    } finally {
      await leecher.ask("app/setPreferences", { json: JSON.stringify({ autorun_enabled: false }) });
      await app.remove();
    }
  });
});
