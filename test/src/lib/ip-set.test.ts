import { describe, expect, test } from "bun:test";
import { canonicalIp, ipNeighbourhood, ipSet, isLoopback } from "../../../src/lib/ip-set.ts";

describe("canonicalIp", () => {
  test.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["::FFFF:c000:201", "192.0.2.1"],
    ["2001:DB8:0:0::1", "2001:db8::1"],
    ["fe80::1%eth0", "fe80::1"],
    ["::1", "::1"],
  ])("%s is %s", (text, address) => {
    expect(canonicalIp(text)).toBe(address);
  });

  test.each([
    "",
    "localhost",
    "1.2.3",
    "0x7f.1",
    "1.2.3.4.5",
    "256.1.1.1",
    "10.0.0.0/8",
    "[::1]",
    "1.2.3.4:80",
    "garbage",
  ])("%p is no address", (text) => {
    expect(canonicalIp(text)).toBeNull();
  });
});

describe("ipSet", () => {
  test.each([
    [["10.0.0.0/8"], "10.255.0.1", true],
    [["10.0.0.0/8"], "11.0.0.1", false],
    [["192.0.2.7"], "192.0.2.7", true],
    [["192.0.2.7"], "192.0.2.8", false],
    [["2001:db8::/32"], "2001:db8:1::5", true],
    [["2001:db8::/32"], "2001:db9::5", false],
    [["0.0.0.0/0"], "2001:db8::1", false],
    [["::/0"], "192.0.2.1", false],
    [["::ffff:10.0.0.0/104"], "10.1.2.3", true],
    [["198.51.100.1", "10.0.0.0/8"], "10.1.2.3", true],
    [[], "10.1.2.3", false],
  ] as const)("%p holds %s: %p", (ranges, address, held) => {
    expect(ipSet(ranges)(address)).toBe(held);
  });

  test("does not hold what is no address", () => {
    expect(ipSet(["0.0.0.0/0", "::/0"])("unknown")).toBe(false);
  });
});

test("an IPv6 customer is one /64, an IPv4 customer one address", () => {
  expect(ipNeighbourhood("2001:db8:1:2:3:4:5:6")).toBe(ipNeighbourhood("2001:db8:1:2::1"));
  expect(ipNeighbourhood("2001:db8:1:2::1")).not.toBe(ipNeighbourhood("2001:db8:1:3::1"));
  expect(ipNeighbourhood("192.0.2.1")).not.toBe(ipNeighbourhood("192.0.2.2"));
});

test("only this machine's own addresses are loopback", () => {
  expect(["127.0.0.1", "127.8.9.10", "::1"].every(isLoopback)).toBe(true);
  expect(["unknown", "128.0.0.1", "::2", "127.0.0.1.example.org", "192.168.0.1"].some(isLoopback)).toBe(false);
});
