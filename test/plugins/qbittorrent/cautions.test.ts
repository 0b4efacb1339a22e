import { describe, expect, test } from "bun:test";
import { cautions } from "../../../plugins/qbittorrent/cautions.ts";
import { createQbittorrent } from "../../../plugins/qbittorrent/client.ts";
import { recordingLogger } from "../../helpers/http.ts";
import { qbittorrentSettings } from "./qbittorrent-settings.ts";

const login = { username: "somebody", password: "s3cret-s3cret" };

describe("S34: the way to qBittorrent", () => {
  test.each([
    "http://127.0.0.1:8080",
    "http://[::1]:8080",
    "http://192.168.1.5",
    "http://10.0.0.1/qbt",
    "http://172.20.0.2",
    "http://100.64.0.1",
    "http://[fd00::5]:8080",
    "http://[::ffff:192.168.1.5]:8080",
    "http://nas:8080",
    "http://localhost",
    "http://nas.local",
    "http://nas.home.arpa",
    "https://seedbox.example.org",
  ])("%s is fine", (base_url) => {
    expect(cautions(qbittorrentSettings({ base_url, ...login }))).toEqual([]);
  });

  test.each([
    "http://seedbox.example.org",
    "http://203.0.113.5:8080",
    "http://[2001:db8::1]",
    "http://local.example.org",
  ])("%s is not, for a password or a key", (base_url) => {
    const caution = [expect.stringContaining("give qbittorrent.base_url an https address")];
    expect(cautions(qbittorrentSettings({ base_url, ...login }))).toEqual(caution);
    expect(cautions(qbittorrentSettings({ base_url, api_key: "qbt_key" }))).toEqual(caution);
    expect(cautions(qbittorrentSettings({ base_url }))).toEqual([]);
  });

  test("the factory password is no password", () => {
    const settings = qbittorrentSettings({ username: "admin", password: "adminadmin" });
    expect(cautions(settings)).toEqual([expect.stringContaining("factory password")]);
    expect(cautions({ ...settings, api_key: "qbt_key" })).toEqual([]);
  });

  test("what is unwise is logged once", () => {
    const log = recordingLogger();
    createQbittorrent(qbittorrentSettings({ username: "admin", password: "adminadmin" }), { log });
    expect(log.lines.map(({ level }) => level)).toEqual(["warn"]);
  });
});
