import { canonicalIp } from "../lib/ip-set.ts";

/** A longer chain of proxies is not one: nothing is read from it. */
const MAX_HOPS = 32;

/**
 * The address a request is counted for: the other end of the socket or, when that is a trusted proxy, the right-most hop
 * of `X-Forwarded-For` that is not one. Everything left of that hop is what the caller wrote, and anybody can write
 * anything. A malformed header says nothing, so the peer counts.
 * @param peer canonical address of the other end of the socket
 * @param forwardedFor the header as it came; several of them joined by commas
 * @param isTrusted from `server.trusted_proxies`
 */
export function clientAddress(
  peer: string,
  forwardedFor: string | null,
  isTrusted: (address: string) => boolean,
): string {
  if (forwardedFor === null || !isTrusted(peer)) return peer;
  const hops = forwardedFor.split(",", MAX_HOPS + 1);
  if (hops.length > MAX_HOPS) return peer;
  let client = peer;
  for (const text of hops.reverse()) {
    const hop = canonicalIp(text.trim());
    if (hop === null) return peer;
    client = hop;
    if (!isTrusted(hop)) break;
  }
  return client;
}
