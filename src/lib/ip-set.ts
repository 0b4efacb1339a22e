import ipaddr from "ipaddr.js";
import { isIpRange } from "./ip-range.ts";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * An address in its one spelling: `::ffff:1.2.3.4` is `1.2.3.4`, a zone (`%eth0`) is dropped.
 * @returns null when the text is not an address
 */
export function canonicalIp(text: string): string | null {
  const bare = text.replace(/%.*$/, "");
  if (bare.includes("/") || !isIpRange(bare)) return null;
  return ipaddr.process(bare).toString();
}

/**
 * What one household is limited by: an IPv4 address itself, of an IPv6 address its /64, which a provider gives to a
 * single customer, who may use any of its 2^64 addresses.
 * @param address as {@link canonicalIp} returns it
 */
export const ipNeighbourhood = (address: string): string =>
  address.includes(":") ? `${ipaddr.IPv6.parse(address).parts.slice(0, 4).join(":")}::/64` : address;

/** Whether the address is this machine's own: 127.0.0.0/8 or ::1. */
export const isLoopback = (address: string): boolean => address === "::1" || /^127\.\d+\.\d+\.\d+$/.test(address);

/**
 * A set of addresses and CIDR ranges.
 * @param ranges texts that {@link isIpRange} accepts
 * @returns whether an address, as {@link canonicalIp} returns it, is in the set
 * @example ipSet(["10.0.0.0/8", "::1"])("10.1.2.3") // true
 */
export function ipSet(ranges: readonly string[]): (address: string) => boolean {
  const parsed = ranges.map(parseRange);
  if (parsed.length === 0) return () => false;
  return (text) => {
    if (!ipaddr.isValid(text)) return false;
    const address: Address = ipaddr.parse(text);
    return parsed.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits));
  };
}

function parseRange(text: string): [base: Address, bits: number] {
  const [base, bits]: [Address, number] = text.includes("/")
    ? ipaddr.parseCIDR(text)
    : ((address) => [address, address.kind() === "ipv4" ? 32 : 128] as [Address, number])(ipaddr.parse(text));
  // ::ffff:10.0.0.0/104 and 10.0.0.0/8 are one network.
  const mapped = base instanceof ipaddr.IPv6 && base.isIPv4MappedAddress() && bits >= 96;
  return mapped ? [base.toIPv4Address(), bits - 96] : [base, bits];
}
