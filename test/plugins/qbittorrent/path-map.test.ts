import { describe, expect, test } from "bun:test";
import { below, mapPath } from "../../../plugins/qbittorrent/path-map.ts";

const map = [
  { from: "/downloads", to: "/srv/dl" },
  { from: "/downloads/anime/", to: "/srv/anime" },
  { from: "D:\\Torrents", to: "/mnt/d" },
  { from: "\\\\NAS\\media", to: "/mnt/nas" },
];

test.each<[string, string, string | null]>([
  ["a folder below an entry", "/downloads/tv/Show", "/srv/dl/tv/Show"],
  ["the entry itself", "/downloads", "/srv/dl"],
  ["the entry with a slash", "/downloads/", "/srv/dl"],
  ["the longest of several entries", "/downloads/anime/Show/1.mkv", "/srv/anime/Show/1.mkv"],
  ["a folder that only begins alike", "/downloads2/Show", "/downloads2/Show"],
  ["what no entry names", "/srv/anime/Show", "/srv/anime/Show"],
  ["doubled slashes and dots", "//downloads/./x".slice(1), "/srv/dl/x"],
  ["another case, which is another folder", "/Downloads/x", "/Downloads/x"],
  ["a path of Windows", "D:\\Torrents\\Show\\1.mkv", "/mnt/d/Show/1.mkv"],
  ["the same with slashes and in another case", "d:/torrents/Show/1.mkv", "/mnt/d/Show/1.mkv"],
  ["a share of Windows", "\\\\nas\\Media\\Show", "/mnt/nas/Show"],
  ["a share with slashes", "//nas/media/Show", "/mnt/nas/Show"],
  ["a path of Windows that no entry names", "C:\\Users\\x", null],
  ["a backslash on Linux, where it is a letter", "/downloads/a\\b", "/srv/dl/a\\b"],
  ["a relative path", "Live", null],
  ["nothing", "", null],
])("%s: %s is %s", (_kind, path, mapped) => {
  expect(mapPath(path, map)).toBe(mapped);
});

test("an entry for the root takes everything that has none of its own", () => {
  const rooted = [{ from: "/", to: "/mnt/seedbox" }, ...map];
  expect(mapPath("/data/Show", rooted)).toBe("/mnt/seedbox/data/Show");
  expect(mapPath("/downloads/Show", rooted)).toBe("/srv/dl/Show");
});

test("dots that climb leave the folder, so that whoever asks where it is sees it outside", () => {
  expect(mapPath("/downloads/../../etc/passwd", map)).toBe("/etc/passwd");
});

describe("below", () => {
  test.each([
    ["/downloads", "Show/1.mkv", "/downloads/Show/1.mkv"],
    ["D:\\Torrents", "Show/1.mkv", "D:\\Torrents/Show/1.mkv"],
    ["/downloads", "/elsewhere/Show", "/elsewhere/Show"],
    ["/downloads", "C:\\Show", "C:\\Show"],
  ])("%s and %s: %s", (folder, path, whole) => {
    expect(below(folder, path)).toBe(whole);
  });
});
