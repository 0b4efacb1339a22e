import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import type { QbittorrentConfig } from "../../../plugins/qbittorrent/config.ts";
import { checkQbittorrent } from "../../../plugins/qbittorrent/doctor.ts";
import { type CoreConfig, Unavailable } from "../../../src/plugin.ts";
import { type MediaTree, mediaTree } from "../../helpers/media-tree.ts";
import { qbittorrentSettings } from "./qbittorrent-settings.ts";
import { openShelf, type Shelf } from "./shelf.ts";

let disk: MediaTree;
let shelf: Shelf;
beforeAll(() => {
  disk = mediaTree("library/Show/1.mkv", "elsewhere/x");
});
beforeEach(() => {
  shelf = openShelf("/downloads");
});
afterAll(() => disk.remove());

const look = async (config: Partial<QbittorrentConfig>, media_dir: string | undefined = disk.path("library")) =>
  checkQbittorrent(
    qbittorrentSettings({ username: "admin", ...config }),
    { media: { media_dir } } as CoreConfig,
    shelf,
  );
const here = (to = "library") => [{ from: "/downloads", to: disk.path(to) }];

test("where nothing is set up nobody is asked, and nothing is wrong", async () => {
  expect(await look({ username: "" })).toEqual([
    { name: "qBittorrent", ok: true, detail: expect.stringContaining("not set up") },
  ]);
  expect(shelf.calls).toEqual([]);
});

test("all is well: version, category, paths", async () => {
  shelf.put({ name: "Show", category: "anime" });
  expect(await look({ category: "anime", path_map: here(), download_dir: "/downloads/new" })).toEqual([
    { name: "qBittorrent", ok: true, detail: "v5.1.0 (API 2.11.4), 1 torrent" },
    { name: "qBittorrent category", ok: true, detail: "1 torrent in anime" },
    expect.objectContaining({ name: "qbittorrent.download_dir", ok: true }),
    expect.objectContaining({ name: "qBittorrent paths", ok: true, detail: "1 of 1 save folder in the library" }),
  ]);
});

test("out of reach: what is wrong, and what to do about it", async () => {
  shelf.down = new Unavailable("qBittorrent cannot be reached (connection refused): check qbittorrent.base_url");
  expect(await look({})).toEqual([
    {
      ...{ name: "qBittorrent", ok: false, detail: "qBittorrent cannot be reached (connection refused)" },
      fix: "check qbittorrent.base_url",
    },
  ]);
});

test("a category that no torrent has is said, with those there are", async () => {
  shelf.put({ name: "Show", category: "tv" });
  shelf.put({ name: "Film" });
  const [, category] = await look({ category: "Anime" });
  expect(category).toMatchObject({
    ok: false,
    detail: "no torrent is in Anime, but in tv",
    fix: expect.stringContaining("qbittorrent.category"),
  });
});

test("folders that are not in the library are named, with the key to set", async () => {
  shelf.put({ name: "Show" });
  const [, paths] = await look({ path_map: here("elsewhere") });
  expect(paths).toMatchObject({
    ok: false,
    detail: `0 of 1 save folder in the library; not /downloads (here: ${disk.path("elsewhere")})`,
    fix: expect.stringContaining("[[qbittorrent.path_map]]"),
  });
});

test("torrents of other things may lie elsewhere", async () => {
  shelf.put({ name: "Show" });
  shelf.put({ name: "Film", savePath: "D:\\films" });
  const [, paths] = await look({ path_map: here() });
  expect(paths).toMatchObject({
    ok: true,
    detail: "1 of 2 save folders in the library; not D:\\films (here: no path)",
  });
});

test("a download_dir outside the library is wrong, even with a library below it", async () => {
  for (const download_dir of ["/elsewhere", disk.root]) {
    const checkups = await look({ download_dir });
    expect(checkups.find(({ name }) => name === "qbittorrent.download_dir")).toMatchObject({ ok: false });
  }
});

test("without a library folder there is nothing to compare with", async () => {
  shelf.put({ name: "Show" });
  expect(await look({}, disk.path("nowhere"))).toHaveLength(1);
});
