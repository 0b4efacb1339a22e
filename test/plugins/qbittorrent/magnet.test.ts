import { describe, expect, test } from "bun:test";
import { parseMagnet } from "../../../plugins/qbittorrent/magnet.ts";
import { AppError } from "../../../src/errors.ts";

const HASH = "2fe0321f2c152629d1e3540c727a72bc26d21bd6";
const V2 = "464652e2857ffd63d685cc7c70c0cb2fa8d512506423440b9733f429e313e0a1";
const LINK = `magnet:?xt=urn:btih:${HASH}`;

test("names the torrent by its hash, whatever the case of the digits", () => {
  expect(parseMagnet(LINK)).toEqual({ hash: HASH, magnet: LINK, name: "" });
  expect(parseMagnet(`MAGNET:?xt=urn:btih:${HASH.toUpperCase()}`)).toEqual({ hash: HASH, magnet: LINK, name: "" });
});

test("base 32 is told as hexadecimal", () => {
  const base32 = "F7QDEHZMCUTCTUPDKQGHE6TSXQTNEG6W";
  expect(parseMagnet(`magnet:?xt=urn:btih:${base32}`)).toMatchObject({ hash: HASH, magnet: LINK });
  expect(parseMagnet(`magnet:?xt=urn:btih:${base32.toLowerCase()}`).hash).toBe(HASH);
  expect(parseMagnet(`magnet:?xt=urn:btih:${"A".repeat(31)}B`).hash).toBe(`${"0".repeat(39)}1`);
});

test("a v2 hash is named by its first 40 digits", () => {
  const magnet = `magnet:?xt=urn:btmh:1220${V2}`;
  expect(parseMagnet(magnet)).toEqual({ hash: V2.slice(0, 40), magnet, name: "" });
});

describe("S16: a magnet is one link, and what goes on is rebuilt", () => {
  test("name and trackers go on, encoded; what could lead elsewhere does not", () => {
    const asked =
      `${LINK}&dn=%5BGroup%5D+Show+-+01+%26+more&xl=5&xs=http%3A%2F%2Fevil%2Fa.torrent&as=http://evil/b&ws=http://evil/c` +
      "&so=0-2&x.pe=10.0.0.1:1&kt=a&mt=http://evil/d&tr=udp%3A%2F%2Ft.example%3A1337%2Fannounce&tr=https://u.example/a?b=c" +
      "&tr=file:///etc/passwd&tr=ftp://x/&tr=nonsense&tr=http://a/%0Aurls%3Dhttp://evil&tr=https://u.example/a?b=c&tr=wss://w.example";
    expect(parseMagnet(asked)).toEqual({
      hash: HASH,
      name: "[Group] Show - 01 & more",
      magnet:
        `${LINK}&dn=%5BGroup%5D%20Show%20-%2001%20%26%20more&tr=udp%3A%2F%2Ft.example%3A1337%2Fannounce` +
        "&tr=https%3A%2F%2Fu.example%2Fa%3Fb%3Dc&tr=wss%3A%2F%2Fw.example",
    });
  });

  test("a name of several lines becomes one, and one in any language stays", () => {
    expect(parseMagnet(`${LINK}&dn=a%0D%0Ahttp://evil%00b`).name).toBe("a http://evil b");
    const { name, magnet } = parseMagnet(`${LINK}&dn=葬送のフリーレン`);
    expect(name).toBe("葬送のフリーレン");
    expect(parseMagnet(magnet)).toEqual({ hash: HASH, magnet, name });
  });

  test("half a character in a name is no trouble", () => {
    expect(parseMagnet(`${LINK}&dn=a\ud83d`).name).toBe("a\ufffd");
    expect(parseMagnet(`${LINK}&dn=a%F0%9F`).name).toBe("a\ufffd");
  });

  test.each([
    ["", "not a magnet"],
    [HASH, "not a magnet"],
    ["http://example.org/a.torrent", "not a magnet"],
    ["file:///etc/passwd", "not a magnet"],
    ["/srv/a.torrent", "not a magnet"],
    [` ${LINK}`, "not a magnet"],
    ["magnet:", "not a magnet"],
    ["magnet:?dn=x", "no hash"],
    ["magnet:?xt.1=urn:btih:nonsense", "not one of BitTorrent's"],
    ["magnet:?xt=urn:btih:", "not one of BitTorrent's"],
    [`magnet:?xt=urn:btih:${HASH}0`, "not one of BitTorrent's"],
    [`magnet:?xt=urn:btih:${HASH.slice(1)}`, "not one of BitTorrent's"],
    [`magnet:?xt=urn:btih:${"1".repeat(32)}`, "not one of BitTorrent's"],
    [`magnet:?xt=urn:btmh:1220${V2.slice(2)}`, "not one of BitTorrent's"],
    [`magnet:?xt=urn:btmh:1114${V2}`, "not one of BitTorrent's"],
    [`magnet:?xt=urn:ed2k:${HASH}`, "not one of BitTorrent's"],
    [`magnet:?xt=x%20urn:btih:${HASH}`, "not one of BitTorrent's"],
    [`${LINK}&xt=urn:btih:${HASH}`, "several hashes"],
    [`${LINK}&xt.2=urn:btih:${HASH}`, "several hashes"],
    [`${LINK}\nhttp://evil/a.torrent`, "more than one"],
    [`${LINK}\r\n`, "more than one"],
    [`${LINK}\0`, "more than one"],
  ])("refuses %j", (text, why) => {
    const problem = problemOf(text);
    expect(problem).toBeInstanceOf(AppError);
    expect(problem).toMatchObject({ status: 422, exitCode: 64 });
    const { message } = problem as Error;
    expect(message).toContain(why);
    // What was submitted is not told again.
    expect(message).not.toContain("evil");
  });

  test("refuses what is longer than 8 KiB, which is not the number of its characters", () => {
    expect(parseMagnet(`${LINK}&dn=${"a".repeat(8000)}`).name).toHaveLength(8000);
    expect(problemOf(`${LINK}&dn=${"a".repeat(8192)}`)).toMatchObject({ status: 422 });
    expect(problemOf(`${LINK}&dn=${"葬".repeat(2800)}`)).toMatchObject({ status: 422 });
  });
});

function problemOf(text: string): unknown {
  try {
    return parseMagnet(text);
  } catch (error) {
    return error;
  }
}
