import { expect, test } from "bun:test";
import type { NetworkInterfaceInfo } from "node:os";
import { localUrl, otherUrls, parseBindAddress } from "../../../src/lib/bind-address.ts";

test("host and port are told apart, IPv6 in brackets", () => {
  expect(parseBindAddress("0.0.0.0:3000")).toEqual({ hostname: "0.0.0.0", port: 3000 });
  expect(parseBindAddress("[::]:80")).toEqual({ hostname: "::", port: 80 });
  expect(parseBindAddress("[fe80::1%eth0]:0")).toEqual({ hostname: "fe80::1%eth0", port: 0 });
  expect(parseBindAddress("nas:65535")).toEqual({ hostname: "nas", port: 65_535 });
  expect(parseBindAddress("media.home.arpa:1")).toEqual({ hostname: "media.home.arpa", port: 1 });
});

for (const text of [
  "",
  "3000",
  ":3000",
  "localhost",
  "localhost:",
  "localhost:65536",
  "localhost:-1",
  "localhost:3000 ",
  "localhost:0x50",
  "::1:3000",
  "[::1]",
  "[::1]3000",
  "[localhost]:3000",
  "[]:3000",
  "256.0.0.1:3000",
  "1.2.3:3000",
  "*:3000",
  "-a:3000",
  "a..b:3000",
  "http://localhost:3000",
  "a b:3000",
]) {
  test(`${JSON.stringify(text)} is no address`, () => {
    expect(parseBindAddress(text)).toBeNull();
  });
}

test("a wildcard is reached over loopback, anything else as it is", () => {
  expect(localUrl("0.0.0.0:3000")).toBe("http://127.0.0.1:3000");
  expect(localUrl("[::]:3000")).toBe("http://[::1]:3000");
  expect(localUrl("[fd00::2]:3000")).toBe("http://[fd00::2]:3000");
  expect(localUrl("nas:80")).toBe("http://nas:80");
});

test("a wildcard is reached from other machines under this one's own addresses, anything else is not", () => {
  const card = { address: "192.168.1.5", family: "IPv4", internal: false } as NetworkInterfaceInfo;
  const interfaces = {
    lo: [{ ...card, address: "127.0.0.1", internal: true }],
    eth0: [card, { ...card, address: "fe80::1", family: "IPv6", scopeid: 2 } as NetworkInterfaceInfo],
  };
  expect(otherUrls("0.0.0.0:0", "http://127.0.0.1:41234", interfaces)).toEqual(["http://192.168.1.5:41234"]);
  expect(otherUrls("127.0.0.1:3000", "http://127.0.0.1:3000", interfaces)).toEqual([]);
});
