import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { LARGEST_TORRENT } from "../../../plugins/qbittorrent/upload.ts";
import { type TestDatabase, testDatabase } from "../../helpers/database.ts";
import { type MediaTree, mediaTree } from "../../helpers/media-tree.ts";
import { until } from "../../helpers/until.ts";
import { haveQbittorrent, startQbittorrent, type TestQbittorrent } from "./qbittorrent.ts";
import { makeTorrent } from "./torrent.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(60_000);

const HASH = "0123456789abcdef0123456789abcdef01234567";
const MAGNET = `magnet:?xt=urn:btih:${HASH}&dn=Show`;
const main = join(import.meta.dir, "../../../src/main.ts");
/** Nobody listens there. */
const NOWHERE = "http://127.0.0.1:9";

let disk: MediaTree;
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  disk = mediaTree();
  mkdirSync(disk.path("library"));
});
afterAll(async () => {
  disk.remove();
  await database.drop();
});

async function anicargo(args: string[], more: Record<string, string> = {}) {
  const env = {
    ...{ PATH: process.env.PATH, HOME: disk.root, ANICARGO_DATABASE_URL: database.url },
    ...{ ANICARGO_MEDIA_DIR: disk.path("library"), ANICARGO_CACHE_DIR: disk.path("cache") },
    ...{ ANICARGO_BANGUMI_BASE_URL: NOWHERE, ANICARGO_QBITTORRENT_BASE_URL: NOWHERE, ...more },
  };
  const child = Bun.spawn([process.execPath, main, ...args], { cwd: disk.root, env, stdin: "ignore", stderr: "pipe" });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, out, err };
}

test.each<[string, string[], number, RegExp]>([
  ["Q9: an add while qBittorrent is down", ["qbittorrent-add", MAGNET], 69, /qBittorrent/],
  ["Q9: a sync while qBittorrent is down", ["qbittorrent-sync"], 69, /qBittorrent/],
  ["an address", ["qbittorrent-add", "https://example.com/a.torrent"], 64, /an address is not taken/],
  ["a broken magnet link", ["qbittorrent-add", "magnet:?xt=urn:btih:short"], 64, /magnet/],
  ["a file that is not there", ["qbittorrent-add", "nowhere.torrent"], 66, /nowhere\.torrent: there is no such file/],
  ["a folder", ["qbittorrent-add", "library"], 66, /cannot be read \(EISDIR\)/],
  ["a file that is no .torrent", ["qbittorrent-add", "film.mkv"], 64, /torrent/],
  ["a file that is too large for one", ["qbittorrent-add", "large.mkv"], 64, /too large for a \.torrent/],
])("%s ends with a line and an exit code", async (_kind, args, code, message) => {
  disk.file("film.mkv", "not a torrent");
  disk.file("large.mkv", "x".repeat(LARGEST_TORRENT + 1));
  expect(await anicargo(args)).toMatchObject({ code, out: "", err: expect.stringMatching(message) });
});

describe.skipIf(!haveQbittorrent())("with the real qBittorrent", () => {
  let qbittorrent: TestQbittorrent;
  let env: Record<string, string>;
  beforeAll(async () => {
    qbittorrent = await startQbittorrent();
    env = {
      ANICARGO_QBITTORRENT_BASE_URL: qbittorrent.url,
      ANICARGO_QBITTORRENT_USERNAME: qbittorrent.config.username,
      ANICARGO_QBITTORRENT_PASSWORD: qbittorrent.config.password,
    };
  });
  const complete = (hash: string) =>
    until(async () => {
      const [one] = (await (await qbittorrent.ask(`torrents/info?hashes=${hash}`)).json()) as { state: string }[];
      return one?.state === "stalledUP";
    });

  test("a wrong password ends with 77", async () => {
    const { code, out, err } = await anicargo(["qbittorrent-sync"], { ...env, ANICARGO_QBITTORRENT_PASSWORD: "wrong" });
    expect({ code, out }).toEqual({ code: 77, out: "" });
    expect(err).not.toContain("wrong");
  });

  test("prints the hash of what it queued; the same again is a success with a note", async () => {
    expect(await anicargo(["qbittorrent-add", MAGNET], env)).toMatchObject({
      code: 0,
      out: `queued ${HASH}\n`,
      err: "",
    });
    expect(await anicargo(["qbittorrent-add", MAGNET], env)).toMatchObject({
      ...{ code: 0, out: `queued ${HASH}\n`, err: "qBittorrent has it already\n" },
    });
    const json = await anicargo(["qbittorrent-add", "--json", MAGNET], env);
    expect(JSON.parse(json.out)).toEqual({ hash: HASH, status: "already there" });
  });

  test("a .torrent file goes into the library: added, completed, synced, indexed; a second sync only counts", async () => {
    const torrent = makeTorrent("[Group] Show", { "01.mkv": "one", "02.mkv": "two" });
    torrent.write(disk.path("library"));
    await Bun.write(disk.path("show.torrent"), torrent.bytes);
    const added = await anicargo(["qbittorrent-add", "show.torrent"], {
      ...env,
      ANICARGO_QBITTORRENT_DOWNLOAD_DIR: disk.path("library"),
    });
    expect(added).toMatchObject({ code: 0, out: `queued ${torrent.hash}\n` });
    await complete(torrent.hash);
    const first = await anicargo(["qbittorrent-sync"], env);
    expect(first).toMatchObject({
      code: 0,
      out:
        `${torrent.hash}\tnew, 2 files\t[Group] Show\n` +
        "synced 2 torrents (new 1, known 0, waiting 0, unfinished 1, outside 0)\n",
      err: expect.stringContaining("indexed, but not matched yet"),
    });
    const { out } = await anicargo(["qbittorrent-sync"], env);
    expect(out).toBe("synced 2 torrents (new 0, known 1, waiting 0, unfinished 1, outside 0)\n");
    const indexed = await anicargo(["index"], env);
    expect(indexed.out).toBe("indexed 2 files (parsed 0, skipped 2, removed 0)\n");
  });

  test("what we added outside the library ends with 2 and names both paths", async () => {
    const torrent = makeTorrent("Astray", { "01.mkv": "one", "02.mkv": "two" });
    torrent.write(qbittorrent.downloads);
    await Bun.write(disk.path("astray.torrent"), torrent.bytes);
    await anicargo(["qbittorrent-add", "astray.torrent"], env);
    await complete(torrent.hash);
    const { code, out } = await anicargo(["qbittorrent-sync"], env);
    expect(code).toBe(2);
    expect(out).toContain(`${torrent.hash}\tmisplaced, ${qbittorrent.downloads}/Astray (here: `);
    const json = JSON.parse((await anicargo(["qbittorrent-sync", "--json"], env)).out);
    expect(json).toMatchObject({ torrents: 3, known: 1, unfinished: 1, misplaced: 1, index_job: null });
    expect(json.found.find(({ hash }: { hash: string }) => hash === torrent.hash)).toMatchObject({ is: "misplaced" });
  });

  test("doctor finds it well", async () => {
    const { out } = await anicargo(["doctor"], env);
    expect(out).toContain("ok    qBittorrent: v");
    expect(out).toContain("ok    qBittorrent paths: ");
  });
});
