import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { readTorrentFile } from "../../../plugins/qbittorrent/torrent-file.ts";
import { AppError } from "../../../src/errors.ts";
import { bencode, makeTorrent } from "./torrent.ts";

const bytes = (text: string) => Buffer.from(text);

test.each(["v1", "v2", "hybrid"] as const)("tells the hash and the name of a torrent: %s", (kind) => {
  const torrent = makeTorrent("[Group] 葬送 - 01.mkv", "some data", { kind });
  expect(readTorrentFile(torrent.bytes)).toEqual({ hash: torrent.hash, name: "[Group] 葬送 - 01.mkv" });
});

test("tells that of a folder", () => {
  const torrent = makeTorrent("[Group] Show", { "01.mkv": "one", "Extras/NCOP.mkv": "two" }, { private: true });
  expect(readTorrentFile(torrent.bytes)).toEqual({ hash: torrent.hash, name: "[Group] Show" });
});

test("the name in UTF-8 goes before one in an older encoding", () => {
  const { bytes } = makeTorrent("a.mkv", "data", { info: { "name.utf-8": "葬送.mkv" } });
  expect(readTorrentFile(bytes).name).toBe("葬送.mkv");
});

test("a name that is no UTF-8 is told as far as it is", () => {
  const { bytes } = makeTorrent("a.mkv", "data", { info: { name: Buffer.from([0x61, 0xff, 0x62]) } });
  expect(readTorrentFile(bytes).name).toBe("a\ufffdb");
});

test("the hash is that of the bytes as they stand, though a dictionary out of order could be written better", () => {
  const info = bytes("d4:name1:a12:piece lengthi65536e6:lengthi03ee");
  const file = Buffer.concat([bytes("d8:announce3:udp4:info"), info, bytes("7:comment5:d4:ixe")]);
  expect(readTorrentFile(file)).toEqual({ hash: createHash("sha1").update(info).digest("hex"), name: "a" });
});

test("of two infos the first counts, and what comes after the end does not", () => {
  const torrent = makeTorrent("a.mkv", "data");
  const twice = Buffer.concat([torrent.bytes.subarray(0, -1), bytes("4:infod4:name1:bee"), bytes("\n")]);
  expect(readTorrentFile(twice)).toEqual({ hash: torrent.hash, name: "a.mkv" });
});

describe("S16: what is no .torrent file is refused in a line", () => {
  const whole = makeTorrent("a.mkv", "data").bytes;
  test.each<[string, Uint8Array]>([
    ["nothing", bytes("")],
    ["a web page", bytes("<!DOCTYPE html>")],
    ["a list", bencode([])],
    ["a dictionary without info", bencode({ announce: "udp://x" })],
    ["an info that is none", bencode({ info: "x" })],
    ["an info without a name", bencode({ info: { length: 1 } })],
    ["a name that is none", bencode({ info: { name: 1 } })],
    ["half a file", whole.subarray(0, whole.length / 2)],
    ["a file without its end", whole.subarray(0, -1)],
    ["a string that is longer than the file", bytes("d4:info99999999999:x")],
    ["a string of a length beyond numbers", bytes(`d${"9".repeat(400)}:x`)],
    ["a string of a negative length", bytes("d-1:xe")],
    ["a number without an end", bytes(`d4:infod1:ai${"1".repeat(100)}`)],
    ["a key without a value", bytes("d4:infod4:namee")],
    ["a dictionary that is closed too early", bytes("d4:infoee")],
    ["a million lists in each other", bytes(`d4:info${"l".repeat(1_000_000)}${"e".repeat(1_000_000)}e`)],
  ])("%s", (_, file) => {
    let problem: unknown;
    try {
      readTorrentFile(file);
    } catch (error) {
      problem = error;
    }
    expect(problem).toBeInstanceOf(AppError);
    expect(problem).toMatchObject({ status: 422, message: expect.stringContaining("not a .torrent file") });
  });

  test("a file that is cut anywhere never does more than that", () => {
    for (let end = 0; end < whole.length; end++) {
      expect(() => readTorrentFile(whole.subarray(0, end))).toThrow("not a .torrent file");
    }
  });
});
