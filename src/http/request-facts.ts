/** What the server knows about a request beside what it says: kept out of Elysia's context, so that any layer can ask. */
import { isLoopback } from "../lib/ip-set.ts";

export interface RequestFacts {
  /** Stands in `X-Request-Id` and in every line of the log about this request. */
  id: string;
  /** The client's address behind trusted proxies, in canonical spelling; `unknown` when there is no socket. */
  address: string;
  /** Whether it comes from this machine itself: a loopback peer that sent no forwarding header. */
  direct: boolean;
  /** `performance.now()` when it arrived. */
  startedAt: number;
  /** The pattern of its route (`/api/library/:id`), as far as one was found. */
  route: string;
}

const known = new WeakMap<Request, RequestFacts>();
const NOBODY: RequestFacts = { id: "-", address: "unknown", direct: false, startedAt: 0, route: "unmatched" };

export const rememberFacts = (request: Request, facts: RequestFacts): RequestFacts => {
  known.set(request, facts);
  return facts;
};

/** Of a request that did not come through the server nothing is known, and so nothing is allowed for it. */
export const factsOf = (request: Request): RequestFacts => known.get(request) ?? NOBODY;

/** Headers by which proxies say that they speak for somebody else. */
const FORWARDING = [
  "x-forwarded-for",
  "x-real-ip",
  "forwarded",
  "via",
  "x-forwarded-host",
  "x-forwarded-proto",
  "cf-connecting-ip",
  "true-client-ip",
  "x-client-ip",
];

/**
 * Whether a request comes from this machine itself. A proxy on this machine is a loopback peer as well, so that any
 * header of a proxy counts as "from elsewhere", whatever it says.
 * @param peer the canonical address of the other end of the socket
 */
export const isDirect = (peer: string, headers: Headers): boolean =>
  isLoopback(peer) && !FORWARDING.some((name) => headers.has(name));
