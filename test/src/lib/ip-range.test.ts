import { expect, test } from "bun:test";
import { isIpRange } from "../../../src/lib/ip-range.ts";

test("addresses and CIDR ranges of both families", () => {
  for (const text of ["10.0.0.7", "10.0.0.0/8", "0.0.0.0/0", "::1", "fd00::/8", "::ffff:10.0.0.1", "2001:db8::1/128"]) {
    expect([text, isIpRange(text)]).toEqual([text, true]);
  }
});

test("nothing else, not even what inet_aton takes", () => {
  for (const text of [
    "",
    "router",
    "10.0.0",
    "10.0.0.256",
    "0x7f.1",
    "10.0.0.0/33",
    "fd00::/129",
    "10.0.0.0/",
    "::g",
    "*",
  ]) {
    expect([text, isIpRange(text)]).toEqual([text, false]);
  }
});
