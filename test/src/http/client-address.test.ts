import { describe, expect, test } from "bun:test";
import { clientAddress } from "../../../src/http/client-address.ts";
import { ipSet } from "../../../src/lib/ip-set.ts";

const trusted = ipSet(["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"]);

describe("S30 the client's address", () => {
  test.each([
    ["203.0.113.9", "192.0.2.1", "203.0.113.9", "a stranger's header is not read"],
    ["127.0.0.1", null, "127.0.0.1", "without the header the peer counts"],
    ["127.0.0.1", "192.0.2.1", "192.0.2.1", "a trusted proxy is believed"],
    ["127.0.0.1", "198.51.100.1, 192.0.2.1", "192.0.2.1", "the right-most hop that is not trusted counts"],
    ["127.0.0.1", "192.0.2.1, 10.0.0.5, 10.0.0.6", "192.0.2.1", "a chain of trusted proxies is followed"],
    ["127.0.0.1", "10.0.0.5, 10.0.0.6", "10.0.0.5", "where all are trusted the first is the client"],
    ["127.0.0.1", "::ffff:192.0.2.1", "192.0.2.1", "a mapped address is the address"],
    ["127.0.0.1", " 2001:DB9::1 ", "2001:db9::1", "spaces and capitals do not matter"],
    ["127.0.0.1", "garbage", "127.0.0.1", "what is malformed says nothing"],
    ["127.0.0.1", "192.0.2.1, ", "127.0.0.1", "an empty hop is malformed"],
    ["127.0.0.1", "garbage, 192.0.2.1", "192.0.2.1", "what stands left of the client is not read"],
    ["127.0.0.1", Array(1000).fill("192.0.2.1").join(","), "127.0.0.1", "a thousand hops are no chain of proxies"],
  ])("from %s with %p is %s: %s", (peer, header, address) => {
    expect(clientAddress(peer, header, trusted)).toBe(address);
  });
});
