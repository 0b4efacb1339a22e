import { isIP, isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";

/** Where a server listens; `hostname` is bare, without the brackets that an IPv6 address wears beside a port. */
export interface BindAddress {
  hostname: string;
  /** 0 lets the system choose a free one. */
  port: number;
}

const HOSTNAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;
const LOOKS_LIKE_IPV4 = /^[\d.]+$/;

/**
 * Parses `host:port`, with an IPv6 host in brackets (RFC 3986, section 3.2.2).
 * @returns null when the text is not an address
 * @example parseBindAddress("[::1]:3000") // { hostname: "::1", port: 3000 }
 */
export function parseBindAddress(text: string): BindAddress | null {
  const [, bracketed, plain, digits] = /^(?:\[([^[\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) return null;
  if (bracketed !== undefined) return isIPv6(bracketed) ? { hostname: bracketed, port } : null;
  if (plain === undefined) return null;
  // `256.0.0.1` would pass as a host name and then be asked of the DNS.
  const valid = LOOKS_LIKE_IPV4.test(plain) ? isIP(plain) === 4 : HOSTNAME.test(plain);
  return valid ? { hostname: plain, port } : null;
}

/** The address under which this machine reaches a server bound there; a wildcard is reached over loopback. */
export function localUrl(bind: string): string {
  const { hostname, port } = parseBindAddress(bind) ?? { hostname: bind, port: 80 };
  const host = { "0.0.0.0": "127.0.0.1", "::": "::1" }[hostname] ?? hostname;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/**
 * Where other machines reach a server that is bound to every address: this machine's own IPv4 addresses.
 * @param url where this machine reaches it, with the port that it really has
 */
export function otherUrls(bind: string, url: string, interfaces = networkInterfaces()): string[] {
  const { hostname } = parseBindAddress(bind) ?? {};
  if (hostname !== "0.0.0.0" && hostname !== "::") return [];
  const addresses = Object.values(interfaces).flatMap((found) => found ?? []);
  const { port } = new URL(url);
  return addresses
    .filter(({ internal, family }) => !internal && family === "IPv4")
    .map(({ address }) => `http://${address}:${port}`);
}
