import { expect, test } from "bun:test";
import { localUrl, parseBindAddress } from "../../../src/lib/bind-address.ts";

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
