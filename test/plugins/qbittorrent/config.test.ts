import { expect, test } from "bun:test";
import { join } from "node:path";
import { isSetUp, type QbittorrentConfig, qbittorrentConfig } from "../../../plugins/qbittorrent/config.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { mediaTree } from "../../helpers/media-tree.ts";
import { qbittorrentSettings } from "./qbittorrent-settings.ts";

async function load(toml: string): Promise<QbittorrentConfig> {
  const disk = mediaTree();
  try {
    await Bun.write(join(disk.root, "config.toml"), toml);
    const { plugins } = await loadConfig({
      sections: [{ name: "qbittorrent", schema: qbittorrentConfig }],
      ...{ flags: {}, env: {}, cwd: disk.root, home: disk.root },
    });
    return plugins.qbittorrent as QbittorrentConfig;
  } finally {
    disk.remove();
  }
}

test("an empty section is not set up; how often it would be asked says nothing", async () => {
  expect(isSetUp(await load(""))).toBe(false);
  expect(isSetUp(qbittorrentSettings({ sync_interval_secs: 10 }))).toBe(false);
});

test.each<[string, Partial<QbittorrentConfig>]>([
  ["an address", { base_url: "http://localhost:8080" }],
  ["a login", { username: "admin" }],
  ["a key", { api_key: "qbt_x" }],
  ["a path", { path_map: [{ from: "/a", to: "/b" }] }],
  ["a category", { category: "anime" }],
  ["a token for its calls", { hook_token: "0123456789abcdef" }],
])("%s sets it up", (_kind, config) => {
  expect(isSetUp(qbittorrentSettings(config))).toBe(true);
});

test.each([
  ['hook_token = "short"', "at least 16"],
  ['hook_token = "with a space in the middle"', "at least 16"],
  ["sync_interval_secs = -1", "from 0"],
  ['[[qbittorrent.path_map]]\nfrom = "/downloads"\nto = "dl"', "an absolute path"],
  ['[[qbittorrent.path_map]]\nfrom = ""\nto = "/srv"', "path_map[0].from"],
])("%p is refused", async (line, reason) => {
  await expect(load(`[qbittorrent]\n${line}\n`)).rejects.toThrow(reason);
});
